import { Tree } from "@chainsafe/persistent-merkle-tree";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { ssz } from "@lodestar/types";
import fc from "fast-check";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BeaconError,
  type BeaconStateBytes,
  buildParticipationProof,
  contextOf,
  type ForkName,
  fromBlockRoot,
  leafGindex,
  openState,
  type ParticipationProof,
  verifyParticipationProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { encode } from "./support/structAbi.ts";
import { syntheticState } from "./support/syntheticState.ts";

const EPOCH_SLOTS = BigInt(SLOTS_PER_EPOCH);
const COUNT = 700;
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe.each(["deneb", "electra", "fulu"] as const)("participation in %s", (fork: ForkName) => {
  let bytes: Uint8Array;
  let state: BeaconStateBytes;
  let active: number[];
  const build = (indices: readonly number[]): ParticipationProof =>
    buildParticipationProof(state, 1n, indices, EPOCH_SLOTS);
  const verify = (proof: ParticipationProof) =>
    verifyParticipationProof(proof, contextOf(state), EPOCH_SLOTS);

  beforeAll(async () => {
    bytes = syntheticState({ fork, validators: COUNT, seed: "participation" });
    state = await openState({ preset: PRESET, fork, bytes });
    const epoch = state.slot / EPOCH_SLOTS - 1n;
    active = Array.from({ length: COUNT }, (_, i) => i).filter((i) => {
      const { slashed, activationEpoch, exitEpoch } = state.validator(i);
      return !slashed && activationEpoch <= epoch && exitEpoch > epoch;
    });
  });

  it("says what the list holds", () => {
    const value = ssz[fork].BeaconState.deserialize(bytes) as { previousEpochParticipation: number[] };
    const said = verify(build(active));
    expect(said.flags).toEqual(active.map((index) => value.previousEpochParticipation[index]));
    expect(new Set(said.flags).size).toBeGreaterThan(4);
    expect(said.epoch).toBe(state.slot / EPOCH_SLOTS - 1n);
  });

  it("has the client's own nodes", () => {
    const tree = new Tree(ssz[fork].BeaconState.deserializeToViewDU(bytes).node);
    const list = state.row.previousEpochParticipation;
    for (const chunk of [0, 1, 21]) {
      const inState = ((list * 2n) << 35n) + BigInt(chunk);
      const gindex = fromBlockRoot(state.row, list, 2n, leafGindex(35, chunk));
      expect(bytesToHex(state.node(gindex))).toBe(bytesToHex(tree.getRoot(inState)));
      expect(bytesToHex(state.node(gindex ^ 1n))).toBe(bytesToHex(tree.getRoot(inState ^ 1n)));
    }
    const epoch = fromBlockRoot(state.row, state.row.finalizedCheckpoint, 2n);
    expect(state.node(epoch)).toEqual(tree.getRoot(state.row.finalizedCheckpoint * 2n));
  });

  it("fits the contract's struct", () => {
    expect(encode.participationProof(build(active.slice(0, 3)))).toMatch(/^0x/);
  });

  it("refuses who was not active or is slashed, and indices out of order", () => {
    const absent = Array.from({ length: COUNT }, (_, i) => i).find((i) => !active.includes(i)) as number;
    expect(() => build([absent])).toThrow(code("badInput"));
    expect(() => build([3, 1])).toThrow(code("badInput"));
    expect(() => build([COUNT])).toThrow(code("badInput"));
    expect(() => build([])).toThrow(code("badProof"));
  });

  it("refuses another slot, old finality and another epoch's length", () => {
    const proof = build(active.slice(0, 2));
    expect(() => verify({ ...proof, slot: proof.slot - 1n })).toThrow(code("badProof"));
    expect(() => verify({ ...proof, finalizedEpoch: proof.finalizedEpoch - 2n })).toThrow(code("badProof"));
    expect(() => verifyParticipationProof(proof, contextOf(state), EPOCH_SLOTS * 64n)).toThrow(
      code("badProof"),
    );
  });

  it("accepts no changed proof", () => {
    const indices = active.filter((_, i) => i % 60 === 0);
    const valid = build(indices);
    const lists = ["participationChunks", "nodes"] as const;
    let tried = 0;
    fc.assert(
      fc.property(fc.nat(5), fc.nat(), fc.nat(255), (kind, at, bit) => {
        const name = lists[at % 2] as (typeof lists)[number];
        const list = valid[name];
        const place = (at >> 1) % list.length;
        const changed: ParticipationProof[] = [
          { ...valid, [name]: list.with(place, flip(list[place] as Hex, bit)) },
          { ...valid, [name]: list.toSpliced(place, 1) },
          { ...valid, [name]: list.toSpliced(place, 0, list[at % list.length] as Hex) },
          { ...valid, finalizedEpoch: valid.finalizedEpoch + 1n + BigInt(at) },
          { ...valid, validatorCount: valid.validatorCount + 1n + BigInt(at) },
          { ...valid, indices: valid.indices.with(at % indices.length, at % COUNT) },
        ];
        const proof = changed[kind] as ParticipationProof;
        if (JSON.stringify(proof.indices) === JSON.stringify(valid.indices) && kind === 5) return;
        tried++;
        try {
          verify(proof);
        } catch (error) {
          expect(error, "a refusal, not a crash").toBeInstanceOf(BeaconError);
          return;
        }
        expect.unreachable(`accepted: mutation ${kind}`);
      }),
      { numRuns: 1000 },
    );
    expect(tried).toBeGreaterThan(500);
  });
});

function flip(value: Hex, bit: number): Hex {
  const bytes = hexToBytes(value);
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  return bytesToHex(bytes);
}
