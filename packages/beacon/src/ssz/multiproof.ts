import { BeaconError } from "../beaconError.ts";
import { hashPair } from "./hashPair.ts";
import { walkMultiproof } from "./walkMultiproof.ts";

/** A 32-byte node at a generalized index. */
export interface Leaf {
  readonly gindex: bigint;
  readonly value: Uint8Array;
}

/** Looks up the 32-byte node at a generalized index. */
export type NodeSource = (gindex: bigint) => Uint8Array;

/**
 * The siblings a strict multiproof of these leaves needs, strictly descending: get_helper_indices of
 * ssz/merkle-proofs.md. Same conditions on `gindices` as `walkMultiproof`.
 */
export function helperIndices(gindices: readonly bigint[]): bigint[] {
  const helpers: bigint[] = [];
  walkMultiproof(gindices, {
    leaf: () => null,
    sibling: (gindex) => {
      helpers.push(gindex);
      return null;
    },
    parent: () => null,
  });
  return helpers;
}

/** The proof nodes for these leaves, in the order the verifier takes them. */
export function buildMultiproof(gindices: readonly bigint[], source: NodeSource): Uint8Array[] {
  return helperIndices(gindices).map((gindex) => source(gindex));
}

/**
 * The root that leaves and nodes lead to: the exact twin of the contract's algorithm.
 * Throws "badProof" unless leaves descend strictly, none is another's ancestor, every value has 32 bytes and
 * every node is used.
 */
export function computeMultiproofRoot(leaves: readonly Leaf[], nodes: readonly Uint8Array[]): Uint8Array {
  let used = 0;
  const root = walkMultiproof(
    leaves.map((leaf) => leaf.gindex),
    {
      leaf: (position) => requireNode((leaves[position] as Leaf).value),
      sibling: (gindex) => {
        const node = nodes[used++];
        if (node === undefined) {
          throw new BeaconError(
            "badProof",
            `The proof has ${nodes.length} nodes and needs more: none for ${gindex}.`,
          );
        }
        return requireNode(node);
      },
      parent: hashPair,
    },
  );
  if (used === nodes.length) return root;
  throw new BeaconError(
    "badProof",
    `The proof has ${nodes.length} nodes, of which only ${used} belong to it.`,
  );
}

function requireNode(value: Uint8Array): Uint8Array {
  if (value.length === 32) return value;
  throw new BeaconError("badProof", `A node has 32 bytes, not ${value.length}.`);
}
