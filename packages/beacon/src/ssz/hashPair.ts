import { hashInto } from "@chainsafe/hashtree";

const pair = new Uint8Array(64);

/** sha256(left ‖ right) of two 32-byte nodes: the only hash of SSZ (ssz/simple-serialize.md, Merkleization). */
export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 0);
  pair.set(right, 32);
  const parent = new Uint8Array(32);
  hashInto(pair, parent);
  return parent;
}

const MAX_ZERO_DEPTH = 64;
const zeroHashes: Uint8Array[] = [new Uint8Array(32)];
for (let depth = 0; depth < MAX_ZERO_DEPTH; depth++) {
  const below = zeroHashes[depth] as Uint8Array;
  zeroHashes.push(hashPair(below, below));
}

/** Root of a tree of `depth` levels with only zero leaves. `depth` in 0..64. Callers must not write to it. */
export function zeroHash(depth: number): Uint8Array {
  return zeroHashes[depth] as Uint8Array;
}
