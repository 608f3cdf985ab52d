import { BeaconError } from "../beaconError.ts";

/** Number of binary digits of a generalized index; 0 for 0. A node's depth is this minus one. */
export function bitLength(value: bigint): number {
  if (value >= 1n << 52n) return value.toString(2).length;
  const small = Number(value);
  const high = Math.floor(small / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(small >>> 0);
}

/**
 * concat_generalized_indices of ssz/merkle-proofs.md: the node reached by walking each index from where the
 * one before ended. Every index >= 1; without arguments the root, 1.
 */
export function concatGindices(...gindices: readonly bigint[]): bigint {
  let path = 1n;
  for (const gindex of gindices) {
    if (gindex < 1n) throw new BeaconError("badInput", `A generalized index is at least 1, not ${gindex}.`);
    const down = BigInt(bitLength(gindex) - 1);
    path = (path << down) | (gindex - (1n << down));
  }
  return path;
}

/** Generalized index of leaf `index` in a tree of `depth` levels. `index` in 0..2^depth-1. */
export function leafGindex(depth: number, index: number): bigint {
  return (1n << BigInt(depth)) + BigInt(index);
}

/**
 * Splits a path after `depth` steps: `top` is the node there, `rest` the path below it relative to `top`
 * (1 when the path ends there). A path shorter than `depth` is all `top`, with `rest` null.
 */
export function splitGindex(gindex: bigint, depth: number): { top: bigint; rest: bigint | null } {
  const below = bitLength(gindex) - 1 - depth;
  if (below < 0) return { top: gindex, rest: null };
  const shift = BigInt(below);
  const marker = 1n << shift;
  return { top: gindex >> shift, rest: marker | (gindex & (marker - 1n)) };
}
