import { createCipheriv, createHash } from "node:crypto";

/** A reproducible stream of random bytes: AES-CTR keyed by the seed. */
export class SeededBytes {
  readonly #cipher: ReturnType<typeof createCipheriv>;

  constructor(seed: string) {
    const key = createHash("sha256").update(seed).digest();
    this.#cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16, 32));
  }

  bytes(length: number): Buffer {
    return this.#cipher.update(Buffer.alloc(length));
  }

  /** Uniform enough for tests: 0..limit-1, `limit` <= 2^32. */
  below(limit: number): number {
    return this.bytes(4).readUInt32LE(0) % limit;
  }

  /** `count` distinct numbers of 0..limit-1, ascending. */
  distinct(count: number, limit: number): number[] {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, limit)) chosen.add(this.below(limit));
    return [...chosen].sort((a, b) => a - b);
  }
}
