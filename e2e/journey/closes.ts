import { checkpointsAbi } from "@cairn/protocol";
import { formatGwei } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Lockstep } from "../stack/lockstep.ts";
import type { Stack } from "../stack/stack.ts";
import { feeTruth } from "./feeTruth.ts";
import { type Rebased, rebaseTruth } from "./rebaseTruth.ts";
import type { Report } from "./report.ts";

/** A checkpoint the keeper closed, and what of the pool was in flight at its state, by that state. */
export interface Closed {
  readonly args: Rebased;
  readonly blockNumber: bigint;
  readonly inFlightGwei: bigint;
}

/** Closes looked at before one is as wanted: whoever waits longer waits for ever. */
const MOST_TRIES = 3;

/** Every close of the journey, one after the other, each checked against both layers. */
export class Closes {
  readonly #stack: Stack;
  readonly #step: Lockstep;
  readonly #report: Report;
  #seen = 0n;

  constructor(stack: Stack, step: Lockstep, report: Report) {
    this.#stack = stack;
    this.#step = step;
    this.#report = report;
  }

  /** The first close not yet looked at that is as wanted. @throws E2eError when the next few are not */
  async next(isWanted: (closed: Closed) => boolean | Promise<boolean>): Promise<Closed> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const closed = await this.#checked();
      if (await isWanted(closed)) return closed;
    }
    throw new E2eError(`none of ${MOST_TRIES} checkpoints was as it had to be`);
  }

  async #checked(): Promise<Closed> {
    const stack = this.#stack;
    const log = (await this.#unseen()) ?? (await this.#wait());
    this.#seen = log.args.checkpoint;
    const receipt = await stack.client.getTransactionReceipt({ hash: log.transactionHash });
    const { checkpoint, slot } = log.args;
    this.#report.at(stack, receipt, `checkpoint ${checkpoint} closed for the state of slot ${slot}`);
    const { rows, inFlightGwei } = await rebaseTruth(stack, log.args);
    this.#report.note(`${formatGwei(inFlightGwei)} ETH of the pool were in flight at that state`);
    await this.#report.truth(stack, [...rows, ...(await feeTruth(stack, log))]);
    return { args: log.args, blockNumber: log.blockNumber, inFlightGwei };
  }

  async #wait() {
    await this.#step.untilDueIn(this.#stack, 0n);
    return this.#step.until("the keeper closes a checkpoint", () => this.#unseen());
  }

  async #unseen() {
    const { client, addresses } = this.#stack;
    const logs = await client.getContractEvents({
      address: addresses.checkpoints,
      abi: checkpointsAbi,
      eventName: "Rebased",
      fromBlock: BigInt(addresses.deployedAtBlock),
      strict: true,
    });
    return logs.find(({ args }) => args.checkpoint > this.#seen);
  }
}
