import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildMultiproof, computeMultiproofRoot, helperIndices, type Leaf } from "../src/index.ts";

const DEPTH = 9;
const badProof = expect.objectContaining({ code: "badProof" });

/** A full tree, hashed by node:crypto: nothing shared with the code under test. */
function fullTree(depth: number): Map<bigint, Uint8Array> {
  const nodes = new Map<bigint, Uint8Array>();
  for (let gindex = 2n ** BigInt(depth + 1) - 1n; gindex >= 1n; gindex--) {
    const children = [nodes.get(gindex * 2n), nodes.get(gindex * 2n + 1n)];
    const content = children[0] === undefined ? [Buffer.from(`leaf ${gindex}`)] : (children as Uint8Array[]);
    const hash = createHash("sha256");
    for (const part of content) hash.update(part);
    nodes.set(gindex, new Uint8Array(hash.digest()));
  }
  return nodes;
}

const tree = fullTree(DEPTH);
const source = (gindex: bigint): Uint8Array => tree.get(gindex) as Uint8Array;

/** get_helper_indices of ssz/merkle-proofs.md, word for word. */
function specHelperIndices(gindices: readonly bigint[]): bigint[] {
  const helpers = new Set<bigint>();
  const paths = new Set<bigint>();
  for (const gindex of gindices) {
    for (let node = gindex; node > 1n; node >>= 1n) {
      helpers.add(node ^ 1n);
      paths.add(node);
    }
  }
  return [...helpers].filter((node) => !paths.has(node)).sort((a, b) => (a > b ? -1 : 1));
}

/** Random leaves at any depth, strictly descending, none another's ancestor. */
const leafSets = fc
  .uniqueArray(fc.bigInt({ min: 2n, max: 2n ** BigInt(DEPTH + 1) - 1n }), { minLength: 1, maxLength: 40 })
  .map((gindices) => {
    const isAncestor = (a: bigint, b: bigint): boolean =>
      b > a && b >> BigInt(b.toString(2).length - a.toString(2).length) === a;
    return gindices
      .filter((gindex) => !gindices.some((other) => isAncestor(gindex, other)))
      .sort((a, b) => (a > b ? -1 : 1));
  });

function proofOf(gindices: readonly bigint[]): { leaves: Leaf[]; nodes: Uint8Array[] } {
  return {
    leaves: gindices.map((gindex) => ({ gindex, value: source(gindex) })),
    nodes: buildMultiproof(gindices, source),
  };
}

describe("strict multiproofs", () => {
  it("ask for the specification's helper indices, in descending order", () => {
    fc.assert(
      fc.property(leafSets, (gindices) => {
        expect(helperIndices(gindices)).toEqual(specHelperIndices(gindices));
      }),
      { numRuns: 2000 },
    );
  });

  it("lead to the root", () => {
    fc.assert(
      fc.property(leafSets, (gindices) => {
        const { leaves, nodes } = proofOf(gindices);
        expect(computeMultiproofRoot(leaves, nodes)).toEqual(source(1n));
      }),
      { numRuns: 2000 },
    );
  });

  it("need no node when all leaves are there", () => {
    const gindices = Array.from({ length: 2 ** DEPTH }, (_, i) => 2n ** BigInt(DEPTH + 1) - 1n - BigInt(i));
    expect(helperIndices(gindices)).toEqual([]);
  });

  it("refuse a node too many or too few, anywhere", () => {
    fc.assert(
      fc.property(leafSets, fc.nat(), (gindices, at) => {
        const { leaves, nodes } = proofOf(gindices);
        const place = at % (nodes.length + 1);
        expect(() => computeMultiproofRoot(leaves, nodes.toSpliced(place, 0, source(1n)))).toThrow(badProof);
        if (nodes.length > 0) {
          expect(() => computeMultiproofRoot(leaves, nodes.toSpliced(place % nodes.length, 1))).toThrow(
            badProof,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("leaves that are not strict", () => {
  it.each([
    ["none", []],
    ["the root", [1n]],
    ["gindex 0", [0n]],
    ["a negative one", [-4n]],
    ["ascending", [4n, 5n]],
    ["twice the same", [5n, 5n]],
    ["parent and child", [9n, 4n]],
    ["ancestor two levels up, with its sibling", [19n, 5n, 4n]],
    ["all below an ancestor", [11n, 10n, 5n]],
    ["child of a leaf in the middle", [12n, 9n, 8n, 4n]],
    ["the root beside others", [3n, 2n, 1n]],
  ])("%s", (_, gindices) => {
    expect(() => helperIndices(gindices)).toThrow(badProof);
    const leaves = gindices.map((gindex) => ({ gindex, value: source(1n) }));
    for (let count = 0; count < 6; count++) {
      expect(() => computeMultiproofRoot(leaves, Array(count).fill(source(1n))), `${count} nodes`).toThrow(
        badProof,
      );
    }
  });

  it("values that don't have 32 bytes", () => {
    const { leaves, nodes } = proofOf([7n, 4n]);
    for (const size of [0, 31, 33, 64]) {
      const value = new Uint8Array(size);
      expect(
        () => computeMultiproofRoot([{ gindex: 7n, value }, leaves[1] as Leaf], nodes),
        `leaf of ${size}`,
      ).toThrow(badProof);
      expect(() => computeMultiproofRoot(leaves, [value, ...nodes.slice(1)]), `node of ${size}`).toThrow(
        badProof,
      );
    }
  });
});
