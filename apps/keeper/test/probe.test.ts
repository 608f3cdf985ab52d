import type { BeaconStateBytes } from "@cairn/beacon";
import { beforeEach, expect, test, vi } from "vitest";
import { probe } from "../src/jobs/probe.ts";
import { FakeChain, rootOf } from "./support/fakeChain.ts";

vi.mock("@cairn/beacon", async (original) => ({
  ...(await original<typeof import("@cairn/beacon")>()),
  isProbeable: () => true,
  probeIndices: (_: unknown, key: number) => [key],
  buildForkProbe: (state: BeaconStateBytes, indices: number[]) => ({ slot: state.slot, indices }),
}));

const CREDENTIALS = rootOf("pool");
let chain: FakeChain;
let asked: string[];
let pending: number;
let slot: bigint;

/** A state one slot older than the head's, and the head's. */
function stateAt(at: bigint): unknown {
  return {
    slot: at,
    validatorCount: 100,
    executionBlockHash: rootOf("head"),
    validator: () => ({ withdrawalCredentials: CREDENTIALS }),
    pendingDeposits: () => ({ count: pending }),
  };
}

beforeEach(async () => {
  chain = new FakeChain();
  chain.join(2n, 1, 70);
  chain.proposeFork(3n, 1n, 1000n);
  await chain.context.index.readTo(50n);
  asked = [];
  pending = 1;
  slot = 1001n;
  Object.assign(chain.views, { forkUsable: false, withdrawalCredentials: CREDENTIALS });
  Object.assign(chain.context, { spec: { secondsPerSlot: 12n } });
  Object.assign(chain.context.states, {
    newest: async () => {
      asked.push("newest");
      return { state: stateAt(slot - 1n), timestamp: chain.timestamp };
    },
    head: async () => stateAt(slot),
  });
});

const slots = () => chain.sent.map(({ args }) => (args[0] as { slot: bigint }).slot);

test("nothing is read while no entry is closed, nothing is sent before its first slot", async () => {
  const quiet = new FakeChain();
  await quiet.context.index.readTo(50n);
  Object.assign(quiet.context.states, { newest: async () => asked.push("newest") });
  expect(await probe(quiet.context)).toBe(0);
  expect(asked).toEqual([]);
  slot = 1000n; // the newest provable state is of the fork before
  expect(await probe(chain.context)).toBe(0);
  expect(chain.calls()).toEqual([]);
});

test("what is sent is of the head, after the same one block older was accepted", async () => {
  const tried: unknown[] = [];
  chain.onSend = ({ args }) => tried.push(args[0]) > 0;
  expect(await probe(chain.context)).toBe(1);
  expect(tried).toEqual([
    { slot: 1000n, indices: [70] },
    { slot: 1001n, indices: [70] },
  ]);
  expect(slots()).toEqual([1001n]);
});

test("one that came late is sent again some slots later, without trying it first", async () => {
  const tried: unknown[] = [];
  chain.onSend = ({ args }) => tried.push((args[0] as { slot: bigint }).slot) === 1;
  expect(await probe(chain.context)).toBe(0);
  slot += 1n;
  expect(await probe(chain.context), "not at once").toBe(0);
  chain.timestamp += 96n;
  slot += 7n;
  chain.onSend = ({ args }) => tried.push((args[0] as { slot: bigint }).slot) > 0;
  expect(await probe(chain.context)).toBe(1);
  expect(tried).toEqual([1000n, 1001n, 1009n]);
});

test.each([
  ["the entry was probed", () => Object.assign(chain.views, { forkUsable: true })],
  ["the entry is wrong", () => Object.assign(chain, { onSend: () => false })],
  [
    "no deposit is pending",
    () => {
      pending = 0;
    },
  ],
  ["the head has moved on", () => Object.assign(chain, { headHash: rootOf("next") })],
])("nothing is sent when %s", async (_, arrange) => {
  arrange();
  expect(await probe(chain.context)).toBe(0);
  expect(chain.calls()).toEqual([]);
});

test("a later usable entry ends the search: older slots come no more", async () => {
  chain.proposeFork(60n, 2n, 2000n);
  chain.log(61n, "ForkUsable", { entry: 2n, slot: 2001n });
  await chain.context.index.readTo(70n);
  slot = 2005n;
  expect(await probe(chain.context)).toBe(0);
  expect(asked).toEqual([]);
});

test("an entry takes the place of one that has not begun", async () => {
  chain.proposeFork(60n, 1n, 3000n);
  await chain.context.index.readTo(70n);
  expect(await probe(chain.context)).toBe(0);
  slot = 3001n;
  expect(await probe(chain.context)).toBe(1);
});
