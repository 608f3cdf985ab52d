import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whole states as SSZ, one file each, named by slot. The chain is replayed from the nearest one. */
export class Snapshots {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  /** Writes beside and renames, so that a killed process never leaves half a snapshot. */
  write(slot: number, bytes: Uint8Array): void {
    const path = join(this.#dir, `${slot}.ssz`);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }

  /** The newest snapshot at or before a slot. Slot 0 is written first and never goes away. */
  nearest(slot: number): { slot: number; bytes: Uint8Array } | undefined {
    const slots = readdirSync(this.#dir)
      .filter((name) => name.endsWith(".ssz"))
      .map((name) => Number(name.slice(0, -4)))
      .filter((candidate) => candidate <= slot);
    if (slots.length === 0) return undefined;
    const best = Math.max(...slots);
    return { slot: best, bytes: new Uint8Array(readFileSync(join(this.#dir, `${best}.ssz`))) };
  }
}
