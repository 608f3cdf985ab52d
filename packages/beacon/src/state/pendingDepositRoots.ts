import { hashInto } from "@chainsafe/hashtree";
import { evenChunkBuffer } from "../ssz/merkleLayers.ts";
import { PENDING_DEPOSIT_OFFSETS as AT, PENDING_DEPOSIT_BYTES } from "./pendingDeposits.ts";

/** Leaves of one element: five fields, filled up to eight. */
const LEAF_BYTES = 256;

/**
 * hash_tree_root of each of `count` serialized pending deposits, side by side, with even room for the layer above.
 * `bytes`: exactly the serialized list.
 */
export function pendingDepositRoots(bytes: Uint8Array, count: number): Uint8Array {
  return halved(halved(halved(pendingDepositLeaves(bytes, count), count * 4), count * 2), count);
}

/** Eight leaves of each of `count` serialized pending deposits: the roots of its fields, and zeros. */
export function pendingDepositLeaves(bytes: Uint8Array, count: number): Uint8Array {
  const pubkeys = halved(gathered(bytes, count, AT.pubkey, 48, 64), count);
  const signatures = halved(halved(gathered(bytes, count, AT.signature, 96, 128), count * 2), count);
  const leaves = new Uint8Array(count * LEAF_BYTES);
  for (let i = 0; i < count; i++) {
    const from = i * PENDING_DEPOSIT_BYTES;
    const to = i * LEAF_BYTES;
    leaves.set(pubkeys.subarray(i * 32, i * 32 + 32), to);
    leaves.set(
      bytes.subarray(from + AT.withdrawalCredentials, from + AT.withdrawalCredentials + 32),
      to + 32,
    );
    leaves.set(bytes.subarray(from + AT.amount, from + AT.amount + 8), to + 64);
    leaves.set(signatures.subarray(i * 32, i * 32 + 32), to + 96);
    leaves.set(bytes.subarray(from + AT.slot, from + AT.slot + 8), to + 128);
  }
  return leaves;
}

/** One value of each element, each at the beginning of a place of `room` bytes. */
function gathered(
  bytes: Uint8Array,
  count: number,
  offset: number,
  length: number,
  room: number,
): Uint8Array {
  const values = new Uint8Array(count * room);
  for (let i = 0; i < count; i++) {
    const from = i * PENDING_DEPOSIT_BYTES + offset;
    values.set(bytes.subarray(from, from + length), i * room);
  }
  return values;
}

/** The `parents` nodes above these. */
function halved(nodes: Uint8Array, parents: number): Uint8Array {
  const above = evenChunkBuffer(parents);
  if (parents > 0) hashInto(nodes.subarray(0, parents * 64), above.subarray(0, parents * 32));
  return above;
}
