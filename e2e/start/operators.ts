import { createValidatorKey } from "@cairn/devnet";
import { validatorManagerAbi } from "@cairn/protocol";
import type { Hex } from "viem";
import { joinRegistry, predepositKeys, pubkeyRootOf, requestFunding } from "../stack/operator.ts";
import { sentenceOf } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import type { Person } from "../stack/wallets.ts";

const ELIGIBLE = 2;
const MEMBER = 3;
const TARGET_GWEI = 2_048_000_000_000n;
const FILLED_GWEI = 1_800_000_000_000n;

/** One operator with one key at a time: predeposits, and asks for pool ether once the key is proven. */
export class Operator {
  readonly #stack: Stack;
  readonly #person: Person;
  readonly #tell: (text: string) => void;
  readonly #pubkey: Hex;
  #id: number | undefined;
  #asked = false;

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
    this.#id = record.operatorId || this.#id;
    // what an operator configures in its validator client: tips and MEV go to the pool's vault
    if (record.status === MEMBER) {
      this.#stack.devnet.setFeeRecipient(record.index, this.#stack.addresses.executionRewardsVault);
    }
    try {
      if (record.status === 0) await this.#begin();
      else await this.#ask(record.status, record.principalGwei);
    } catch (error) {
      this.#tell(sentenceOf(error));
    }
  }

  async #begin(): Promise<void> {
    const { id } = await joinRegistry(this.#stack, this.#person);
    this.#id = id;
    await predepositKeys(this.#stack, this.#person, id, [`start ${this.#person}`]);
    this.#tell(`${this.#person} joined as operator ${id} and predeposited a key`);
  }

  async #ask(status: number, principalGwei: bigint): Promise<void> {
    const waiting = status === ELIGIBLE || (status === MEMBER && principalGwei < FILLED_GWEI);
    if (!waiting || this.#asked || this.#id === undefined) return;
    // set first: after a restart the ticket may be open already, and the refusal says so once
    this.#asked = true;
    await requestFunding(this.#stack, this.#person, this.#id, this.#pubkey, TARGET_GWEI);
    this.#tell(`${this.#person} asked for pool ether for its validator`);
  }
}
