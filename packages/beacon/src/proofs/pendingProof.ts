import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { concatGindices, leafGindex } from "../ssz/gindex.ts";
import { fromHex, toHex } from "../ssz/hex.ts";
import { rootOfChunks } from "../ssz/merkleRoot.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { LIST_DATA, LIST_LENGTH, PENDING_DEPOSITS_DEPTH } from "../state/forkTable.ts";
import type { PendingDeposit } from "../state/pendingDeposits.ts";
import { pubkeyRoot } from "../state/validatorRecord.ts";
import { uint64Leaf } from "./leaves.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { PendingElement, PendingProof } from "./structs.ts";

/**
 * Proves the elements at `positions` (strictly ascending) of the state's pending deposits against the list's root, or
 * without positions its length alone. "badInput" for positions out of order or outside the list; "unsupportedFork" before
 * Electra.
 */
export function buildPendingProof(state: BeaconStateBytes, positions: readonly number[]): PendingProof {
  requireAscendingPositions(positions, "badInput");
  const pending = state.pendingDeposits();
  const claim = {
    length: BigInt(pending.count),
    positions: [...positions],
    elements: positions.map((position) => elementOf(pending.at(position))),
  };
  const nodes = proofNodes(pendingLeaves(claim), (gindex) => state.listNode("pendingDeposits", gindex));
  const proof = { ...claim, nodes };
  verifyPendingProof(proof, state.listRoot("pendingDeposits"));
  return proof;
}

/** Throws "badProof" unless the contract would accept the proof at the list's root. */
export function verifyPendingProof(proof: PendingProof, pendingDepositsRoot: Hex): void {
  const { positions, elements, length } = proof;
  requireAscendingPositions(positions, "badProof");
  const last = positions.at(-1);
  if (positions.length !== elements.length || (last !== undefined && BigInt(last) >= length)) {
    throw new BeaconError(
      "badProof",
      `${positions.length} positions up to ${last ?? "none"}, ${elements.length} elements of a list of ${length}.`,
    );
  }
  requireRoot(pendingLeaves(proof), proof.nodes, pendingDepositsRoot);
}

/** The element as the contracts take it: key and signature only as their roots. */
function elementOf({ pubkey, signature, ...deposit }: PendingDeposit): PendingElement {
  const chunks = [0, 32, 64].map((at) => fromHex(signature).subarray(at, at + 32));
  return {
    pubkeyRoot: toHex(pubkeyRoot(fromHex(pubkey))),
    withdrawalCredentials: deposit.withdrawalCredentials,
    amountGwei: deposit.amountGwei,
    signatureRoot: toHex(rootOfChunks(chunks, 2)),
    slot: deposit.slot,
  };
}

/** hash_tree_root of the element (electra/beacon-chain.md, PendingDeposit). */
function elementRoot(element: PendingElement): Uint8Array {
  const chunks = [
    bytes32(element.pubkeyRoot),
    bytes32(element.withdrawalCredentials),
    uint64Leaf(element.amountGwei),
    bytes32(element.signatureRoot),
    uint64Leaf(element.slot),
  ];
  return rootOfChunks(chunks, 3);
}

/** Below the list's root. Without elements the length's only sibling is the data root. */
function pendingLeaves({ positions, elements, length }: Omit<PendingProof, "nodes">): Leaf[] {
  const leaves = positions.map((position, i) => ({
    gindex: concatGindices(LIST_DATA, leafGindex(PENDING_DEPOSITS_DEPTH, position)),
    value: elementRoot(elements[i] as PendingElement),
  }));
  return [...leaves.reverse(), { gindex: LIST_LENGTH, value: uint64Leaf(length) }];
}

function requireAscendingPositions(positions: readonly number[], code: "badInput" | "badProof"): void {
  let before = -1;
  for (const position of positions) {
    if (!Number.isInteger(position) || position <= before || position >= 2 ** PENDING_DEPOSITS_DEPTH) {
      throw new BeaconError(code, `Position ${position} after ${before}: positions ascend strictly.`);
    }
    before = position;
  }
}
