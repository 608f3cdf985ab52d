import type { Hex } from "viem";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { containerLeaves, requireIndices, withoutKey } from "./containerLeaves.ts";
import { descending } from "./leaves.ts";
import { requireAscending } from "./membership.ts";
import { proofNodes, requireRoot } from "./nodes.ts";
import type { ContainersProof } from "./structs.ts";

/** Where no validator is shown. */
export const NO_CONTAINERS: ContainersProof = { length: 0n, indices: [], validators: [], nodes: [] };

/**
 * Proves the containers of `indices` (strictly ascending) against the root of the state's list `validators`; without indices
 * it is `NO_CONTAINERS`. "badInput" for bad indices.
 */
export function buildContainersProof(state: BeaconStateBytes, indices: readonly number[]): ContainersProof {
  requireAscending(indices);
  if (indices.length === 0) return NO_CONTAINERS;
  const claim = {
    length: BigInt(state.validatorCount),
    indices: [...indices],
    validators: indices.map((index) => withoutKey(state.validator(index))),
  };
  const nodes = proofNodes(listLeaves(claim), (gindex) => state.listNode("validators", gindex));
  const proof = { ...claim, nodes };
  verifyContainersProof(proof, state.listRoot("validators"));
  return proof;
}

/** Throws "badProof" unless the contract would accept the proof, of at least one validator, at the list's root. */
export function verifyContainersProof(proof: ContainersProof, validatorsRoot: Hex): void {
  requireIndices({ ...proof, validatorCount: proof.length });
  requireRoot(listLeaves(proof), proof.nodes, validatorsRoot);
}

function listLeaves({ length, indices, validators }: Omit<ContainersProof, "nodes">): Leaf[] {
  return descending(containerLeaves(1n, { validatorCount: length, indices, validators }));
}
