import { Tree } from "@chainsafe/persistent-merkle-tree";
import { ssz } from "@lodestar/types";
import { bytesToHex, type Hex } from "viem";
import { nodesOf } from "./listTree.ts";
import type { SeededBytes } from "./seededBytes.ts";

/** Depth of the balances' chunks below the list's data root. */
const DEPTH = 38;

/** A list of random balances, in a tree of the consensus client's own library. */
export class BalancesTree {
  readonly root: Hex;
  readonly #bytes: Buffer;
  readonly #tree: Tree;
  readonly #size: number;

  constructor(size: number, random: SeededBytes) {
    this.#size = size;
    this.#bytes = random.bytes(size * 8);
    // below 2^48 gwei each: a million of them fit 64 bits many times over
    for (let i = 0; i < size; i++) this.#bytes.fill(0, i * 8 + 6, i * 8 + 8);
    this.#tree = new Tree(ssz.phase0.Balances.deserializeToViewDU(this.#bytes).node);
    this.root = bytesToHex(this.#tree.getRoot(1n));
  }

  sumOf(members: readonly number[]): bigint {
    return members.reduce((sum, index) => sum + this.#bytes.readBigUInt64LE(index * 8), 0n);
  }

  /** A proof of these members, made without this package, with the membership it is for. */
  prove(members: readonly number[]) {
    const words = [...new Set(members.map((index) => index >> 8))];
    const bits = new Map(words.map((word) => [word, 0n]));
    for (const index of members) {
      bits.set(index >> 8, (bits.get(index >> 8) as bigint) | (1n << BigInt(index & 255)));
    }
    const packed = Buffer.alloc(words.length * 4);
    for (const [i, word] of words.entries()) packed.writeUInt32BE(word, i * 4);
    const chunks = [...new Set(members.map((index) => index >> 2))];
    return {
      words,
      bitmaps: [...bits.values()],
      positions: chunks.map(BigInt),
      proof: {
        length: BigInt(this.#size),
        words: bytesToHex(packed),
        chunks: chunks.map((chunk) => bytesToHex(this.#tree.getRoot((2n << BigInt(DEPTH)) + BigInt(chunk)))),
        nodes: nodesOf(this.#tree, DEPTH, chunks),
      },
    };
  }
}
