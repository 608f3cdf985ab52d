import { hashPair } from "./hashPair.ts";

/** A uint64 as an SSZ leaf: little-endian in the first 8 of 32 bytes. `value` in 0..2^64-1. */
export function uint64Chunk(value: bigint): Uint8Array {
  const chunk = new Uint8Array(32);
  new DataView(chunk.buffer).setBigUint64(0, value, true);
  return chunk;
}

/** Up to 32 bytes, left-aligned in a 32-byte leaf. */
export function paddedChunk(bytes: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(32);
  chunk.set(bytes, 0);
  return chunk;
}

/** mix_in_length of ssz/simple-serialize.md: a list's root from its data root and its number of elements. */
export function mixInLength(dataRoot: Uint8Array, length: number): Uint8Array {
  return hashPair(dataRoot, uint64Chunk(BigInt(length)));
}
