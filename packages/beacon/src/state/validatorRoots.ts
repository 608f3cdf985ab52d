import { hashInto } from "@chainsafe/hashtree";
import { evenChunkBuffer } from "../ssz/merkleLayers.ts";
import { VALIDATOR_BYTES, VALIDATOR_OFFSETS } from "./validatorRecord.ts";

/** Validators hashed per call into the native hasher: 1 MiB of leaves. */
const BATCH = 4096;

/** Scratch space, reused by every batch: leaves are 8 chunks a validator. */
interface Scratch {
  readonly pubkeys: Uint8Array;
  readonly pubkeyRoots: Uint8Array;
  readonly leaves: Uint8Array;
  readonly quarters: Uint8Array;
  readonly halves: Uint8Array;
}

/**
 * hash_tree_root of each of `count` serialized validators, side by side, with even room for the layer above.
 * `bytes`: exactly the serialized list.
 */
export function validatorRoots(bytes: Uint8Array, count: number): Uint8Array {
  const roots = evenChunkBuffer(count);
  const size = Math.min(BATCH, count);
  const scratch: Scratch = {
    pubkeys: new Uint8Array(size * 64),
    pubkeyRoots: new Uint8Array(size * 32),
    leaves: new Uint8Array(size * 256),
    quarters: new Uint8Array(size * 128),
    halves: new Uint8Array(size * 64),
  };
  for (let first = 0; first < count; first += BATCH) {
    const batch = Math.min(BATCH, count - first);
    const end = (first + batch) * VALIDATOR_BYTES;
    hashBatch(
      bytes.subarray(first * VALIDATOR_BYTES, end),
      batch,
      scratch,
      roots.subarray(first * 32, (first + batch) * 32),
    );
  }
  return roots;
}

function hashBatch(bytes: Uint8Array, count: number, scratch: Scratch, roots: Uint8Array): void {
  for (let i = 0; i < count; i++) {
    const start = i * VALIDATOR_BYTES + VALIDATOR_OFFSETS.pubkey;
    copy(bytes, start, 48, scratch.pubkeys, i * 64);
  }
  hashInto(scratch.pubkeys.subarray(0, count * 64), scratch.pubkeyRoots.subarray(0, count * 32));
  for (let i = 0; i < count; i++) fillLeaves(bytes, i, scratch);
  hashInto(scratch.leaves.subarray(0, count * 256), scratch.quarters.subarray(0, count * 128));
  hashInto(scratch.quarters.subarray(0, count * 128), scratch.halves.subarray(0, count * 64));
  hashInto(scratch.halves.subarray(0, count * 64), roots);
}

/** Bytes between the values stay zero: each batch writes the same places. */
function fillLeaves(bytes: Uint8Array, i: number, scratch: Scratch): void {
  const from = i * VALIDATOR_BYTES;
  const to = i * 256;
  const { leaves } = scratch;
  copy(scratch.pubkeyRoots, i * 32, 32, leaves, to);
  copy(bytes, from + VALIDATOR_OFFSETS.withdrawalCredentials, 32, leaves, to + 32);
  copy(bytes, from + VALIDATOR_OFFSETS.effectiveBalance, 8, leaves, to + 64);
  leaves[to + 96] = bytes[from + VALIDATOR_OFFSETS.slashed] as number;
  copy(bytes, from + VALIDATOR_OFFSETS.activationEligibilityEpoch, 8, leaves, to + 128);
  copy(bytes, from + VALIDATOR_OFFSETS.activationEpoch, 8, leaves, to + 160);
  copy(bytes, from + VALIDATOR_OFFSETS.exitEpoch, 8, leaves, to + 192);
  copy(bytes, from + VALIDATOR_OFFSETS.withdrawableEpoch, 8, leaves, to + 224);
}

/** A plain loop: for 8 to 48 bytes cheaper than making a subarray for `set`. */
function copy(from: Uint8Array, start: number, length: number, to: Uint8Array, offset: number): void {
  for (let i = 0; i < length; i++) to[offset + i] = from[start + i] as number;
}
