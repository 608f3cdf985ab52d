import { describe, expect, it } from "vitest";
import {
  type CheckpointFacts,
  inFlightAt,
  type LineName,
  openState,
  type PoolDeposit,
  verifyCheckpoint,
} from "../src/index.ts";
import { closedCheckpoint } from "./support/closedCheckpoint.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { syntheticState } from "./support/syntheticState.ts";

const ETHER = 10n ** 18n;
const OTHER_ROOT = `0x${"ab".repeat(32)}` as const;

const plus = (by: bigint) => (value: bigint) => value + by;
type Change = (facts: CheckpointFacts) => CheckpointFacts;

const inSnapshot =
  (edit: (snapshot: CheckpointFacts["snapshot"]) => Partial<CheckpointFacts["snapshot"]>): Change =>
  (facts) => ({ ...facts, snapshot: { ...facts.snapshot, ...edit(facts.snapshot) } });
const inBooking =
  (edit: (booking: CheckpointFacts["booking"]) => Partial<CheckpointFacts["booking"]>): Change =>
  (facts) => ({ ...facts, booking: { ...facts.booking, ...edit(facts.booking) } });

/** A changed claim, and the lines that find it out. */
const CHANGES: readonly [string, Change, readonly LineName[]][] = [
  ["another beacon root", inSnapshot(() => ({ beaconRoot: OTHER_ROOT })), ["parentBeaconRoot", "beaconRoot"]],
  [
    "another block hash",
    inSnapshot(() => ({ executionBlockHash: OTHER_ROOT })),
    ["parentBlockHash", "executionBlockHash"],
  ],
  [
    "a block of another parent root",
    (facts) => ({ ...facts, openBlock: { ...facts.openBlock, parentBeaconBlockRoot: OTHER_ROOT } }),
    ["parentBeaconRoot"],
  ],
  [
    "a block of another parent",
    (facts) => ({ ...facts, openBlock: { ...facts.openBlock, parentHash: OTHER_ROOT } }),
    ["parentBlockHash"],
  ],
  [
    "another proven slot",
    (facts) => ({ ...facts, state: { ...facts.state, slot: facts.state.slot + 1n } }),
    ["slot"],
  ],
  ["another booked slot", inBooking(({ slot }) => ({ slot: slot - 1n })), ["bookedSlot"]],
  [
    "another balances root",
    (facts) => ({ ...facts, state: { ...facts.state, balancesRoot: OTHER_ROOT } }),
    ["balancesRoot"],
  ],
  [
    "a member more in the snapshot",
    inSnapshot(({ memberCount }) => ({ memberCount: memberCount + 1 })),
    ["memberCount"],
  ],
  [
    "a member fewer proven",
    (facts) => ({ ...facts, walk: { ...facts.walk, provenCount: facts.walk.provenCount - 1 } }),
    ["provenCount"],
  ],
  [
    "a gwei more proven",
    (facts) => ({ ...facts, walk: { ...facts.walk, provenGwei: plus(1n)(facts.walk.provenGwei) } }),
    ["balancesGwei"],
  ],
  [
    "a member that was left out",
    (facts) => ({ ...facts, members: facts.members.slice(1) }),
    ["memberCount", "provenCount", "balancesGwei", "totalWei", "recognizedWei", "etherAfterWei"],
  ],
  [
    "a member counted twice",
    (facts) => ({ ...facts, members: [...facts.members, ...facts.members.slice(0, 1)] }),
    ["balancesGwei", "totalWei", "recognizedWei", "reserveWei", "etherAfterWei"],
  ],
  [
    "a member that the state doesn't have",
    (facts) => ({ ...facts, members: [...facts.members, { index: 300, pubkeyRoot: OTHER_ROOT }] }),
    ["memberCount", "provenCount", "membersOfThePool"],
  ],
  [
    "a member with another key",
    (facts) => ({
      ...facts,
      members: facts.members.map((member, i) => (i === 2 ? { ...member, pubkeyRoot: OTHER_ROOT } : member)),
    }),
    ["membersOfThePool"],
  ],
  ["another vault", (facts) => ({ ...facts, withdrawalCredentials: OTHER_ROOT }), ["membersOfThePool"]],
  [
    "a deposit that the snapshot doesn't know",
    inSnapshot(({ lastDeposit }) => ({ lastDeposit: lastDeposit - 1 })),
    ["depositCount"],
  ],
  [
    "a landed deposit counted as in flight",
    (facts) => ({ ...facts, inFlight: [2, ...facts.inFlight] }),
    ["depositsInFlight", "inFlightGwei"],
  ],
  [
    "a postponed deposit counted as landed",
    (facts) => ({ ...facts, inFlight: facts.inFlight.slice(1) }),
    ["depositsInFlight", "inFlightGwei"],
  ],
  [
    "a deposit of another amount",
    (facts) => ({
      ...facts,
      deposits: facts.deposits.map((deposit, i) => (i === 3 ? { ...deposit, amountGwei: 5n } : deposit)),
    }),
    ["depositsInFlight", "inFlightGwei", "totalWei", "recognizedWei", "etherAfterWei"],
  ],
  [
    "more own ether",
    inSnapshot(({ ownEther }) => ({ ownEther: ownEther + 1n })),
    ["totalWei", "recognizedWei", "etherAfterWei"],
  ],
  [
    "a smaller pool",
    inSnapshot(({ poolEther }) => ({ poolEther: poolEther - 1n })),
    ["totalWei", "recognizedWei", "etherAfterWei"],
  ],
  ["a shorter time", inBooking(({ elapsed }) => ({ elapsed: elapsed - 1n })), ["elapsedSeconds"]],
  [
    "a wei more of consensus rewards",
    inBooking(({ consensusRewards }) => ({ consensusRewards: consensusRewards + 1n })),
    ["totalWei", "recognizedWei"],
  ],
  [
    "a wei more of execution rewards",
    inBooking(({ executionRewards }) => ({ executionRewards: executionRewards + 1n })),
    ["totalWei", "recognizedWei"],
  ],
  ["a wei of reserve", inBooking(({ reserve }) => ({ reserve: reserve + 1n })), ["totalWei", "reserveWei"]],
  [
    "a gain moved into the reserve",
    inBooking(({ consensusRewards, reserve }) => ({
      consensusRewards: consensusRewards - 7n,
      reserve: reserve + 7n,
    })),
    ["recognizedWei", "reserveWei"],
  ],
  [
    "another pool after it",
    inBooking(({ etherAfter }) => ({ etherAfter: etherAfter + 1n })),
    ["etherAfterWei"],
  ],
];

describe("a checkpoint counted anew", () => {
  it.each([
    ["a gain below the cap", ETHER / 10n],
    ["a gain above the cap", 5n * ETHER],
    ["no change", 0n],
    ["a loss", -3n * ETHER],
  ])("is found true: %s", async (_, gain) => {
    const { facts, state } = await closedCheckpoint(gain);
    const { lines, isTrue, checkpoint } = verifyCheckpoint(facts, state);
    expect(lines.filter(({ equal }) => !equal)).toEqual([]);
    expect(isTrue).toBe(true);
    expect(checkpoint).toBe(2n);
    expect(new Set(lines.map(({ name }) => name)).size).toBe(19);
  });

  it("recognizes three days at most, and a loss larger than the pool leaves nothing", async () => {
    const lost = await closedCheckpoint(-3n * ETHER, ETHER);
    expect(lost.facts.booking.etherAfter).toBe(0n);
    expect(verifyCheckpoint(lost.facts, lost.state).isTrue).toBe(true);
    const { facts, state } = await closedCheckpoint(5n * ETHER);
    const late = { ...facts, previousSnapshotTime: facts.snapshot.openedAt - 10 * 86_400 };
    const cap = (facts.snapshot.poolEther * 3n) / 10_000n;
    const recognized = verifyCheckpoint(late, state).lines.find(({ name }) => name === "recognizedWei");
    expect(recognized?.found).toBe(cap);
  });

  it.each(CHANGES)("finds out %s", async (_, change, names) => {
    const { facts, state } = await closedCheckpoint(ETHER / 10n);
    const { lines, isTrue } = verifyCheckpoint(change(facts), state);
    expect(lines.filter(({ equal }) => !equal).map(({ name }) => name)).toEqual(names);
    expect(isTrue).toBe(false);
  });

  it("has a changed claim for each of its lines", () => {
    const found = new Set(CHANGES.flatMap(([, , names]) => names));
    expect(found.size).toBe(19);
  });

  it("is not true of another state", async () => {
    const { facts } = await closedCheckpoint(ETHER / 10n);
    const bytes = syntheticState({ fork: "fulu", validators: 300, seed: "another" });
    const { lines } = verifyCheckpoint(facts, await openState({ preset: PRESET, fork: "fulu", bytes }));
    const found = lines.filter(({ equal }) => !equal).map(({ name }) => name);
    expect(found).toEqual([
      "beaconRoot",
      "slot",
      "bookedSlot",
      "executionBlockHash",
      "balancesRoot",
      "membersOfThePool",
      "balancesGwei",
      "depositsInFlight",
      "inFlightGwei",
      "totalWei",
      "recognizedWei",
      "etherAfterWei",
    ]);
  });
});

describe("deposits in flight at a state", () => {
  const numbersOf = (deposits: readonly PoolDeposit[]) => deposits.map(({ number }) => number);

  it("are those in the list, and younger ones", async () => {
    const { facts, state } = await closedCheckpoint(0n);
    expect(numbersOf(inFlightAt(state, facts.deposits))).toEqual([3, 4, 5, 6]);
  });

  it("are not those older than one that has landed, whatever stands in the list", async () => {
    const { facts, state } = await closedCheckpoint(0n);
    // had a fifth to another amount landed, the fourth in the list would be somebody else's
    const deposits = facts.deposits.map((deposit) =>
      deposit.number === 5 ? { ...deposit, amountGwei: 1n } : deposit,
    );
    expect(numbersOf(inFlightAt(state, deposits))).toEqual([3, 6]);
  });
});
