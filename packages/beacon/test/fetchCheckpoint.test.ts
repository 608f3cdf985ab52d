import { encodeAbiParameters, encodeEventTopics, getAbiItem, type Hex, type PublicClient } from "viem";
import { describe, expect, it } from "vitest";
import {
  type BeaconClient,
  BeaconError,
  type CheckpointFacts,
  fetchCheckpoint,
  verifyCheckpoint,
} from "../src/index.ts";
import { checkpointEventsAbi } from "../src/verify/checkpointEvents.ts";
import { closedCheckpoint, VAULT } from "./support/closedCheckpoint.ts";
import { PRESET } from "./support/compareWithLodestar.ts";

const ETHER = 10n ** 18n;
const addresses = {
  checkpoints: `0x${"c1".repeat(20)}`,
  depositsInFlight: `0x${"c2".repeat(20)}`,
  validatorManager: `0x${"c3".repeat(20)}`,
  withdrawalVault: VAULT,
  deployedAtBlock: 10,
} as const;

interface FakeLog {
  readonly blockNumber: bigint;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

type EventName = Extract<(typeof checkpointEventsAbi)[number], { type: "event" }>["name"];

function log(blockNumber: bigint, eventName: EventName, args: Record<string, unknown>): FakeLog {
  const item = getAbiItem({ abi: checkpointEventsAbi, name: eventName }) as {
    inputs: readonly { name: string; indexed?: boolean; type: string }[];
  };
  const topics = encodeEventTopics({ abi: checkpointEventsAbi, eventName, args } as never) as Hex[];
  const plain = item.inputs.filter(({ indexed }) => !indexed);
  const data = encodeAbiParameters(
    plain,
    plain.map(({ name }) => args[name]),
  );
  return { blockNumber, topics, data };
}

const ANYBODY = VAULT;
const FIRST_SNAPSHOT = { id: 1n, lastDeposit: 2, memberCount: 0, opener: ANYBODY };

/** The life that led to these facts, with all that must not confuse the reader: leavers, abandoned checkpoints, other walks. */
function logsOf({
  snapshot,
  members,
  deposits,
  walk,
  state,
  booking,
  previousSnapshotTime,
}: CheckpointFacts): FakeLog[] {
  const gone = `0x${"99".repeat(32)}` as const;
  const figures = {
    sharesBefore: 1n,
    sharesAfter: 1n,
    penaltiesCovered: 0n,
    feeShares: 0n,
  };
  const flight = (block: bigint, some: typeof deposits) =>
    some.map(({ number, ...deposit }) =>
      log(block, "DepositInFlight", { ...deposit, deposit: number, inFlightGweiAfter: 0n }),
    );
  const batch = (prover: Hex, count: number, gwei: bigint) =>
    log(33n, "CheckpointBatchProven", {
      id: snapshot.id,
      prover,
      sumGwei: gwei,
      count,
      provenGwei: gwei,
      provenCount: count,
    });
  return [
    ...flight(11n, deposits.slice(0, 2)),
    log(11n, "MemberAdded", { pubkeyRoot: gone, index: 17, memberCount: 1 }),
    ...members.map(({ pubkeyRoot, index }) => log(12n, "MemberAdded", { pubkeyRoot, index, memberCount: 0 })),
    log(13n, "CheckpointOpened", {
      id: 1n,
      snapshot: { ...snapshot, ...FIRST_SNAPSHOT, openedAt: previousSnapshotTime },
    }),
    log(13n, "CheckpointStateProven", { id: 1n, slot: 1n, balancesRoot: gone }),
    log(14n, "DepositsLanded", { checkpoint: 1n, landed: 2, shortGwei: 0n, inFlightGweiAfter: 0n }),
    log(14n, "Rebased", { checkpoint: 1n, ...booking, ...figures }),
    log(20n, "MemberRemoved", { pubkeyRoot: gone, index: 17, memberCount: 0 }),
    ...flight(29n, deposits.slice(2)),
    log(30n, "CheckpointOpened", { id: snapshot.id, snapshot }),
    // made after the open, in the same block
    ...flight(
      30n,
      deposits.slice(-1).map((deposit) => ({ ...deposit, number: 7 })),
    ),
    log(31n, "CheckpointStateProven", { id: snapshot.id, ...state }),
    log(31n, "DepositShownPending", { checkpoint: snapshot.id, deposit: 3 }),
    log(31n, "DepositShownPending", { checkpoint: snapshot.id, deposit: 1 }),
    batch(`0x${"01".repeat(20)}`, 2, 5n),
    batch(`0x${"02".repeat(20)}`, walk.provenCount, walk.provenGwei),
    batch(`0x${"01".repeat(20)}`, 4, 9n),
    log(34n, "DepositsLanded", { checkpoint: snapshot.id, landed: 3, shortGwei: 34n, inFlightGweiAfter: 0n }),
    log(34n, "Rebased", { checkpoint: snapshot.id, ...booking, ...figures }),
    log(35n, "MemberAdded", { pubkeyRoot: gone, index: 18, memberCount: 0 }),
  ];
}

function clientOf(facts: CheckpointFacts, logs: readonly FakeLog[]): PublicClient {
  const fake = {
    getBlockNumber: async () => 40n,
    getBlock: async ({ blockNumber }: { blockNumber: bigint }) =>
      blockNumber === 30n ? facts.openBlock : { timestamp: 1_799_000_000n },
    // deposit 3 was held on the short list, of 1 somebody showed a look-alike
    readContract: async ({ functionName, args }: { functionName: string; args?: readonly number[] }) =>
      functionName === "isShort" ? args?.[0] === 3 : { maxRebaseBpsPerDay: 1 },
    getLogs: async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) =>
      logs.filter(({ blockNumber }) => blockNumber >= fromBlock && blockNumber <= toBlock),
  };
  return fake as unknown as PublicClient;
}

function beaconOf(bytes: Uint8Array, slot: bigint, keepsRoots: boolean): BeaconClient {
  const fake = {
    getHeader: async () => ({ header: { stateRoot: "0x01", slot } }),
    getState: async (id: unknown) => {
      if (keepsRoots || id === slot) return { fork: "fulu", bytes };
      throw new BeaconError("notFound", "no such state");
    },
  };
  return fake as unknown as BeaconClient;
}

describe("a checkpoint collected from logs", () => {
  it.each([
    [1n, true],
    [4n, false],
    [10_000n, false],
  ])("is the one that was closed, %i blocks at a time, states by root: %s", async (range, keepsRoots) => {
    const { facts, state, bytes } = await closedCheckpoint(ETHER / 10n);
    const client = clientOf(facts, logsOf(facts));
    const beacon = beaconOf(bytes, state.slot, keepsRoots);
    const fetched = await fetchCheckpoint({ client, beacon, preset: PRESET, addresses, id: 2n, range });
    expect(fetched.facts).toMatchObject(facts);
    expect(fetched.facts.members).toEqual(facts.members);
    expect(fetched.facts.deposits).toEqual(facts.deposits);
    const { lines, isTrue } = verifyCheckpoint(fetched.facts, fetched.state);
    expect(lines.filter(({ equal }) => !equal)).toEqual([]);
    expect(isTrue).toBe(true);
  });

  it("has the deployment's time before it if it is the first", async () => {
    const { facts, state, bytes } = await closedCheckpoint(ETHER / 10n);
    const client = clientOf({ ...facts, openBlock: facts.openBlock }, logsOf(facts));
    const beacon = beaconOf(bytes, state.slot, true);
    const blocks = { ...client, getBlock: async () => ({ ...facts.openBlock, timestamp: 77n }) };
    const first = await fetchCheckpoint({
      client: blocks as unknown as PublicClient,
      beacon,
      preset: PRESET,
      addresses,
      id: 1n,
    });
    expect(first.facts.previousSnapshotTime).toBe(77);
    expect(first.facts.walk).toEqual({ provenGwei: 0n, provenCount: 0 });
    expect(first.facts.deposits).toHaveLength(2);
    expect(first.facts.inFlight).toEqual([]);
    expect(first.facts.members).toHaveLength(facts.members.length + 1);
  });

  it("does not exist before it is closed", async () => {
    const { facts, state, bytes } = await closedCheckpoint(ETHER / 10n);
    const logs = logsOf(facts).filter(({ blockNumber }) => blockNumber < 34n);
    const input = { client: clientOf(facts, logs), beacon: beaconOf(bytes, state.slot, true) };
    for (const id of [2n, 3n]) {
      await expect(fetchCheckpoint({ ...input, preset: PRESET, addresses, id })).rejects.toMatchObject({
        code: "notFound",
      });
    }
  });

  it("needs a client that shows parent beacon roots", async () => {
    const { facts, state, bytes } = await closedCheckpoint(ETHER / 10n);
    const openBlock = { parentHash: facts.openBlock.parentHash } as CheckpointFacts["openBlock"];
    const client = clientOf({ ...facts, openBlock }, logsOf(facts));
    const beacon = beaconOf(bytes, state.slot, true);
    await expect(
      fetchCheckpoint({ client, beacon, preset: PRESET, addresses, id: 2n }),
    ).rejects.toMatchObject({ code: "badResponse" });
  });
});
