import type { PoolDeposit } from "@cairn/beacon";
import type {
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  validatorManagerAbi,
} from "@cairn/protocol";
import type { ContractEventName, Hex, ParseEventLogsReturnType } from "viem";
import type { Snapshot } from "./snapshot.ts";

type Abi = [
  ...typeof validatorManagerAbi,
  ...typeof checkpointsAbi,
  ...typeof depositsInFlightAbi,
  ...typeof beaconProofsAbi,
];
/** What the keeper reads of the stack's logs. */
export type StackLog = ParseEventLogsReturnType<Abi, ContractEventName<Abi>, true>[number];

/**
 * The pool's deposits as events tell them: made, landed, shown and passed at checkpoints; and the newest opened checkpoint.
 * A copy can be led on by logs that may still be undone.
 */
export class InFlightBook {
  /** Frozen values of the newest opened checkpoint, if any. */
  snapshot: Snapshot | undefined;
  /** Deposits before the first that is in flight, those on the short list aside. */
  landed = 0;
  /** Id of the close that said so. */
  #settled = 0n;
  readonly #deposits: Omit<PoolDeposit, "validatorIndex">[];
  readonly #indices: Map<Hex, number>;
  /** By a deposit's number the newest checkpoint at which it was shown pending, or passed for not being shown. */
  readonly #shownAt: Map<number, bigint>;
  readonly #passedAt: Map<number, bigint>;

  constructor(from?: InFlightBook) {
    this.snapshot = from?.snapshot;
    this.landed = from?.landed ?? 0;
    this.#settled = from ? from.#settled : 0n;
    this.#deposits = [...(from ? from.#deposits : [])];
    this.#indices = new Map(from ? from.#indices : []);
    this.#shownAt = new Map(from ? from.#shownAt : []);
    this.#passedAt = new Map(from ? from.#passedAt : []);
  }

  add(log: StackLog): void {
    switch (log.eventName) {
      case "MemberAdded":
        this.#indices.set(log.args.pubkeyRoot, log.args.index);
        break;
      case "DepositInFlight": {
        const { deposit: number, pubkeyRoot, amountGwei, slot } = log.args;
        this.#deposits.push({ number, pubkeyRoot, amountGwei, slot });
        break;
      }
      case "DepositShownPending":
        this.#shownAt.set(log.args.deposit, log.args.checkpoint);
        break;
      case "DepositPassedAbsent":
        this.#passedAt.set(log.args.deposit, log.args.checkpoint);
        break;
      case "DepositsLanded":
        this.landed = log.args.landed;
        this.#settled = log.args.checkpoint;
        break;
      case "CheckpointOpened":
        this.snapshot = log.args.snapshot;
        break;
    }
  }

  /** Deposits after number `after`, up to number `last`, in order. */
  between(after: number, last: number): PoolDeposit[] {
    return this.#deposits.slice(after, last).map((deposit) => this.#placed(deposit));
  }

  /** Numbers of those that were shown pending at this checkpoint. */
  shownAt(checkpoint: bigint): Set<number> {
    const shown = [...this.#shownAt].filter(([, at]) => at === checkpoint);
    return new Set(shown.map(([number]) => number));
  }

  /** Those before the pointer that were shown at the last close, or since at one that was given up: the short list is of them. */
  maybeShort(): PoolDeposit[] {
    return this.#some(
      ({ number }) => number <= this.landed && (this.#shownAt.get(number) ?? -1n) >= this.#settled,
    );
  }

  /** Those that were passed as absent at this checkpoint. */
  passed(checkpoint: bigint): PoolDeposit[] {
    return this.#some(({ number }) => this.#passedAt.get(number) === checkpoint);
  }

  #some(isMeant: (deposit: { readonly number: number }) => boolean): PoolDeposit[] {
    return this.#deposits.filter(isMeant).map((deposit) => this.#placed(deposit));
  }

  #placed(deposit: Omit<PoolDeposit, "validatorIndex">): PoolDeposit {
    // only members get deposits, and joining is an event
    return { ...deposit, validatorIndex: this.#indices.get(deposit.pubkeyRoot) as number };
  }
}
