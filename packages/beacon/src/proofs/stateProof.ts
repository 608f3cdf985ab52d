import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { fromBlockRoot } from "../state/forkTable.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf } from "./leaves.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { StateProof } from "./structs.ts";

/** Proves slot, execution block hash and balances root of the state against its block root. Errors as `header`. */
export function buildStateProof(state: BeaconStateBytes): StateProof {
  const context = contextOf(state);
  const claim = {
    slot: state.slot,
    executionBlockHash: state.executionBlockHash,
    balancesRoot: state.balancesRoot(),
  };
  const nodes = proofNodes(stateLeaves(claim, context), (gindex) => state.node(gindex));
  const proof = { ...claim, nodes };
  verifyStateProof(proof, context);
  return proof;
}

/** Throws "badProof" unless the contract would accept the proof at `context.blockRoot`. */
export function verifyStateProof(proof: StateProof, context: ProofContext): void {
  requireRoot(stateLeaves(proof, context), proof.nodes, context.blockRoot);
}

function stateLeaves(claim: Omit<StateProof, "nodes">, { row, forkVersion }: ProofContext): Leaf[] {
  return descending([
    { gindex: fromBlockRoot(row, row.executionBlockHash), value: bytes32(claim.executionBlockHash) },
    currentVersionLeaf(row, forkVersion),
    { gindex: fromBlockRoot(row, row.balances), value: bytes32(claim.balancesRoot) },
    slotLeaf(row, claim.slot),
  ]);
}
