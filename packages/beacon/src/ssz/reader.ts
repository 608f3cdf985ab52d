import type { Hex } from "viem";
import { toHex } from "./hex.ts";

/** Reads fixed-size SSZ values at byte offsets; every number is little-endian. */
export class SszReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get view(): DataView {
    return this.#view;
  }

  uint64(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }

  /** First four bytes as a number: for hashing, not for reading SSZ values. */
  uint32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  slice(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length);
  }

  /** Lower-case, 0x-prefixed. */
  hex(offset: number, length: number): Hex {
    return toHex(this.slice(offset, length));
  }
}
