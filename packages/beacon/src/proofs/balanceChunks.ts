import { concatGindices, leafGindex } from "../ssz/gindex.ts";
import { BALANCES_DEPTH, LIST_DATA } from "../state/forkTable.ts";

/** uint64 balances in a 32-byte chunk. */
export const BALANCES_PER_CHUNK = 4;

/** The distinct chunks these ascending validator indices lie in, ascending. */
export function chunksOf(indices: readonly number[]): number[] {
  const chunks: number[] = [];
  for (const index of indices) {
    const chunk = Math.floor(index / BALANCES_PER_CHUNK);
    if (chunks.at(-1) !== chunk) chunks.push(chunk);
  }
  return chunks;
}

/** Generalized index of a chunk from the root of the balances list: 2^39 + chunk. */
export function chunkGindex(chunk: number): bigint {
  return concatGindices(LIST_DATA, leafGindex(BALANCES_DEPTH, chunk));
}

/** The balance, gwei, at `position` 0..3 of a chunk. */
export function balanceInChunk(chunk: Uint8Array, position: number): bigint {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return view.getBigUint64(position * 8, true);
}
