import { createValidatorKey } from "@cairn/devnet";
import { validatorManagerAbi } from "@cairn/protocol";
import { formatEther, type Hex, parseEther } from "viem";
import { joinRegistry, postBond, predepositKeys, pubkeyRootOf } from "../stack/operator.ts";
import { sentenceOf } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import type { Person } from "../stack/wallets.ts";

const MEMBER = 3;
const TARGET_GWEI = 2_048_000_000_000n;
/** 4 % of 1,024 ETH and 2 % of the rest, with something to spare for idle hours. */
const BOND = parseEther("64");

/** One operator with one key: puts up its bond and predeposits; its ticket is drawn when the key is proven. */
export class Operator {
  readonly #stack: Stack;
  readonly #person: Person;
  readonly #tell: (text: string) => void;
  readonly #pubkey: Hex;

  constructor(stack: Stack, person: Person, tell: (text: string) => void) {
    this.#stack = stack;
    this.#person = person;
    this.#tell = tell;
    this.#pubkey = createValidatorKey(`start ${person}`).pubkey;
  }

  /** The next step of this operator, if there is one now. */
  async act(): Promise<void> {
    const record = await this.#stack.client.readContract({
      address: this.#stack.addresses.validatorManager,
      abi: validatorManagerAbi,
      functionName: "validator",
      args: [pubkeyRootOf(this.#pubkey)],
    });
    // what an operator configures in its validator client: tips and MEV go to the pool's vault
    if (record.status === MEMBER) {
      this.#stack.devnet.setFeeRecipient(record.index, this.#stack.addresses.executionRewardsVault);
    }
    try {
      if (record.status === 0) await this.#begin();
    } catch (error) {
      this.#tell(sentenceOf(error));
    }
  }

  async #begin(): Promise<void> {
    const { id } = await joinRegistry(this.#stack, this.#person);
    await postBond(this.#stack, this.#person, id, BOND);
    await predepositKeys(this.#stack, this.#person, id, [`start ${this.#person}`], TARGET_GWEI);
    this.#tell(
      `${this.#person} joined as operator ${id}, put up ${formatEther(BOND)} ETH of bond and predeposited a key`,
    );
  }
}
