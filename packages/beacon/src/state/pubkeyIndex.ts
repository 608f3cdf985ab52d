import type { SszReader } from "../ssz/reader.ts";
import { VALIDATOR_BYTES } from "./validatorRecord.ts";

/**
 * Public key → validator index by open addressing over the serialized list: 4 bytes a slot, no strings.
 * The first validator with a key wins (the consensus layer admits none twice).
 */
export class PubkeyIndex {
  readonly #reader: SszReader;
  readonly #start: number;
  readonly #slots: Uint32Array;
  readonly #mask: number;

  /** `start`: byte offset of the validators list in the reader; `count` < 2^31. */
  constructor(reader: SszReader, start: number, count: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(count, 1) * 2));
    this.#reader = reader;
    this.#start = start;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
    for (let index = 0; index < count; index++) this.#insert(index);
  }

  /** Index of the 48-byte key, or null when no validator has it. */
  find(pubkey: Uint8Array): number | null {
    const words = new DataView(pubkey.buffer, pubkey.byteOffset, 48);
    let slot = mixWords((word) => words.getUint32(word * 4, true)) & this.#mask;
    for (let entry = this.#slots[slot]; entry; entry = this.#slots[slot]) {
      if (equal(pubkey, this.#pubkey(entry - 1))) return entry - 1;
      slot = (slot + 1) & this.#mask;
    }
    return null;
  }

  #insert(index: number): void {
    const start = this.#start + index * VALIDATOR_BYTES;
    let slot = mixWords((word) => this.#reader.uint32(start + word * 4)) & this.#mask;
    while (this.#slots[slot]) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = index + 1;
  }

  #pubkey(index: number): Uint8Array {
    return this.#reader.slice(this.#start + index * VALIDATOR_BYTES, 48);
  }
}

/** All twelve words count, so that keys alike in part don't pile up; multipliers as in MurmurHash3. */
function mixWords(word: (position: number) => number): number {
  let mixed = 0;
  for (let i = 0; i < 12; i++) {
    mixed = Math.imul(mixed ^ word(i), 0x85ebca6b);
    mixed ^= mixed >>> 13;
  }
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 48; i++) if (a[i] !== b[i]) return false;
  return true;
}
