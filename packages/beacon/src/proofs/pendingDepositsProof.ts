import { BeaconError } from "../beaconError.ts";
import { mixInLength } from "../ssz/chunk.ts";
import { zeroHash } from "../ssz/hashPair.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { fromBlockRoot, PENDING_DEPOSITS_DEPTH } from "../state/forkTable.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf } from "./leaves.ts";
import { proofNodes, requireRoot } from "./nodes.ts";
import type { PendingDepositsProof } from "./structs.ts";

/** hash_tree_root of the empty pending_deposits list. */
export const EMPTY_PENDING_DEPOSITS_ROOT: Uint8Array = mixInLength(zeroHash(PENDING_DEPOSITS_DEPTH), 0);

/**
 * Proves against the state's block root that no deposit is pending. `timestamp` as in `buildValidatorsProof`.
 * "notEmpty" when some are; "unsupportedFork" before Electra; errors as `header`.
 */
export function buildPendingDepositsEmptyProof(
  state: BeaconStateBytes,
  timestamp: bigint,
): PendingDepositsProof {
  const pending = state.pendingDepositCount();
  if (pending > 0) {
    const message = `${pending} deposits are pending in the state of slot ${state.slot}: prove again once they have landed.`;
    throw new BeaconError("notEmpty", message, { details: { pending, slot: state.slot } });
  }
  const context = contextOf(state);
  const nodes = proofNodes(pendingLeaves(state.slot, context), (gindex) => state.node(gindex));
  const proof = { timestamp, slot: state.slot, nodes };
  verifyPendingDepositsEmptyProof(proof, context);
  return proof;
}

/** Throws "badProof" unless the contract would accept the proof at `context.blockRoot`. */
export function verifyPendingDepositsEmptyProof(proof: PendingDepositsProof, context: ProofContext): void {
  requireRoot(pendingLeaves(proof.slot, context), proof.nodes, context.blockRoot);
}

function pendingLeaves(slot: bigint, { row, forkVersion }: ProofContext): Leaf[] {
  if (row.pendingDeposits === null) {
    throw new BeaconError("unsupportedFork", `A ${row.name} state has no pending deposits.`, {
      details: { fork: row.name },
    });
  }
  return descending([
    currentVersionLeaf(row, forkVersion),
    { gindex: fromBlockRoot(row, row.pendingDeposits), value: EMPTY_PENDING_DEPOSITS_ROOT },
    slotLeaf(row, slot),
  ]);
}
