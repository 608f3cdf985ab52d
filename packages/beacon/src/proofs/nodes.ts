import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { fromHex, toHex } from "../ssz/hex.ts";
import { buildMultiproof, computeMultiproofRoot, type Leaf, type NodeSource } from "../ssz/multiproof.ts";

/** The multiproof nodes for these leaves (descending), as the contracts take them. */
export function proofNodes(leaves: readonly Leaf[], source: NodeSource): Hex[] {
  const gindices = leaves.map((leaf) => leaf.gindex);
  return buildMultiproof(gindices, source).map((node) => toHex(node));
}

/** Throws "badProof" unless leaves and nodes lead, strictly, to `root`. */
export function requireRoot(leaves: readonly Leaf[], nodes: readonly Hex[], root: Hex): void {
  const computed = toHex(computeMultiproofRoot(leaves, nodes.map(bytes32)));
  if (computed === root.toLowerCase()) return;
  throw new BeaconError("badProof", "The proof leads to another root.", { details: { computed, root } });
}

/** 32 bytes from hex; "badProof" for any other length. */
export function bytes32(value: Hex): Uint8Array {
  const bytes = fromHex(value);
  if (bytes.length === 32) return bytes;
  throw new BeaconError("badProof", `Expected 32 bytes, got ${bytes.length}.`);
}
