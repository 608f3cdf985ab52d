import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { toHex } from "../ssz/hex.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { type ForkGindices, fromBlockRoot } from "../state/forkTable.ts";
import { chunkGindex, chunksOf } from "./balanceChunks.ts";
import { containerLeaves, requireIndices, withoutKey } from "./containerLeaves.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf } from "./leaves.ts";
import { requireAscending } from "./membership.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { ValidatorsProof } from "./structs.ts";

/**
 * Proves the containers of `indices` (strictly ascending, at least one), and with `balances` their balance chunks,
 * against the state's block root. `timestamp`: unix seconds of the CHILD execution block, under which EIP-4788
 * holds that root; it is carried along, nothing here can check it. "badInput" for bad indices; errors as `header`.
 */
export function buildValidatorsProof(
  state: BeaconStateBytes,
  timestamp: bigint,
  indices: readonly number[],
  options: { readonly balances: boolean },
): ValidatorsProof {
  requireAscending(indices);
  const context = contextOf(state);
  const chunks = options.balances ? chunksOf(indices) : [];
  const claim = {
    timestamp,
    slot: state.slot,
    validatorCount: BigInt(state.validatorCount),
    indices: [...indices],
    validators: indices.map((index) => withoutKey(state.validator(index))),
    balanceChunks: chunks.map((chunk) => toHex(state.listNode("balances", chunkGindex(chunk)))),
  };
  const nodes = proofNodes(validatorsLeaves(claim, context), (gindex) => state.node(gindex));
  const proof = { ...claim, nodes };
  verifyValidatorsProof(proof, context);
  return proof;
}

/** Throws "badProof" unless the contract would accept the proof at `context.blockRoot`. */
export function verifyValidatorsProof(proof: ValidatorsProof, context: ProofContext): void {
  requireIndices(proof);
  requireRoot(validatorsLeaves(proof, context), proof.nodes, context.blockRoot);
}

function validatorsLeaves(claim: Omit<ValidatorsProof, "nodes">, { row, forkVersion }: ProofContext): Leaf[] {
  return descending([
    ...containerLeaves(fromBlockRoot(row, row.validators), claim),
    ...balanceLeaves(row, claim.indices, claim.balanceChunks),
    currentVersionLeaf(row, forkVersion),
    slotLeaf(row, claim.slot),
  ]);
}

/** Leaves of the chunks of four balances that the indices lie in, from the block root; none if none are given. */
export function balanceLeaves(row: ForkGindices, indices: readonly number[], given: readonly Hex[]): Leaf[] {
  if (given.length === 0) return [];
  const chunks = chunksOf(indices);
  if (chunks.length !== given.length) {
    throw new BeaconError(
      "badProof",
      `The indices lie in ${chunks.length} balance chunks, ${given.length} were given.`,
    );
  }
  return chunks.map((chunk, i) => ({
    gindex: fromBlockRoot(row, row.balances, chunkGindex(chunk)),
    value: bytes32(given[i] as Hex),
  }));
}
