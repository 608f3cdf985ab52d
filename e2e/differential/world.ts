import { openState } from "@cairn/beacon";
import {
  checkpointsAbi,
  depositsInFlightAbi,
  operatorRegistryAbi,
  penaltiesAbi,
  stakedEtherAbi,
  validatorManagerAbi,
  withdrawalQueueAbi,
  withdrawalsAbi,
} from "@cairn/protocol";
import { BaseError, type Hex, type TransactionReceipt } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import { type Call, sentenceOf } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { type Person, walletOf } from "../stack/wallets.ts";
import { Random } from "./random.ts";

/** Above what any call here takes; estimates would have to be asked for each. */
const GAS = 14_000_000n;

/** A key of the pool, from its predeposit on. */
export interface PoolKey {
  readonly person: Person;
  readonly operatorId: number;
  readonly seed: string;
  readonly pubkey: Hex;
  readonly root: Hex;
}

/** The stack on a chain that stands still between calls: each call gets a block of its own. */
export class World {
  readonly stack: Stack;
  readonly random: Random;
  /** What was done how often, what was refused, and why. */
  readonly counts = new Map<string, number>();
  readonly keys: PoolKey[] = [];
  /** Number of the newest deposit known to be applied. */
  landedThrough = 0;

  constructor(stack: Stack, seed: number) {
    this.stack = stack;
    this.random = new Random(seed);
  }

  get at() {
    const { addresses } = this.stack;
    return {
      token: { address: addresses.stakedEther, abi: stakedEtherAbi },
      queue: { address: addresses.withdrawalQueue, abi: withdrawalQueueAbi },
      manager: { address: addresses.validatorManager, abi: validatorManagerAbi },
      registry: { address: addresses.operatorRegistry, abi: operatorRegistryAbi },
      withdrawals: { address: addresses.withdrawals, abi: withdrawalsAbi },
      penalties: { address: addresses.penalties, abi: penaltiesAbi },
      checkpoints: { address: addresses.checkpoints, abi: checkpointsAbi },
      line: { address: addresses.depositsInFlight, abi: depositsInFlightAbi },
    } as const;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Sends a call that must succeed, in the next block. */
  async act(person: Person, call: Call): Promise<TransactionReceipt> {
    const hash = await this.submit(person, call);
    await this.stack.devnet.advance(1);
    return this.receipt(call.functionName, hash);
  }

  /** The same, where the contract may say no: then nothing is sent, and the reason is counted. */
  async tryTo(person: Person, call: Call): Promise<TransactionReceipt | undefined> {
    try {
      await this.stack.client.simulateContract({
        ...call,
        account: walletOf(this.stack.chain, person).account,
      } as never);
    } catch (error) {
      if (!(error instanceof BaseError)) throw error;
      this.count(
        `refused ${call.functionName}: ${sentenceOf(error).replaceAll(/[0-9][0-9.,:TZ-]*|0x[0-9a-f]+/g, "#")}`,
      );
      return undefined;
    }
    this.count(call.functionName);
    return this.act(person, call);
  }

  /** Into the pool of transactions; a block must follow. */
  submit(person: Person, call: Call): Promise<Hex> {
    const wallet = walletOf(this.stack.chain, person);
    return wallet.writeContract({
      ...call,
      gas: GAS,
      maxFeePerGas: 10n ** 12n,
      maxPriorityFeePerGas: 1n,
    } as never);
  }

  async receipt(what: string, hash: Hex): Promise<TransactionReceipt> {
    const receipt = await this.stack.client.getTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new E2eError(`${what} reverted in ${hash}`);
    return receipt;
  }

  /** The newest state that can be proven: the parent of the newest block. */
  async provable() {
    const block = await this.stack.client.getBlock();
    const state = await this.stateAtRoot(block.parentBeaconBlockRoot as Hex);
    return { state, timestamp: block.timestamp };
  }

  async stateAtRoot(root: Hex) {
    const { beacon, spec } = this.stack;
    const { header } = await beacon.getHeader(root);
    return openState({ preset: spec.preset, ...(await beacon.getState(header.stateRoot)) });
  }

  record(key: PoolKey) {
    return this.stack.client.readContract({
      ...this.at.manager,
      functionName: "validator",
      args: [key.root],
    });
  }

  poolEther() {
    return this.stack.client.readContract({ ...this.at.token, functionName: "getTotalPooledEther" });
  }
}
