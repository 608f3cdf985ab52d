import { hashInto } from "@chainsafe/hashtree";
import { BeaconError } from "../beaconError.ts";
import { bitLength } from "./gindex.ts";
import { zeroHash } from "./hashPair.ts";

/** `chunks` with room for an even number of 32-byte chunks: every layer can then be hashed in place. */
export function evenChunkBuffer(chunkCount: number): Uint8Array {
  return new Uint8Array((chunkCount + (chunkCount & 1)) * 32);
}

/** The layer above. `layer` holds `count` chunks and, if `count` is odd, room for one more, which is overwritten. */
export function parentLayer(layer: Uint8Array, count: number, depthOfLayer: number): Uint8Array {
  if (count & 1) layer.set(zeroHash(depthOfLayer), count * 32);
  const parents = Math.ceil(count / 2);
  const out = evenChunkBuffer(parents);
  hashInto(layer.subarray(0, parents * 64), out.subarray(0, parents * 32));
  return out;
}

/**
 * All layers of one Merkle tree, as flat bytes: 32 bytes a node and no objects.
 * Only the occupied part is stored; what lies right of it is zero hashes.
 */
export class MerkleLayers {
  readonly depth: number;
  readonly #layers: Uint8Array[];
  readonly #counts: number[];

  /** `leaves`: from `evenChunkBuffer(count)`, owned by this object from now on. `count` <= 2^depth. */
  constructor(leaves: Uint8Array, count: number, depth: number) {
    this.depth = depth;
    this.#layers = [leaves];
    this.#counts = [count];
    let layer = leaves;
    let size = count;
    for (let level = 0; level < depth && size > 0; level++) {
      layer = parentLayer(layer, size, level);
      size = Math.ceil(size / 2);
      this.#layers.push(layer);
      this.#counts.push(size);
    }
  }

  /** The tree's root. */
  root(): Uint8Array {
    return this.#at(this.depth, 0);
  }

  /** Node at a generalized index relative to this tree's root (1 = the root), at most `depth` levels down, else "badInput". */
  node(gindex: bigint): Uint8Array {
    const down = bitLength(gindex) - 1;
    if (down < 0 || down > this.depth) {
      throw new BeaconError("badInput", `A tree of ${this.depth} levels has no node ${gindex}.`);
    }
    return this.#at(this.depth - down, Number(gindex - (1n << BigInt(down))));
  }

  /** Leaf number `index`, in 0..2^depth-1. */
  leaf(index: number): Uint8Array {
    return this.#at(0, index);
  }

  #at(level: number, index: number): Uint8Array {
    const layer = this.#layers[level];
    if (layer === undefined || index >= (this.#counts[level] as number)) return zeroHash(level);
    return layer.subarray(index * 32, index * 32 + 32);
  }
}
