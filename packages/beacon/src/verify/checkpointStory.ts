import type { ContractEventName, Hex, ParseEventLogsReturnType } from "viem";
import type { PoolDeposit } from "../proofs/inFlightPlan.ts";
import type { checkpointEventsAbi } from "./checkpointEvents.ts";
import type { CheckpointFacts, CheckpointSnapshot, Member } from "./checkpointFacts.ts";

type Abi = typeof checkpointEventsAbi;
type StoryLog = ParseEventLogsReturnType<Abi, ContractEventName<Abi>, true>[number];
type ArgsOf<Name extends StoryLog["eventName"]> = Extract<StoryLog, { eventName: Name }>["args"];

type ProofEvent = "CheckpointStateProven" | "CheckpointBatchProven" | "DepositShownPending";

/** What events alone tell of a closed checkpoint. */
export interface ToldCheckpoint {
  readonly facts: Omit<
    CheckpointFacts,
    "openBlock" | "previousSnapshotTime" | "maxRebaseBpsPerDay" | "withdrawalCredentials"
  >;
  /**
   * Shown in the list, and before the pointer that the close left. Those the contract held on the short list were in flight;
   * what else was shown only looks like one that had landed. `facts.inFlight` has neither.
   */
  readonly maybeShort: readonly number[];
  /** Undefined for the first close. */
  readonly previousSnapshotTime: number | undefined;
  readonly openedIn: bigint;
  readonly closedIn: bigint;
}

interface Opened {
  readonly snapshot: CheckpointSnapshot;
  readonly block: bigint;
  /** As they were at the open. */
  readonly members: readonly Member[];
  readonly depositCount: number;
  readonly previousSnapshotTime: number | undefined;
  state?: CheckpointFacts["state"];
  walk?: CheckpointFacts["walk"];
  readonly shown: number[];
}

interface Closed {
  readonly booking: ArgsOf<"Rebased">;
  readonly block: bigint;
}

/** Folds the stack's events, in the chain's order, into what each checkpoint was about and what it booked. */
export class CheckpointStory {
  readonly #members = new Map<Hex, number>();
  /** Of everybody who ever was a member: deposits name keys only. */
  readonly #indices = new Map<Hex, number>();
  readonly #deposits: Omit<PoolDeposit, "validatorIndex">[] = [];
  readonly #opened = new Map<bigint, Opened>();
  readonly #closed = new Map<bigint, Closed>();
  /** Pointer after each close that moved it. */
  readonly #landed = new Map<bigint, number>();
  #lastClosedAt: number | undefined;

  isClosed(id: bigint): boolean {
    return this.#closed.has(id);
  }

  add(log: StoryLog): void {
    switch (log.eventName) {
      case "MemberAdded":
        this.#members.set(log.args.pubkeyRoot, log.args.index);
        this.#indices.set(log.args.pubkeyRoot, log.args.index);
        break;
      case "MemberRemoved":
        this.#members.delete(log.args.pubkeyRoot);
        break;
      case "DepositInFlight": {
        const { deposit: number, pubkeyRoot, amountGwei, slot } = log.args;
        this.#deposits.push({ number, pubkeyRoot, amountGwei, slot });
        break;
      }
      case "CheckpointOpened":
        this.#open(log.args.snapshot, log.blockNumber);
        break;
      case "Rebased":
        this.#closed.set(log.args.checkpoint, { booking: log.args, block: log.blockNumber });
        this.#lastClosedAt = this.#opened.get(log.args.checkpoint)?.snapshot.openedAt;
        break;
      case "DepositsLanded":
        this.#landed.set(log.args.checkpoint, log.args.landed);
        break;
      default:
        this.#prove(log);
    }
  }

  /** Undefined for a checkpoint that was not closed. */
  tell(id: bigint): ToldCheckpoint | undefined {
    const opened = this.#opened.get(id);
    const closed = this.#closed.get(id);
    if (opened?.state === undefined || closed === undefined) return undefined;
    const { snapshot, state, members, depositCount, previousSnapshotTime } = opened;
    const landed = this.#landedAt(id);
    return {
      facts: {
        snapshot,
        state,
        members,
        // a pool without members is closed without a walk
        walk: opened.walk ?? { provenGwei: 0n, provenCount: 0 },
        booking: closed.booking,
        deposits: this.#deposits.slice(0, depositCount).map((deposit) => ({
          ...deposit,
          validatorIndex: this.#indices.get(deposit.pubkeyRoot) ?? -1,
        })),
        inFlight: Array.from(
          { length: Math.max(snapshot.lastDeposit - landed, 0) },
          (_, i) => landed + 1 + i,
        ),
      },
      maybeShort: opened.shown.filter((number) => number <= landed).sort((a, b) => a - b),
      previousSnapshotTime,
      openedIn: opened.block,
      closedIn: closed.block,
    };
  }

  #open(snapshot: CheckpointSnapshot, block: bigint): void {
    const members = [...this.#members].map(([pubkeyRoot, index]) => ({ pubkeyRoot, index }));
    this.#opened.set(snapshot.id, {
      snapshot,
      block,
      members: members.sort((a, b) => a.index - b.index),
      depositCount: this.#deposits.length,
      previousSnapshotTime: this.#lastClosedAt,
      shown: [],
    });
  }

  #prove(log: Extract<StoryLog, { eventName: ProofEvent }>): void {
    const isShown = log.eventName === "DepositShownPending";
    const opened = this.#opened.get(isShown ? log.args.checkpoint : log.args.id);
    if (opened === undefined) return;
    if (log.eventName === "CheckpointStateProven") opened.state = log.args;
    if (log.eventName === "DepositShownPending") opened.shown.push(log.args.deposit);
    // every walk that is whole has proven the same: which of them was closed makes no difference
    const isWhole = opened.walk?.provenCount === opened.snapshot.memberCount;
    if (log.eventName === "CheckpointBatchProven" && !isWhole) opened.walk = log.args;
  }

  /** The pointer that the close left. */
  #landedAt(id: bigint): number {
    let landed = 0;
    for (const [checkpoint, pointer] of this.#landed) if (checkpoint <= id) landed = pointer;
    return landed;
  }
}
