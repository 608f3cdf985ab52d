import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { paddedChunk, uint64Chunk } from "../ssz/chunk.ts";
import { fromHex } from "../ssz/hex.ts";
import { rootOfChunks } from "../ssz/merkleRoot.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import { type ForkGindices, fromBlockRoot } from "../state/forkTable.ts";
import type { Validator } from "../state/validatorRecord.ts";
import { bytes32 } from "./nodes.ts";

const UINT64_MAX = 2n ** 64n - 1n;

/** What every proof from a block root is checked against. */
export interface ProofContext {
  readonly blockRoot: Hex;
  /** Generalized indices of the state's fork. */
  readonly row: ForkGindices;
  /** The fork's 4-byte version on this chain. */
  readonly forkVersion: Hex;
}

/** header.slot, directly below the block root. */
export function slotLeaf(row: ForkGindices, slot: bigint): Leaf {
  return { gindex: row.slot, value: uint64Leaf(slot) };
}

/** state.fork.current_version: every proof shows its fork, an unknown one fails. */
export function currentVersionLeaf(row: ForkGindices, forkVersion: Hex): Leaf {
  const bytes = fromHex(forkVersion);
  if (bytes.length !== 4)
    throw new BeaconError("badProof", `A fork version has 4 bytes, not ${bytes.length}.`);
  return { gindex: fromBlockRoot(row, row.currentVersion), value: paddedChunk(bytes) };
}

/** A uint64 as a leaf; "badProof" out of range. */
export function uint64Leaf(value: bigint): Uint8Array {
  if (value >= 0n && value <= UINT64_MAX) return uint64Chunk(value);
  throw new BeaconError("badProof", `${value} is no uint64.`);
}

/** hash_tree_root of a Validator given with its key's root (phase0/beacon-chain.md, Validator). */
export function validatorRoot(validator: Validator): Uint8Array {
  const chunks = [
    bytes32(validator.pubkeyRoot),
    bytes32(validator.withdrawalCredentials),
    uint64Leaf(validator.effectiveBalance),
    uint64Leaf(validator.slashed ? 1n : 0n),
    uint64Leaf(validator.activationEligibilityEpoch),
    uint64Leaf(validator.activationEpoch),
    uint64Leaf(validator.exitEpoch),
    uint64Leaf(validator.withdrawableEpoch),
  ];
  return rootOfChunks(chunks, 3);
}

/** Strictly descending by gindex: the order of every multiproof. Equal ones stay, for the walk to refuse. */
export function descending(leaves: readonly Leaf[]): Leaf[] {
  return [...leaves].sort((a, b) => (a.gindex > b.gindex ? -1 : a.gindex < b.gindex ? 1 : 0));
}
