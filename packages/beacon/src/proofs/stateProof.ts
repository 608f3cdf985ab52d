import { BeaconError } from "../beaconError.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { type ForkGindices, fromBlockRoot } from "../state/forkTable.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf } from "./leaves.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { StateProof } from "./structs.ts";

/**
 * Proves slot, execution block hash and the roots of the lists `validators`, `balances` and `pending_deposits` of the state
 * against its block root. Before Electra, which brought the third list, its root is zero. Errors as `header`.
 */
export function buildStateProof(state: BeaconStateBytes): StateProof {
  const context = contextOf(state);
  const claim = {
    slot: state.slot,
    executionBlockHash: state.executionBlockHash,
    validatorsRoot: state.listRoot("validators"),
    balancesRoot: state.listRoot("balances"),
    pendingDepositsRoot: state.listRoot("pendingDeposits"),
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
    ...pendingLeaf(claim, row),
    { gindex: fromBlockRoot(row, row.balances), value: bytes32(claim.balancesRoot) },
    { gindex: fromBlockRoot(row, row.validators), value: bytes32(claim.validatorsRoot) },
    slotLeaf(row, claim.slot),
  ]);
}

/** "badProof" when a fork without the list is said to have a root of it: no leaf would check that. */
function pendingLeaf({ pendingDepositsRoot }: Omit<StateProof, "nodes">, row: ForkGindices): Leaf[] {
  const value = bytes32(pendingDepositsRoot);
  if (row.pendingDeposits !== null) return [{ gindex: fromBlockRoot(row, row.pendingDeposits), value }];
  if (value.every((byte) => byte === 0)) return [];
  throw new BeaconError("badProof", `A ${row.name} state has no pending deposits.`);
}
