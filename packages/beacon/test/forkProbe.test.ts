import { Tree } from "@chainsafe/persistent-merkle-tree";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { ssz } from "@lodestar/types";
import fc from "fast-check";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BeaconError,
  type BeaconStateBytes,
  buildForkProbe,
  type ForkName,
  type ForkProbe,
  fromBlockRoot,
  isProbeable,
  leafGindex,
  openState,
  probeContextOf,
  probeIndices,
  verifyForkProbe,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { encode } from "./support/structAbi.ts";
import { syntheticState, type View } from "./support/syntheticState.ts";

type Value = ReturnType<typeof ssz.electra.BeaconState.defaultValue>;

const CLOCK = { slotsPerEpoch: BigInt(SLOTS_PER_EPOCH), secondsPerSlot: 12n };
const COUNT = 700;
/** A key that holds nothing; those behind it have balances that fit, but for one. */
const [EMPTY, ODD, OURS] = [300, 302, 412];
const code = (value: string): unknown => expect.objectContaining({ code: value });

/** Balances that fit, as on a chain; the synthetic ones are at random. */
function plausible(view: View): void {
  for (let i = 0; i < COUNT; i++) {
    const { effectiveBalance } = view.validators.getReadonly(i);
    view.balances.set(i, effectiveBalance + (i % 2) * 1_000_000_000);
  }
  view.validators.get(EMPTY).effectiveBalance = 0;
  view.balances.set(EMPTY, 0);
  view.balances.set(ODD, 1_000_000_000_000);
  view.validators.get(OURS).effectiveBalance = 2_048_000_000_000;
  view.balances.set(OURS, 2_300_000_000_000);
}

async function open(fork: ForkName, edit: (view: View) => void = () => undefined, pendingDeposits = 9) {
  const bytes = syntheticState({
    fork,
    validators: COUNT,
    seed: "probe",
    pendingDeposits,
    edit: (view) => {
      plausible(view);
      edit(view);
    },
  });
  return { bytes, state: await openState({ preset: PRESET, fork, bytes }) };
}

describe.each(["deneb", "electra", "fulu"] as const)("a probe of %s", (fork: ForkName) => {
  let bytes: Uint8Array;
  let state: BeaconStateBytes;
  const verify = (probe: ForkProbe) => verifyForkProbe(probe, probeContextOf(state), CLOCK);

  beforeAll(async () => {
    ({ bytes, state } = await open(fork));
  });

  it("shows three working validators that fit, the pool's key one of them or beyond them", () => {
    expect(probeIndices(state, OURS)).toEqual([OURS, OURS + 1, OURS + 2]);
    expect(probeIndices(state, EMPTY), "empty, and one that does not fit").toEqual([300, 301, 303, 304]);
    expect(probeIndices(state, COUNT - 1)).toEqual([0, 1, COUNT - 1]);
    expect(isProbeable(state, OURS), "above the maximum").toBe(true);
    expect(isProbeable(state, ODD)).toBe(false);
  });

  it("says what the state holds", () => {
    // Fulu's fields are Electra's and one more; Deneb's value has no deposits
    const value = ssz[fork].BeaconState.deserialize(bytes) as Partial<Value> & Omit<Value, "pendingDeposits">;
    const probe = buildForkProbe(state, probeIndices(state, EMPTY), CLOCK);
    expect(probe).toMatchObject({
      slot: BigInt(value.slot),
      finalizedEpoch: BigInt(value.finalizedCheckpoint.epoch),
      validatorCount: BigInt(COUNT),
    });
    const deposits = value.pendingDeposits ?? [];
    expect(probe.pendingDeposits).toBe(BigInt(deposits.length));
    expect(probe.firstDepositSlot).toBe(BigInt(deposits[0]?.slot ?? 0));
    const flags = value.previousEpochParticipation.slice(288, 320);
    expect(probe.participationChunk).toBe(bytesToHex(Uint8Array.from(flags)));
    verify(probe);
  });

  it("has the client's own nodes below the first deposit", () => {
    const list = state.row.pendingDeposits;
    if (list === null) return;
    const tree = new Tree(ssz[fork].BeaconState.deserializeToViewDU(bytes).node);
    for (const position of [0, 8]) {
      const element = ((list * 2n) << 27n) + BigInt(position);
      for (const below of [1n, 2n, 3n, 5n, 8n, 9n, 10n, 11n, 12n, 13n, 7n]) {
        const depth = BigInt(below.toString(2).length - 1);
        const inState = (element << depth) + below - (1n << depth);
        const gindex = fromBlockRoot(state.row, list, 2n, leafGindex(27, position), below);
        expect(bytesToHex(state.node(gindex)), String(below)).toBe(bytesToHex(tree.getRoot(inState)));
      }
    }
    const beyond = fromBlockRoot(state.row, list, 2n, leafGindex(27, 9), 12n);
    expect(() => state.node(beyond)).toThrow(code("badInput"));
  });

  it("fits the contract's struct", () => {
    expect(encode.forkProbe(buildForkProbe(state, probeIndices(state, OURS), CLOCK))).toMatch(/^0x/);
  });

  it("refuses validators that do not fit, too few of them, and indices out of order", () => {
    expect(() => buildForkProbe(state, [ODD, OURS, OURS + 1, OURS + 2], CLOCK)).toThrow(code("badInput"));
    expect(() => buildForkProbe(state, [EMPTY, OURS, OURS + 1], CLOCK)).toThrow(code("badInput"));
    expect(() => buildForkProbe(state, [OURS + 1, OURS, OURS + 2], CLOCK)).toThrow(code("badInput"));
    expect(() => buildForkProbe(state, [], CLOCK)).toThrow(code("badInput"));
  });

  it("refuses odd finality and, where the list exists, its being empty", async () => {
    const finalized = (epochs: bigint) =>
      open(fork, (view) => {
        const epoch = Number(BigInt(view.slot) / CLOCK.slotsPerEpoch - epochs);
        view.finalizedCheckpoint = ssz.phase0.Checkpoint.toViewDU({ epoch, root: new Uint8Array(32) });
      });
    const week = (7n * 86_400n) / (CLOCK.secondsPerSlot * CLOCK.slotsPerEpoch);
    for (const [epochs, fits] of [
      [1n, false],
      [2n, true],
      [week, true],
      [week + 1n, false],
    ] as const) {
      const { state: other } = await finalized(epochs);
      const build = () => buildForkProbe(other, [OURS, OURS + 1, OURS + 2], CLOCK);
      if (fits) build();
      else expect(build, `${epochs} epochs`).toThrow(code("badInput"));
    }
    const { state: without } = await open(fork, undefined, 0);
    const build = () => buildForkProbe(without, [OURS, OURS + 1, OURS + 2], CLOCK);
    if (fork === "deneb") build();
    else expect(build).toThrow(code("badInput"));
  });

  it("is good for its own chain and execution block only", () => {
    const probe = buildForkProbe(state, probeIndices(state, OURS), CLOCK);
    const context = probeContextOf(state);
    const other: Hex = `0x${"77".repeat(32)}`;
    for (const name of ["genesisValidatorsRoot", "executionBlockHash", "blockRoot"] as const) {
      expect(() => verifyForkProbe(probe, { ...context, [name]: other }, CLOCK), name).toThrow(
        code("badProof"),
      );
    }
    expect(() => verifyForkProbe(probe, { ...context, forkVersion: "0x07000000" }, CLOCK)).toThrow(
      code("badProof"),
    );
  });

  it("accepts no changed probe", () => {
    const valid = buildForkProbe(state, probeIndices(state, EMPTY), CLOCK);
    let tried = 0;
    fc.assert(
      fc.property(fc.nat(8), fc.nat(), fc.nat(255), (kind, at, bit) => {
        const probe = changed(valid, kind, at, bit);
        if (text(probe) === text(valid)) return;
        tried++;
        try {
          verify(probe);
        } catch (error) {
          expect(error, "a refusal, not a crash").toBeInstanceOf(BeaconError);
          return;
        }
        expect.unreachable(`accepted: mutation ${kind}`);
      }),
      { numRuns: 1000 },
    );
    expect(tried).toBeGreaterThan(900);
  });
});

function changed(valid: ForkProbe, kind: number, at: number, bit: number): ForkProbe {
  const by = 1n + BigInt(at);
  const name = at % 2 === 0 ? "nodes" : "balanceChunks";
  const list = valid[name];
  const place = (at >> 1) % list.length;
  const all: ForkProbe[] = [
    { ...valid, [name]: list.with(place, flip(list[place] as Hex, bit)) },
    { ...valid, [name]: list.toSpliced(place, 1) },
    { ...valid, [name]: list.toSpliced(place, 0, list[at % list.length] as Hex) },
    { ...valid, finalizedEpoch: valid.finalizedEpoch - by },
    { ...valid, validatorCount: valid.validatorCount + by },
    { ...valid, indices: valid.indices.with(at % valid.indices.length, at % COUNT) },
    { ...valid, participationChunk: flip(valid.participationChunk, bit) },
    { ...valid, slot: valid.slot + by },
    at % 2 === 0 && valid.pendingDeposits > 0n
      ? { ...valid, pendingDeposits: valid.pendingDeposits + by }
      : {
          ...valid,
          firstDepositSlot: valid.firstDepositSlot + (valid.pendingDeposits > 0n ? by : valid.slot + by),
        },
  ];
  return all[kind] as ForkProbe;
}

const text = (probe: ForkProbe) => JSON.stringify(probe, (_, v) => (typeof v === "bigint" ? `${v}` : v));

function flip(value: Hex, bit: number): Hex {
  const bytes = hexToBytes(value);
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  return bytesToHex(bytes);
}
