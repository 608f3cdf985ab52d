import { z } from "zod";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { isSlashable, type OperationPool } from "../consensus/operationPool.ts";
import { DevnetError } from "../errors/devnetError.ts";
import type { JsonRpcClient } from "../execution/jsonRpcClient.ts";
import { addressSchema } from "../options/devnetOptions.ts";
import { sendForeignDeposits } from "./depositQueue.ts";
import type { FaultState } from "./faultState.ts";
import { attesterSlashing, proposerSlashing } from "./slashings.ts";

export interface FaultParts {
  faults: FaultState;
  pool: OperationPool;
  rpc: JsonRpcClient;
  chainId: number;
  genesisForkVersion: string;
  state(): DevnetState;
}

const indicesSchema = z.array(z.int().min(0)).max(1_000_000);
const countSchema = z.int().min(1).max(10_000);

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new DevnetError("invalid-fault", `that fault is not possible: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What can be made to go wrong. Everything takes effect from the next slot on. */
export class Faults {
  readonly #parts: FaultParts;

  constructor(parts: FaultParts) {
    this.#parts = parts;
  }

  /** Indices of validators that neither attest, sync nor propose. */
  get offline(): number[] {
    return [...this.#parts.faults.offline].sort((a, b) => a - b);
  }

  /** Takes validators offline or brings them back. @throws DevnetError `invalid-fault` for unknown indices */
  setOffline(indices: number[], offline: boolean): void {
    const known = this.#parts.state().validators.length;
    for (const index of check(indicesSchema, indices)) {
      if (index >= known)
        throw new DevnetError("invalid-fault", `there is no validator ${index}: there are ${known}`);
    }
    for (const index of indices) {
      if (offline) this.#parts.faults.offline.add(index);
      else this.#parts.faults.offline.delete(index);
    }
  }

  /** Takes 40 % of the genesis validators offline, spread evenly: finality stops, and after four epochs the leak begins. */
  startInactivityLeak(): void {
    const { length } = this.#parts.state().validators;
    this.setOffline(
      Array.from({ length }, (_, index) => index).filter((index) => index % 5 < 2),
      true,
    );
  }

  /** Brings everybody back online. */
  endInactivityLeak(): void {
    this.#parts.faults.offline.clear();
  }

  /** The next block carries a slashing for two headers of one slot. */
  slashProposer(index: number): void {
    this.#parts.pool.proposerSlashings.push(proposerSlashing(this.#slashable(index), index));
  }

  /** The next block carries a slashing for a double vote. */
  slashAttester(index: number): void {
    this.#parts.pool.attesterSlashings.push(attesterSlashing(this.#slashable(index), index));
  }

  /** The next `count` slots have no block. */
  missSlots(count: number): void {
    this.#parts.faults.missedSlotsLeft += check(countSchema, count);
  }

  /** Sends `count` (1 to 10,000) foreign deposits of 32 ETH; they enter the queue with the next blocks, about 500 each. */
  async fillDepositQueue(count: number): Promise<void> {
    const { rpc, chainId, genesisForkVersion } = this.#parts;
    await sendForeignDeposits(rpc, chainId, genesisForkVersion, check(countSchema, count));
  }

  /** The next block has this fee recipient and transfers exactly `wei` to it, as a block builder pays a proposer. */
  payExecutionReward(wei: bigint, feeRecipient: string): void {
    const recipient = check(addressSchema, feeRecipient);
    if (wei < 0n) throw new DevnetError("invalid-fault", "a reward cannot be negative");
    this.#parts.faults.rewards.push({ wei, feeRecipient: recipient });
  }

  #slashable(index: number): DevnetState {
    const state = this.#parts.state();
    if (!isSlashable(state, index)) {
      throw new DevnetError(
        "invalid-fault",
        `validator ${index} cannot be slashed: not active, already slashed or unknown`,
      );
    }
    return state;
  }
}
