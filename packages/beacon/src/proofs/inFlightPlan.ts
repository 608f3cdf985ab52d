import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import type { SoughtDeposit } from "../state/pendingDeposits.ts";
import { FAR_FUTURE_EPOCH } from "../state/validatorRecord.ts";

/** A deposit of the pool, as its event and its record tell it. */
export interface PoolDeposit extends SoughtDeposit {
  /** From 1 on. */
  readonly number: number;
  readonly validatorIndex: number;
}

/** What the contract knows of the open checkpoint's state so far: DepositsInFlight.facts, and its events. */
export interface InFlightFacts {
  /** Number of the newest deposit shown landed. */
  readonly newest: number;
  /** Deposits accounted for; for a checkpoint nothing was shown of, those landed at the last close. */
  readonly walkedTo: number;
  /** Whether all after them are known to be pending. */
  readonly isComplete: boolean;
  /** Numbers of those shown pending at this checkpoint: DepositShownPending. */
  readonly shown: ReadonlySet<number>;
}

/** A deposit, seen at a state. */
export interface SeenDeposit {
  readonly deposit: PoolDeposit;
  /** Place in pending_deposits, or null. */
  readonly position: number | null;
  readonly isExiting: boolean;
}

/** What must still be shown so that each deposit is accounted for. */
export interface InFlightPlan {
  /** To be shown landed by the list's head, or null if none is, or a newer one has been. */
  readonly newest: SeenDeposit | null;
  /** Looked at one by one before, still in the list, and not yet shown to be. */
  readonly toShow: readonly SeenDeposit[];
  /** To be walked, in order. */
  readonly walk: readonly WalkStep[];
  /** Pending with all after them: of one slot, and shown one by one. Empty if none of the state's slot or before is left. */
  readonly boundary: readonly SeenDeposit[];
  /** The first of them whose validator isn't exiting. */
  readonly anchor: SeenDeposit | null;
}

/** One deposit of a walk. */
export interface WalkStep {
  readonly seen: SeenDeposit;
  /** Whether it passes only, or rightly, by being shown pending. */
  readonly mustShow: boolean;
  /** For one whose validator isn't exiting and that is shown: a later one of its slot whose validator is. */
  readonly witness: SeenDeposit | null;
}

/**
 * Which of the contract's ways accounts for which deposit at this state (IDepositsInFlight).
 *
 * A deposit that isn't in the list is walked: landed if its validator isn't exiting, for the newest such one is shown landed;
 * else passed as absent. So the walk ends with the last that isn't in the list, and goes on over whole slots until one holds
 * a deposit whose validator isn't exiting: that one's slot is the boundary. What the walk meets in the list is shown, unless
 * it is older than the newest landed and its validator isn't exiting: then what stands in the list is somebody else's,
 * just like it. Such a look-alike of the newest landed hides it: it counts as pending then, and the one before it is
 * the newest.
 *
 * @param deposits All after `facts.walkedTo`, in order.
 * @param watched The short list, and those passed as absent at this checkpoint.
 */
export function planInFlight(
  state: BeaconStateBytes,
  deposits: readonly PoolDeposit[],
  watched: readonly PoolDeposit[],
  facts: InFlightFacts,
): InFlightPlan {
  const toShow = lookAt(state, watched).filter(
    ({ deposit, position }) => position !== null && !facts.shown.has(deposit.number),
  );
  // those of later slots than the state's are pending without proof
  const old = facts.isComplete ? [] : deposits.filter(({ slot }) => slot <= state.slot);
  const seen = lookAt(state, old);
  const landed = seen.findLast(({ position, isExiting }) => position === null && !isExiting);
  const newest = landed !== undefined && landed.deposit.number > facts.newest ? landed : null;
  const newestNumber = newest?.deposit.number ?? facts.newest;
  const walked = seen.slice(0, walkLength(seen));
  const rest = seen.slice(walked.length);
  return {
    newest,
    toShow,
    walk: walked.map((one) => ({
      seen: one,
      mustShow: mustShow(one, newestNumber, facts.shown),
      witness: witnessOf(one, seen, newestNumber),
    })),
    boundary: rest.filter(({ deposit }) => deposit.slot === rest[0]?.deposit.slot),
    anchor: rest.find(({ isExiting }) => !isExiting) ?? null,
  };
}

/** Where each deposit stands at the state. */
export function lookAt(state: BeaconStateBytes, deposits: readonly PoolDeposit[]): SeenDeposit[] {
  if (deposits.length === 0) return [];
  const positions = state.pendingDeposits().placesOf(deposits);
  return deposits.map((deposit, i) => ({
    deposit,
    position: positions[i] as number | null,
    isExiting: state.validator(deposit.validatorIndex).exitEpoch !== FAR_FUTURE_EPOCH,
  }));
}

/** Up to the last that isn't in the list, and on to a slot with a validator that isn't exiting. */
function walkLength(seen: readonly SeenDeposit[]): number {
  let length = seen.findLastIndex(({ position }) => position === null) + 1;
  while (length < seen.length) {
    const slot = seen[length]?.deposit.slot;
    const after = seen.findIndex(({ deposit }, i) => i >= length && deposit.slot !== slot);
    const end = after === -1 ? seen.length : after;
    if (seen.slice(length, end).some(({ isExiting }) => !isExiting)) return length;
    length = end;
  }
  return length;
}

/** Only such a later one lets a deposit to a working validator be taken singly (IDepositsInFlight, 4.). */
function witnessOf(
  { deposit, isExiting }: SeenDeposit,
  seen: readonly SeenDeposit[],
  newest: number,
): SeenDeposit | null {
  if (isExiting || deposit.number <= newest) return null;
  const later = (one: SeenDeposit) =>
    one.deposit.number > deposit.number && one.deposit.slot === deposit.slot;
  return seen.find((one) => one.isExiting && later(one)) ?? null;
}

function mustShow(
  { deposit, position, isExiting }: SeenDeposit,
  newest: number,
  shown: ReadonlySet<number>,
): boolean {
  if (position === null || shown.has(deposit.number)) return false;
  return isExiting || deposit.number > newest;
}
