import type { Hex } from "viem";
import { lookAt, type PoolDeposit } from "../proofs/inFlightPlan.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import type { CheckpointFacts, LineName, Member, Verification, VerifiedLine } from "./checkpointFacts.ts";

const WEI_PER_GWEI = 10n ** 9n;
const SECONDS_PER_DAY = 86_400n;
/** Days whose gain a close may recognize, however long ago the one before was. */
const MOST_DAYS = 3n;
const BPS = 10_000n;

/** Balances, deposits in flight and what follows from them, as the state has them. */
interface Found {
  readonly balancesGwei: bigint;
  readonly inFlight: readonly PoolDeposit[];
  readonly inFlightGwei: bigint;
  readonly totalWei: bigint;
  readonly recognizedWei: bigint;
  readonly reserveWei: bigint;
}

/**
 * Counts a past checkpoint anew, from the beacon state's own bytes: no call, no key, nobody to believe. What it takes for
 * granted is the execution layer's: events, headers, and the frozen own ether among them. Claims that don't hold are lines
 * that are not equal, never errors; "badState" for a state that belongs to no block, "badInput" for deposits to validators
 * that the state doesn't have.
 */
export function verifyCheckpoint(facts: CheckpointFacts, state: BeaconStateBytes): Verification {
  const found = findAll(facts, state);
  const lines = [
    ...instantLines(facts, state),
    ...memberLines(facts, state, found),
    ...depositLines(facts, found),
    ...bookingLines(facts, found),
  ];
  return { checkpoint: facts.snapshot.id, lines, isTrue: lines.every(({ equal }) => equal) };
}

/**
 * Those of the pool's deposits that are in flight at a state: in its list of pending deposits, or of later slots. One whose
 * validator isn't exiting has landed if a later such one has: what stands in the list is somebody else's then, just like it.
 * `deposits`: in order.
 */
export function inFlightAt(state: BeaconStateBytes, deposits: readonly PoolDeposit[]): PoolDeposit[] {
  const seen = lookAt(
    state,
    deposits.filter(({ slot }) => slot <= state.slot),
  );
  const landed = seen.findLast(({ position, isExiting }) => position === null && !isExiting);
  const newest = landed?.deposit.number ?? 0;
  const pending = seen.filter(
    ({ deposit, position, isExiting }) => position !== null && (isExiting || deposit.number > newest),
  );
  const young = deposits.filter(({ slot }) => slot > state.slot);
  return [...pending.map(({ deposit }) => deposit), ...young];
}

function findAll(facts: CheckpointFacts, state: BeaconStateBytes): Found {
  const { snapshot, maxRebaseBpsPerDay, previousSnapshotTime } = facts;
  const known = facts.members.filter(({ index }) => index < state.validatorCount);
  const balancesGwei = known.reduce((sum, { index }) => sum + state.balance(index), 0n);
  const inFlight = inFlightAt(state, facts.deposits);
  const inFlightGwei = sumOf(inFlight);
  const totalWei = snapshot.ownEther + (inFlightGwei + balancesGwei) * WEI_PER_GWEI;
  const diff = totalWei - snapshot.poolEther;
  const elapsed = BigInt(snapshot.openedAt - previousSnapshotTime);
  const longest = MOST_DAYS * SECONDS_PER_DAY;
  const counted = elapsed < longest ? elapsed : longest;
  const cap = (snapshot.poolEther * BigInt(maxRebaseBpsPerDay) * counted) / (BPS * SECONDS_PER_DAY);
  const recognizedWei = diff < cap ? diff : cap;
  return { balancesGwei, inFlight, inFlightGwei, totalWei, recognizedWei, reserveWei: diff - recognizedWei };
}

/** That the state is the one of the instant. */
function instantLines(facts: CheckpointFacts, state: BeaconStateBytes): VerifiedLine[] {
  const { snapshot, openBlock } = facts;
  return [
    line("parentBeaconRoot", snapshot.beaconRoot, openBlock.parentBeaconBlockRoot),
    line("parentBlockHash", snapshot.executionBlockHash, openBlock.parentHash),
    line("beaconRoot", snapshot.beaconRoot, state.blockRoot()),
    line("slot", facts.state.slot, state.slot),
    line("bookedSlot", facts.booking.slot, state.slot),
    line("executionBlockHash", snapshot.executionBlockHash, state.executionBlockHash),
    line("balancesRoot", facts.state.balancesRoot, state.listRoot("balances")),
  ];
}

function memberLines(facts: CheckpointFacts, state: BeaconStateBytes, found: Found): VerifiedLine[] {
  const { members, snapshot, walk, withdrawalCredentials } = facts;
  const count = BigInt(new Set(members.map(({ index }) => index)).size);
  const ours = members.filter((member) => isOfThePool(state, member, withdrawalCredentials));
  return [
    line("memberCount", BigInt(snapshot.memberCount), count),
    line("provenCount", BigInt(walk.provenCount), count),
    line("membersOfThePool", BigInt(members.length), BigInt(ours.length)),
    line("balancesGwei", walk.provenGwei, found.balancesGwei),
  ];
}

/** Whether the state's validator of that index has the member's key, and pays out to the pool. */
function isOfThePool(state: BeaconStateBytes, { index, pubkeyRoot }: Member, credentials: Hex): boolean {
  if (index >= state.validatorCount) return false;
  const validator = state.validator(index);
  return isSame(validator.pubkeyRoot, pubkeyRoot) && isSame(validator.withdrawalCredentials, credentials);
}

function depositLines(facts: CheckpointFacts, found: Found): VerifiedLine[] {
  const counted = new Set(facts.inFlight);
  return [
    line("depositCount", BigInt(facts.snapshot.lastDeposit), BigInt(facts.deposits.length)),
    line("depositsInFlight", facts.inFlight.join(), found.inFlight.map(({ number }) => number).join()),
    line(
      "inFlightGwei",
      sumOf(facts.deposits.filter(({ number }) => counted.has(number))),
      found.inFlightGwei,
    ),
  ];
}

/** What was booked, against what the totals say should have been. */
function bookingLines(
  { snapshot, booking, previousSnapshotTime }: CheckpointFacts,
  found: Found,
): VerifiedLine[] {
  const recognized = booking.consensusRewards + booking.executionRewards;
  const left = booking.etherBefore + found.recognizedWei;
  return [
    line("totalWei", snapshot.poolEther + recognized + booking.reserve, found.totalWei),
    line("elapsedSeconds", booking.elapsed, BigInt(snapshot.openedAt - previousSnapshotTime)),
    line("recognizedWei", recognized, found.recognizedWei),
    line("reserveWei", booking.reserve, found.reserveWei),
    // a loss larger than the pool leaves nothing
    line("etherAfterWei", booking.etherAfter, left > 0n ? left : 0n),
  ];
}

function line(name: LineName, claimed: bigint | string, found: bigint | string): VerifiedLine {
  const equal = typeof claimed === "string" ? isSame(claimed, String(found)) : claimed === found;
  return { name, claimed, found, equal };
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function sumOf(deposits: readonly PoolDeposit[]): bigint {
  return deposits.reduce((sum, { amountGwei }) => sum + amountGwei, 0n);
}
