import { type InFlightInput, type InFlightStep, nextInFlightProof } from "@cairn/beacon";
import { beforeEach, expect, test, vi } from "vitest";
import { checkpoint } from "../src/jobs/checkpoint.ts";
import { watch } from "../src/jobs/watch.ts";
import { snapshotHash } from "../src/snapshot.ts";
import { FakeChain, rootOf, snapshotOf } from "./support/fakeChain.ts";

vi.mock("@cairn/beacon", async (original) => ({
  ...(await original<typeof import("@cairn/beacon")>()),
  buildStateProof: () => "state proof",
  buildBalancesProof: (_: unknown, members: number[]) => ({ members }),
  nextInFlightProof: vi.fn(),
}));

/** What `nextInFlightProof` says, one after the other; then that nothing is left. */
function steps(...some: readonly Partial<InFlightStep>[]): InFlightInput[] {
  const inputs: InFlightInput[] = [];
  const left = [...some];
  vi.mocked(nextInFlightProof).mockImplementation((input) => {
    inputs.push(input);
    const step = left.shift();
    return step ? ({ proof: `proof ${inputs.length}`, scan: null, isLast: false, ...step } as never) : null;
  });
  return inputs;
}

const NO_FACTS = { checkpoint: 0n, newest: 0, walkedTo: 0, isComplete: false, absentSince: 0 };
const factsOf = (facts: object) => ({ ...NO_FACTS, passedGwei: 0n, shownGwei: 0n, ...facts });
const numbers = (deposits: readonly { readonly number: number }[]) => deposits.map(({ number }) => number);
const snapshot = snapshotOf(7n, 3);
let chain: FakeChain;

/** Deposit 1 has landed, 2 and 3 were made since; checkpoint 7 is open, and its open is final. */
beforeEach(async () => {
  chain = new FakeChain();
  chain.join(2n, 1, 70);
  chain.log(3n, "DepositsLanded", { checkpoint: 5n, landed: 1 });
  chain.deposit(4n, 2, 70);
  chain.deposit(5n, 3, 70);
  chain.open(6n, snapshot);
  chain.deposit(7n, 4, 70);
  await chain.context.index.readTo(50n);
  Object.assign(chain.views, {
    openSnapshotHash: snapshotHash(snapshot),
    opensAt: 9000n,
    progress: { stateProven: true, nextWord: 0 },
    provenState: [7n, 5n, rootOf("validators"), rootOf("pending")],
    facts: factsOf({}),
    shortGwei: 0n,
    isShort: true,
    DISPUTE_DELAY: 3600n,
  });
});

test("a due checkpoint is opened while deposits are in flight", async () => {
  Object.assign(chain.views, { openSnapshotHash: `0x${"00".repeat(32)}`, opensAt: 5001n });
  expect(await checkpoint(chain.context)).toBe(0);
  chain.timestamp = 5001n;
  expect(await checkpoint(chain.context)).toBe(1);
  expect(chain.calls()).toEqual(["open"]);
});

test("state, what is in flight, balances, close: each once, and no step before its turn", async () => {
  chain.views.progress = { stateProven: false, nextWord: 0 };
  const scan = { newest: 2, next: 400 };
  const inputs = steps({ scan }, { isLast: true });
  expect(await checkpoint(chain.context)).toBe(5);
  expect(chain.calls()).toEqual(["proveState", "prove", "prove", "proveBalances", "close"]);
  expect(chain.sent.map(({ args }) => args.at(-1))).toEqual([
    "state proof",
    "proof 1",
    "proof 2",
    { members: [70] },
    chain.context.sender.address,
  ]);
  expect(new Set(chain.states)).toEqual(new Set([snapshot.beaconRoot]));
  const [first, second] = inputs;
  expect(numbers(first?.deposits ?? []), "after the pointer, up to the open").toEqual([2, 3]);
  expect(first?.facts).toEqual({ newest: 0, walkedTo: 1, isComplete: false, shown: new Set() });
  expect([first?.scan, second?.scan], "how far the list's head is shown").toEqual([null, scan]);
});

test("what others showed of this checkpoint counts, what was shown of another does not", async () => {
  const inputs = steps();
  chain.views.facts = factsOf({ checkpoint: 7n, newest: 2, walkedTo: 2 });
  chain.log(60n, "DepositShownPending", { checkpoint: 7n, deposit: 2 });
  await checkpoint(chain.context);
  expect(inputs[0]?.facts).toEqual({ newest: 2, walkedTo: 2, isComplete: false, shown: new Set([2]) });
  expect(numbers(inputs[0]?.deposits ?? [])).toEqual([3]);
  chain.views.facts = factsOf({ checkpoint: 6n, newest: 3, walkedTo: 3, isComplete: true });
  await checkpoint(chain.context);
  expect(inputs[1]?.facts).toMatchObject({ newest: 0, walkedTo: 1, isComplete: false });
});

test("a refused proof stops the cycle before balances and close", async () => {
  steps({}, {});
  chain.onSend = ({ functionName }) => functionName !== "prove" || chain.sent.length === 0;
  expect(await checkpoint(chain.context)).toBe(1);
  expect(chain.calls()).toEqual(["prove"]);
});

test("a dry run ends with the first thing it would send", async () => {
  Object.assign(chain.context.sender, { dryRun: true });
  steps({}, {});
  expect(await checkpoint(chain.context)).toBe(1);
  expect(chain.calls()).toEqual(["prove"]);
});

test("with nothing in flight no deposit is looked at", async () => {
  const quiet = snapshotOf(7n, 1, 0n);
  chain.open(51n, quiet);
  await chain.context.index.readTo(60n);
  chain.views.openSnapshotHash = snapshotHash(quiet);
  const inputs = steps({});
  expect(await checkpoint(chain.context)).toBe(2);
  expect(chain.calls()).toEqual(["proveBalances", "close"]);
  expect(inputs).toEqual([]);
});

test("while it may be disputed, all else is proven and the close waits", async () => {
  chain.views.facts = factsOf({ checkpoint: 7n, isComplete: true, absentSince: 4000, passedGwei: 64n });
  chain.timestamp = 7599n;
  expect(await checkpoint(chain.context)).toBe(1);
  expect(chain.calls()).toEqual(["proveBalances"]);
  expect(chain.states, "the walk is complete: no state for it").toHaveLength(1);
  chain.timestamp = 7600n;
  await checkpoint(chain.context);
  expect(chain.calls().at(-1)).toBe("close");
});

test("the short list's landed count as disputable too, and nothing that was shown", async () => {
  const facts = { checkpoint: 7n, isComplete: true, absentSince: 4000 };
  chain.views.facts = factsOf({ ...facts, passedGwei: 64n, shownGwei: 64n });
  chain.views.shortGwei = 32n;
  await checkpoint(chain.context);
  expect(chain.calls()).not.toContain("close");
  chain.views.facts = factsOf({ ...facts, passedGwei: 64n, shownGwei: 96n });
  await checkpoint(chain.context);
  expect(chain.calls()).toContain("close");
});

test("the watcher shows what another's complete walk passed as absent, before the open is final", async () => {
  const others = snapshotOf(8n, 4);
  chain.open(90n, others);
  chain.log(91n, "DepositPassedAbsent", { checkpoint: 8n, deposit: 3 });
  chain.views.provenState = [8n, 5n, rootOf("validators"), rootOf("pending")];
  chain.views.facts = factsOf({ checkpoint: 8n, newest: 2, walkedTo: 4, isComplete: true });
  const inputs = steps({ isLast: true });
  chain.onSend = ({ functionName, args }) => {
    chain.log(92n, "DepositShownPending", { checkpoint: 8n, deposit: 3 });
    return functionName === "prove" && args[0] === "proof 1";
  };
  expect(await watch(chain.context)).toBe(1);
  expect(chain.sent[0]?.job).toBe("watch");
  expect(inputs[0]).toMatchObject({ deposits: [], facts: { isComplete: true, walkedTo: 4 } });
  expect(numbers(inputs[0]?.watched ?? [])).toEqual([3]);
  expect(chain.states).toEqual([others.beaconRoot]);
  // all is shown now: nothing to fetch a state for
  expect(await watch(chain.context)).toBe(0);
  expect(chain.states).toHaveLength(1);
});

test("the watcher shows the short list at a checkpoint nobody has begun to walk, and leaves the walk alone", async () => {
  chain.log(51n, "DepositShownPending", { checkpoint: 6n, deposit: 1 });
  const inputs = steps();
  expect(await watch(chain.context), "it has landed: nothing to show").toBe(0);
  expect(inputs[0]).toMatchObject({ deposits: [], facts: { isComplete: true, walkedTo: 1 } });
  expect(numbers(inputs[0]?.watched ?? [])).toEqual([1]);
});

test("a look-alike of a landed deposit that somebody showed holds nobody up", async () => {
  chain.log(51n, "DepositShownPending", { checkpoint: 6n, deposit: 1 });
  chain.views.isShort = false;
  chain.views.facts = factsOf({ checkpoint: 7n, newest: 3, walkedTo: 3, isComplete: true });
  const inputs = steps({});
  expect(await watch(chain.context)).toBe(0);
  expect(await checkpoint(chain.context)).toBe(2);
  expect(chain.calls()).toEqual(["proveBalances", "close"]);
  expect(inputs, "it isn't shown once more").toEqual([]);
});

test("the watcher does nothing without a proven state, without anything to watch, or at another's open", async () => {
  const inputs = steps({}, {}, {});
  expect(await watch(chain.context), "nothing to watch").toBe(0);
  chain.views.provenState = [9n, 5n, rootOf("validators"), rootOf("pending")];
  expect(await watch(chain.context), "not the one that is known").toBe(0);
  chain.views.provenState = [0n, 0n, rootOf(""), rootOf("")];
  expect(await watch(chain.context)).toBe(0);
  expect([inputs, chain.states, chain.sent]).toEqual([[], [], []]);
});
