import { Tree } from "@chainsafe/persistent-merkle-tree";
import { ssz } from "@lodestar/types";
import fc from "fast-check";
import { bytesToHex, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import {
  BeaconError,
  type BeaconStateBytes,
  buildContainersProof,
  buildPendingProof,
  type ContainersProof,
  NO_CONTAINERS,
  openState,
  type PendingProof,
  pubkeyRoot,
  verifyContainersProof,
  verifyPendingProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { nodesOf } from "./support/listTree.ts";
import { SeededBytes } from "./support/seededBytes.ts";
import { encode } from "./support/structAbi.ts";
import { syntheticState } from "./support/syntheticState.ts";

const SEED = "lists";
const badProof = expect.objectContaining({ code: "badProof" });
const badInput = expect.objectContaining({ code: "badInput" });

interface Opened {
  readonly state: BeaconStateBytes;
  /** Lodestar's own reading of the same bytes. */
  readonly value: ReturnType<typeof ssz.fulu.BeaconState.deserializeToViewDU>;
}

async function open(validators: number, pendingDeposits: number): Promise<Opened> {
  const bytes = syntheticState({ fork: "fulu", validators, seed: SEED, pendingDeposits });
  const state = await openState({ preset: PRESET, fork: "fulu", bytes });
  return { state, value: ssz.fulu.BeaconState.deserializeToViewDU(bytes) };
}

function setsOf(count: number): number[][] {
  const random = new SeededBytes(`${SEED}/${count}`);
  const all = Array.from({ length: count }, (_, i) => i);
  const some = Array.from({ length: 8 }, () => random.distinct(1 + random.below(Math.min(count, 60)), count));
  return [all, [0], [count - 1], all.slice(0, 7), all.slice(-7), ...some];
}

describe.each([0, 1, 2, 3, 64, 1000, 1537])("a list of %i pending deposits", (count) => {
  it("has Lodestar's root, length and elements", async () => {
    const { state, value } = await open(5, count);
    expect(state.listRoot("pendingDeposits")).toBe(bytesToHex(value.pendingDeposits.hashTreeRoot()));
    const tree = new Tree(value.pendingDeposits.node);
    const empty = buildPendingProof(state, []);
    expect(empty).toEqual({
      length: BigInt(count),
      positions: [],
      elements: [],
      nodes: nodesOf(tree, 27, []),
    });
    expect(empty.nodes, "the data root alone").toEqual([bytesToHex(tree.getRoot(2n))]);
    for (const positions of count === 0 ? [] : setsOf(count)) {
      const proof = buildPendingProof(state, positions);
      expect(proof.nodes).toEqual(nodesOf(tree, 27, positions));
      expect(proof.elements).toEqual(
        positions.map((position) => {
          const { pubkey, signature, ...theirs } = value.pendingDeposits.getReadonly(position).toValue();
          return {
            pubkeyRoot: bytesToHex(ssz.BLSPubkey.hashTreeRoot(pubkey)),
            withdrawalCredentials: bytesToHex(theirs.withdrawalCredentials),
            amountGwei: BigInt(theirs.amount),
            signatureRoot: bytesToHex(ssz.BLSSignature.hashTreeRoot(signature)),
            slot: BigInt(theirs.slot),
          };
        }),
      );
      verifyPendingProof(proof, state.listRoot("pendingDeposits"));
      expect(encode.pendingProof(proof)).toMatch(/^0x/);
    }
  });

  it("shows nothing outside of it", async () => {
    const { state } = await open(5, count);
    for (const positions of [[count], [-1], [1, 0], [0, 0], [0.5], [2 ** 27]]) {
      expect(() => buildPendingProof(state, positions), positions.join()).toThrow(badInput);
    }
  });
});

describe.each([1, 2, 5, 257, 3000])("a registry of %i", (count) => {
  it("has Lodestar's root and containers", async () => {
    const { state, value } = await open(count, 0);
    const tree = new Tree(value.validators.node);
    for (const indices of setsOf(count)) {
      const proof = buildContainersProof(state, indices);
      expect(proof.length).toBe(BigInt(count));
      expect(proof.nodes).toEqual(nodesOf(tree, 40, indices));
      expect(proof.validators.map((validator) => validator.pubkeyRoot)).toEqual(
        indices.map((index) => bytesToHex(pubkeyRoot(value.validators.getReadonly(index).pubkey))),
      );
      verifyContainersProof(proof, bytesToHex(value.validators.hashTreeRoot()));
      expect(encode.containersProof(proof)).toMatch(/^0x/);
    }
  });

  it("shows nobody when nobody is asked for, and nobody outside of it", async () => {
    const { state } = await open(count, 0);
    expect(buildContainersProof(state, [])).toBe(NO_CONTAINERS);
    expect(() => verifyContainersProof(NO_CONTAINERS, state.listRoot("validators"))).toThrow(badProof);
    for (const indices of [[count], [-1], [1, 0], [0, 0]]) {
      expect(() => buildContainersProof(state, indices), indices.join()).toThrow(badInput);
    }
  });
});

describe("before Electra", () => {
  it("nothing of pending deposits is shown", async () => {
    const bytes = syntheticState({ fork: "deneb", validators: 5, seed: SEED });
    const state = await openState({ preset: PRESET, fork: "deneb", bytes });
    const unsupported = expect.objectContaining({ code: "unsupportedFork" });
    expect(() => buildPendingProof(state, [])).toThrow(unsupported);
    expect(state.listRoot("pendingDeposits")).toBe(`0x${"00".repeat(32)}`);
  });
});

describe("no changed proof is accepted:", () => {
  const flip = (value: Hex, bit: number): Hex => {
    const bytes = Buffer.from(value.slice(2), "hex");
    const at = (bit >> 3) % bytes.length;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    return bytesToHex(bytes);
  };
  const dice = fc.record({
    kind: fc.nat(99),
    at: fc.nat(999),
    bit: fc.nat(255),
    by: fc.bigInt(1n, 2n ** 64n - 1n),
  });
  type Dice = typeof dice extends fc.Arbitrary<infer Rolled> ? Rolled : never;
  const listOf = (nodes: readonly Hex[], { kind, at, bit }: Dice): Hex[] => {
    const place = at % nodes.length;
    if (kind % 3 === 0) return nodes.toSpliced(place, 1);
    if (kind % 3 === 1) return nodes.toSpliced(place, 0, nodes[bit % nodes.length] as Hex);
    return nodes.with(place, flip(nodes[place] as Hex, bit));
  };
  const add = (value: bigint, by: bigint): bigint => (value + by) % 2n ** 64n;

  function refuseAll<Proof>(
    valid: Proof,
    mutations: readonly ((proof: Proof, rolled: Dice) => Proof)[],
    verify: (proof: Proof) => void,
  ): void {
    const text = (proof: Proof): string =>
      JSON.stringify(proof, (_, v) => (typeof v === "bigint" ? `${v}` : v));
    verify(valid);
    fc.assert(
      fc.property(fc.nat(mutations.length - 1), dice, (which, rolled) => {
        const mutated = (mutations[which] as (typeof mutations)[number])(valid, rolled);
        if (text(mutated) === text(valid)) return;
        expect(() => verify(mutated), `mutation ${which}`).toThrow(BeaconError);
      }),
      { numRuns: 1500 },
    );
  }

  it.each([[[0, 1, 5, 63, 64, 99]], [[]]])("pending deposits at %j", async (positions) => {
    const { state } = await open(5, 100);
    const change = (
      proof: PendingProof,
      { at }: Dice,
      edit: (e: PendingProof["elements"][number]) => object,
    ) => ({
      ...proof,
      elements: proof.elements.map((e, i) => (i === at % proof.elements.length ? { ...e, ...edit(e) } : e)),
    });
    refuseAll(
      buildPendingProof(state, positions),
      [
        (proof, rolled) => ({ ...proof, nodes: listOf(proof.nodes, rolled) }),
        (proof, { by }) => ({ ...proof, length: add(proof.length, by) }),
        (proof, { at }) => ({ ...proof, positions: proof.positions.toSpliced(at % 6, 1) }),
        (proof, { at, bit }) => ({
          ...proof,
          positions: proof.positions.map((position, i) =>
            i === at % 6 ? position + 1 + (bit % 9) : position,
          ),
        }),
        (proof, { at }) => ({
          ...proof,
          positions: proof.positions.toSpliced(at % 6, 1),
          elements: proof.elements.toSpliced(at % 6, 1),
        }),
        (proof) => ({ ...proof, elements: proof.elements.toReversed() }),
        (proof, rolled) => change(proof, rolled, (e) => ({ slot: add(e.slot, rolled.by) })),
        (proof, rolled) => change(proof, rolled, (e) => ({ amountGwei: add(e.amountGwei, rolled.by) })),
        (proof, rolled) => change(proof, rolled, (e) => ({ pubkeyRoot: flip(e.pubkeyRoot, rolled.bit) })),
        (proof, rolled) =>
          change(proof, rolled, (e) => ({ signatureRoot: flip(e.signatureRoot, rolled.bit) })),
        (proof, rolled) =>
          change(proof, rolled, (e) => ({
            withdrawalCredentials: flip(e.withdrawalCredentials, rolled.bit),
          })),
      ],
      (proof) => verifyPendingProof(proof, state.listRoot("pendingDeposits")),
    );
  });

  it("containers", async () => {
    const { state } = await open(300, 0);
    const change = (
      proof: ContainersProof,
      { at }: Dice,
      edit: (v: ContainersProof["validators"][number]) => object,
    ) => ({
      ...proof,
      validators: proof.validators.map((v, i) => (i === at % 6 ? { ...v, ...edit(v) } : v)),
    });
    refuseAll(
      buildContainersProof(state, [0, 1, 7, 255, 256, 299]),
      [
        (proof, rolled) => ({ ...proof, nodes: listOf(proof.nodes, rolled) }),
        (proof, { by }) => ({ ...proof, length: add(proof.length, by) }),
        (proof, { at }) => ({ ...proof, indices: proof.indices.toSpliced(at % 6, 1) }),
        (proof, { at, bit }) => ({
          ...proof,
          indices: proof.indices.map((index, i) => (i === at % 6 ? index + 1 + (bit % 9) : index)),
        }),
        (proof) => ({ ...proof, validators: proof.validators.toReversed() }),
        (proof, rolled) => change(proof, rolled, (v) => ({ exitEpoch: add(v.exitEpoch, rolled.by) })),
        (proof, rolled) => change(proof, rolled, (v) => ({ slashed: !v.slashed })),
        (proof, rolled) => change(proof, rolled, (v) => ({ pubkeyRoot: flip(v.pubkeyRoot, rolled.bit) })),
      ],
      (proof) => verifyContainersProof(proof, state.listRoot("validators")),
    );
  });
});
