import type { Address, Hex } from "viem";
import type { PoolDeposit } from "../proofs/inFlightPlan.ts";

/** `Snapshot` of the contracts: what a checkpoint froze at its open. Ether in wei. */
export interface CheckpointSnapshot {
  readonly id: bigint;
  /** Unix time. */
  readonly openedAt: number;
  readonly beaconRoot: Hex;
  readonly executionBlockHash: Hex;
  readonly ownEther: bigint;
  readonly executionRewards: bigint;
  readonly poolEther: bigint;
  readonly inFlightGwei: bigint;
  readonly lastDeposit: number;
  readonly memberCount: number;
  readonly opener: Address;
}

/** A validator counted by a checkpoint, as MemberAdded named it. */
export interface Member {
  readonly index: number;
  readonly pubkeyRoot: Hex;
}

/** What a close booked, as its `Rebased` says. Ether in wei. */
export interface Booking {
  readonly slot: bigint;
  /** Seconds since the snapshot before. */
  readonly elapsed: bigint;
  readonly etherBefore: bigint;
  readonly etherAfter: bigint;
  readonly consensusRewards: bigint;
  readonly executionRewards: bigint;
  readonly reserve: bigint;
}

/** Everything that is claimed of a closed checkpoint, from events and headers of the execution layer alone. */
export interface CheckpointFacts {
  readonly snapshot: CheckpointSnapshot;
  /** The block that opened it. */
  readonly openBlock: { readonly parentHash: Hex; readonly parentBeaconBlockRoot: Hex };
  /** Its CheckpointStateProven. */
  readonly state: { readonly slot: bigint; readonly balancesRoot: Hex };
  /** The last CheckpointBatchProven of a whole walk. */
  readonly walk: { readonly provenGwei: bigint; readonly provenCount: number };
  readonly booking: Booking;
  /** Unix time of the snapshot before: of the deployment for the first. */
  readonly previousSnapshotTime: number;
  /** Basis points of the pool that a day may gain, at the close. */
  readonly maxRebaseBpsPerDay: number;
  /** Members at the open, in ascending order of their index. */
  readonly members: readonly Member[];
  /** What every member's withdrawal credentials must be. */
  readonly withdrawalCredentials: Hex;
  /** The pool's deposits made before the open, in order. */
  readonly deposits: readonly PoolDeposit[];
  /** Numbers of those that the close counted as in flight at the state, ascending. */
  readonly inFlight: readonly number[];
}

/** One statement about a checkpoint, and what the state says of it. */
export interface VerifiedLine {
  readonly name: LineName;
  readonly claimed: bigint | string;
  readonly found: bigint | string;
  readonly equal: boolean;
}

export type LineName =
  | "parentBeaconRoot"
  | "parentBlockHash"
  | "beaconRoot"
  | "slot"
  | "bookedSlot"
  | "executionBlockHash"
  | "balancesRoot"
  | "memberCount"
  | "provenCount"
  | "membersOfThePool"
  | "balancesGwei"
  | "depositCount"
  | "depositsInFlight"
  | "inFlightGwei"
  | "totalWei"
  | "elapsedSeconds"
  | "recognizedWei"
  | "reserveWei"
  | "etherAfterWei";

/** What came out. */
export interface Verification {
  readonly checkpoint: bigint;
  readonly lines: readonly VerifiedLine[];
  /** Whether all lines are equal. */
  readonly isTrue: boolean;
}
