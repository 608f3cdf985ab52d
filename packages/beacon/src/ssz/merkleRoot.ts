import { zeroHash } from "./hashPair.ts";
import { evenChunkBuffer, parentLayer } from "./merkleLayers.ts";

/**
 * merkleize(pack(bytes), 2^depth) of ssz/simple-serialize.md: root only, layers are dropped on the way up.
 * `bytes` may end within a chunk; the rest of it counts as zero.
 */
export function merkleRoot(bytes: Uint8Array, depth: number): Uint8Array {
  let count = Math.ceil(bytes.length / 32);
  if (count === 0) return zeroHash(depth);
  let layer = evenChunkBuffer(count);
  layer.set(bytes, 0);
  for (let level = 0; level < depth; level++) {
    layer = parentLayer(layer, count, level);
    count = Math.ceil(count / 2);
  }
  return layer.slice(0, 32);
}

/** Root of a container or short vector from its field roots, in order. At most 2^depth of them. */
export function rootOfChunks(chunks: readonly Uint8Array[], depth: number): Uint8Array {
  return merkleRoot(joinChunks(chunks), depth);
}

/** 32-byte chunks side by side, with even room. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = evenChunkBuffer(chunks.length);
  for (const [i, chunk] of chunks.entries()) joined.set(chunk, i * 32);
  return joined;
}
