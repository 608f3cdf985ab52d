import { ssz } from "@lodestar/types";
import { describe, expect, it } from "vitest";
import {
  type BeaconStateBytes,
  buildStateProof,
  type InFlightLimits,
  type InFlightScan,
  NO_CONTAINERS,
  nextInFlightProof,
  openState,
  type PoolDeposit,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { DepositQueue, type Queued } from "./support/depositQueue.ts";
import { InFlightModel } from "./support/inFlightModel.ts";
import { SeededBytes } from "./support/seededBytes.ts";
import { encode } from "./support/structAbi.ts";
import { syntheticState } from "./support/syntheticState.ts";

const VALIDATORS = 24;
const GWEI = 1_000_000_000;
const DEFAULTS: InFlightLimits = { validators: 100, elements: 400 };
const NOTHING = { length: 0n, positions: [], elements: [], nodes: [] };

interface Scene {
  readonly slot: number;
  readonly queue: readonly Queued[];
  readonly made: readonly Queued[];
  readonly exits: ReadonlySet<number>;
}

interface Opened {
  readonly state: BeaconStateBytes;
  readonly deposits: readonly PoolDeposit[];
}

const keys = new SeededBytes("keys");
const BYTES_OF_KEYS = Array.from({ length: VALIDATORS }, () => keys.bytes(48));

/** The scene as a state's bytes. Slots of scenes count from one that lies before any state's. */
async function open(scene: Scene): Promise<Opened> {
  const bytes = syntheticState({
    fork: "fulu",
    validators: VALIDATORS,
    seed: "in flight",
    edit: (view) => {
      for (let i = 0; i < VALIDATORS; i++) {
        const validator = view.validators.get(i);
        validator.pubkey = BYTES_OF_KEYS[i] as Buffer;
        validator.exitEpoch = scene.exits.has(i) ? 40_000 : Number.POSITIVE_INFINITY;
      }
      view.slot = scene.slot;
      view.latestBlockHeader.slot = scene.slot;
      const elements = scene.queue.map(({ validator, amount, slot }, i) => ({
        pubkey: BYTES_OF_KEYS[validator] as Buffer,
        withdrawalCredentials: new Uint8Array(32).fill(i),
        amount: amount * GWEI,
        signature: new Uint8Array(96).fill(i),
        slot,
      }));
      view.pendingDeposits = ssz.electra.PendingDeposits.toViewDU(elements);
    },
  });
  const state = await openState({ preset: PRESET, fork: "fulu", bytes });
  const deposits = scene.made.map(({ number, validator, amount, slot }) => ({
    number,
    pubkeyRoot: state.validator(validator).pubkeyRoot,
    validatorIndex: validator,
    amountGwei: BigInt(amount) * BigInt(GWEI),
    slot: BigInt(slot),
  }));
  return { state, deposits };
}

interface Walked {
  readonly model: InFlightModel;
  readonly steps: number;
}

/** A keeper that shows everything there is, step by step, to a contract that reads the rules strictly. */
function showAll(
  { state, deposits }: Opened,
  short: readonly PoolDeposit[],
  landed: number,
  limits: InFlightLimits,
): Walked {
  const model = new InFlightModel(buildStateProof(state), deposits, short, landed);
  let scan: InFlightScan | null = null;
  let wasLast = false;
  for (let steps = 0; ; steps++) {
    const rest = deposits.slice(model.walkedTo);
    const watched = [...short, ...model.absent];
    const step = nextInFlightProof({ state, deposits: rest, watched, facts: model.facts(), scan, limits });
    if (step === null) {
      expect(wasLast || steps === 0, "the last step said so").toBe(true);
      return { model, steps };
    }
    expect(wasLast, "nothing follows the last step").toBe(false);
    expect(step.proof.containers.indices.length).toBeLessThanOrEqual(limits.validators);
    expect(encode.inFlightProof(step.proof)).toMatch(/^0x/);
    model.prove(step.proof);
    scan = step.scan;
    wasLast = step.isLast;
    expect(steps, "it comes to an end").toBeLessThan(200);
  }
}

/** Checkpoints along a random chain: after each the short list and the pointer are carried over. */
async function live(seed: string, options: { lookAlikes: boolean; limits: InFlightLimits; most: number }) {
  const queue = new DepositQueue(new SeededBytes(seed), VALIDATORS, options.lookAlikes);
  let landed = 0;
  let short: PoolDeposit[] = [];
  const met = { short: 0, absent: 0 };
  for (let checkpoint = 0; checkpoint < 12; checkpoint++) {
    for (let i = 0; i < 9; i++) queue.tick(options.most);
    const scene = { ...queue, exits: new Set(queue.exits.keys()) };
    // a deposit of the block that opens the checkpoint: of a later slot than the state's
    const late = { number: queue.made.length + 1, validator: 0, amount: 1, slot: queue.slot + 1 };
    const opened = await open({ ...scene, queue: queue.queue, made: [...queue.made, late] });
    const { model } = showAll(opened, short, landed, options.limits);
    const inFlight = new Set(model.inFlight());
    const isQueued = (number: number): boolean => {
      const ours = [...queue.made, late][number - 1] as Queued;
      const same = (other: Queued): boolean =>
        other.validator === ours.validator && other.amount === ours.amount && other.slot === ours.slot;
      return number === late.number || queue.queue.some(same);
    };
    for (const { number } of opened.deposits) {
      const what = `${seed}: deposit ${number} at checkpoint ${checkpoint}`;
      const truth = !queue.landed.has(number);
      if (!options.lookAlikes) expect(inFlight.has(number), what).toBe(truth);
      if (truth) expect(inFlight.has(number), `${what} is on its way`).toBe(true);
      if (inFlight.has(number)) expect(isQueued(number), `${what} or its double is in the list`).toBe(true);
    }
    short = [...short, ...model.passed].filter(({ number }) => model.shown.has(number));
    landed = model.walkedTo;
    met.short += short.length;
    met.absent += model.absent.length;
  }
  return met;
}

const SMALL = { validators: 2, elements: 3 };

describe("along random chains, with exits and postponed deposits,", () => {
  it.each([
    ["whole calls", DEFAULTS, 3],
    ["small calls", SMALL, 3],
    ["many deposits in a slot", { validators: 5, elements: 12 }, 9],
  ])("each deposit is in flight exactly until it has landed: %s", async (_, limits, most) => {
    const met = { short: 0, absent: 0 };
    for (let seed = 0; seed < 12; seed++) {
      const { short, absent } = await live(`exact ${seed}`, { lookAlikes: false, limits, most });
      met.short += short;
      met.absent += absent;
    }
    expect(Math.min(met.short, met.absent), "both kinds of exiting ones were met").toBeGreaterThan(10);
  });

  it.each([
    ["whole calls", DEFAULTS],
    ["small calls", SMALL],
  ])(
    "foreign deposits just like ours hinder nobody, and hide nothing that is on its way: %s",
    async (_, limits) => {
      for (let seed = 0; seed < 25; seed++)
        await live(`alike ${seed}`, { lookAlikes: true, limits, most: 4 });
    },
  );
});

/** Elements named by their deposit's number, or by its number as text for one just like it. */
async function scene(
  deposits: readonly { slot: number; validator: number }[],
  list: readonly (number | string | { slot: number })[],
  exits: readonly number[] = [],
): Promise<Opened> {
  const made = deposits.map((deposit, i) => ({ number: i + 1, amount: 32, ...deposit }));
  const queue = list.map((entry) =>
    typeof entry === "object"
      ? { number: 0, validator: VALIDATORS - 1, amount: 1, ...entry }
      : (made[Number(entry) - 1] as Queued),
  );
  return open({ slot: 100, queue, made, exits: new Set(exits) });
}

function first({ state, deposits }: Opened, limits = DEFAULTS) {
  const facts = { newest: 0, walkedTo: 0, isComplete: false, shown: new Set<number>() };
  return nextInFlightProof({ state, deposits, watched: [], facts, limits });
}

describe("what is shown:", () => {
  it("nothing when there are no deposits", async () => {
    expect(first(await scene([], [{ slot: 5 }]))).toBeNull();
  });

  it("an empty list, by its length", async () => {
    const opened = await scene([{ slot: 10, validator: 1 }], []);
    const step = first(opened);
    expect(step?.proof).toMatchObject({ newest: 1, walkTo: 1, boundary: [], anchor: 0 });
    expect(step?.proof.pending).toMatchObject({ length: 0n, positions: [] });
    expect(step?.proof.pending.nodes).toHaveLength(1);
    expect(step?.isLast).toBe(true);
    expect(showAll(opened, [], 0, DEFAULTS).model.inFlight()).toEqual([]);
  });

  it("only that they are young, for deposits of later slots", async () => {
    const step = first(await scene([{ slot: 101, validator: 1 }], [{ slot: 5 }]));
    expect(step?.proof).toEqual({
      containers: NO_CONTAINERS,
      pending: NOTHING,
      shown: [],
      shownAt: [],
      newest: 0,
      walkTo: 0,
      boundary: [],
      anchor: 0,
    });
    expect(step?.isLast).toBe(true);
  });

  it("the head up to a later slot, and the boundary behind it", async () => {
    const deposits = [10, 20, 30, 30, 40].map((slot, validator) => ({ slot, validator }));
    const opened = await scene(deposits, [{ slot: 5 }, { slot: 21 }, { slot: 22 }, 3, { slot: 30 }, 4, 5]);
    const step = first(opened);
    expect(step?.proof).toMatchObject({ newest: 2, walkTo: 2, boundary: [2, 3], anchor: 3 });
    expect(step?.proof.pending.positions).toEqual([0, 1, 3, 5]);
    expect(step?.proof.containers.indices).toEqual([0, 1, 2]);
    expect(showAll(opened, [], 0, DEFAULTS).model.inFlight()).toEqual([3, 4, 5]);
  });

  it("a deposit of the state's own slot, as the boundary", async () => {
    const opened = await scene([{ slot: 100, validator: 1 }], [1]);
    expect(first(opened)?.proof).toMatchObject({ newest: 0, walkTo: 0, boundary: [0], anchor: 1 });
  });

  it("postponed ones one by one, absent ones not at all", async () => {
    const deposits = [10, 20, 30].map((slot, validator) => ({ slot, validator }));
    const opened = await scene(deposits, [{ slot: 40 }, 2], [0, 1]);
    const { model } = showAll(opened, [], 0, DEFAULTS);
    expect(model.absent.map(({ number }) => number)).toEqual([1]);
    expect(model.inFlight()).toEqual([2]);
    expect(first(opened)?.proof).toMatchObject({ newest: 3, walkTo: 3, shown: [2], shownAt: [1] });
  });

  it("a whole slot of exiting validators, before the boundary of a later one", async () => {
    const deposits = [10, 10, 20].map((slot, validator) => ({ slot, validator }));
    const step = first(await scene(deposits, [1, 2, 3], [0, 1]));
    expect(step?.proof).toMatchObject({ shown: [1, 2], walkTo: 2, boundary: [2], anchor: 3 });
  });

  it("an exiting one with its slot, if another of that slot is the anchor", async () => {
    const deposits = [10, 10].map((slot, validator) => ({ slot, validator }));
    const step = first(await scene(deposits, [1, 2], [0]));
    expect(step?.proof).toMatchObject({ shown: [], walkTo: 0, boundary: [0, 1], anchor: 2 });
    expect(step?.proof.containers.indices).toEqual([1]);
  });

  it("an older one, where a double hides that the newest has landed", async () => {
    const deposits = [10, 20, 30].map((slot, validator) => ({ slot, validator }));
    const opened = await scene(deposits, ["2", 3]);
    expect(first(opened)?.proof).toMatchObject({ newest: 1, walkTo: 1, boundary: [0], anchor: 2 });
    // and where something behind it is to be walked, it passes by being shown
    const walked = await scene(deposits, ["2"], [2]);
    expect(first(walked)?.proof).toMatchObject({ newest: 1, shown: [2], walkTo: 3, boundary: [], anchor: 0 });
  });

  it("the double of one older than the newest landed not at all", async () => {
    const deposits = [10, 10, 20].map((slot, validator) => ({ slot, validator }));
    const opened = await scene(deposits, ["1", 3]);
    expect(first(opened)?.proof).toMatchObject({ newest: 2, shown: [], walkTo: 2, anchor: 3 });
  });
});

describe("in parts:", () => {
  it("a long head is scanned first, by nothing but its elements", async () => {
    const head = Array.from({ length: 10 }, (_, i) => ({ slot: i }));
    const opened = await scene(
      [
        { slot: 50, validator: 1 },
        { slot: 90, validator: 2 },
      ],
      [...head, 2],
    );
    const limits = { validators: 100, elements: 4 };
    const step = first(opened, limits);
    expect(step?.proof).toMatchObject({ newest: 1, walkTo: 0, boundary: [] });
    expect(step?.proof.pending.positions).toEqual([0, 1, 2, 3]);
    expect(step?.scan).toEqual({ newest: 1, next: 4 });
    expect(step?.isLast).toBe(false);
    const { model, steps } = showAll(opened, [], 0, limits);
    expect(model.inFlight()).toEqual([2]);
    expect(steps).toBe(4);
  });

  it("a slot's deposits are shown together even above the limit", async () => {
    const deposits = Array.from({ length: 8 }, (_, validator) => ({ slot: 10, validator }));
    const { model, steps } = showAll(await scene(deposits, [1, 2, 3, 4, 5, 6, 7, 8]), [], 0, SMALL);
    expect(model.inFlight()).toHaveLength(8);
    expect(steps).toBe(1);
  });

  it("one that was wrongly passed as absent is shown, and a complete one stays so", async () => {
    const { state, deposits } = await scene([{ slot: 10, validator: 1 }], [1], [1]);
    const facts = { newest: 0, walkedTo: 1, isComplete: true, shown: new Set<number>() };
    const step = nextInFlightProof({ state, deposits: [], watched: deposits, facts });
    expect(step?.proof).toMatchObject({ shown: [1], shownAt: [0], walkTo: 1, newest: 0 });
    const shown = { ...facts, shown: new Set([1]) };
    expect(nextInFlightProof({ state, deposits: [], watched: deposits, facts: shown })).toBeNull();
  });

  it("a short list alone is said to be all, also when none of it is left in the list", async () => {
    for (const [queue, shown] of [
      [[], []],
      [[1], [1]],
    ]) {
      const { state, deposits } = await scene([{ slot: 10, validator: 1 }], queue as number[], [1]);
      const facts = { newest: 0, walkedTo: 1, isComplete: false, shown: new Set<number>() };
      const input = { state, deposits: [], watched: deposits };
      const step = nextInFlightProof({ ...input, facts });
      expect(step?.proof).toMatchObject({ shown, walkTo: 1, boundary: [] });
      expect(step?.isLast).toBe(true);
      const complete = { ...facts, isComplete: true, shown: new Set(shown as number[]) };
      expect(nextInFlightProof({ ...input, facts: complete })).toBeNull();
    }
  });

  it("deposits out of order are refused", async () => {
    const { state, deposits } = await scene(
      [10, 20].map((slot) => ({ slot, validator: 1 })),
      [1, 2],
    );
    const facts = { newest: 0, walkedTo: 0, isComplete: false, shown: new Set<number>() };
    const bad = expect.objectContaining({ code: "badInput" });
    for (const given of [deposits.toReversed(), deposits.slice(1)]) {
      expect(() => nextInFlightProof({ state, deposits: given, watched: [], facts })).toThrow(bad);
    }
  });
});
