const KEPT = 256;

/** Durations of the last 256 slots in milliseconds. */
export class SlotTimes {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
    if (this.#values.length > KEPT) this.#values.shift();
  }

  median(): number {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}
