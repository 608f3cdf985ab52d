import type { Tree } from "@chainsafe/persistent-merkle-tree";
import { bytesToHex, type Hex } from "viem";

/** get_helper_indices of ssz/merkle-proofs.md: siblings of all paths that lie on none, descending. */
function helpers(leaves: readonly bigint[]): bigint[] {
  const siblings = new Set<bigint>();
  const paths = new Set<bigint>();
  for (const leaf of leaves) {
    for (let node = leaf; node > 1n; node >>= 1n) {
      siblings.add(node ^ 1n);
      paths.add(node);
    }
  }
  return [...siblings].filter((node) => !paths.has(node)).sort((a, b) => (a > b ? -1 : 1));
}

/**
 * The missing siblings of these chunks and of the length, from a tree of the consensus client's own library. `tree`: the
 * list's, its root at 1; `depth`: levels below its data root.
 */
export function nodesOf(tree: Tree, depth: number, chunks: readonly number[]): Hex[] {
  const leaves = chunks.map((chunk) => (2n << BigInt(depth)) + BigInt(chunk));
  return helpers([...leaves, 3n]).map((gindex) => bytesToHex(tree.getRoot(gindex)));
}
