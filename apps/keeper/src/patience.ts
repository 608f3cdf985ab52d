/** Keeps the keeper from doing again what it did a moment ago, by the chain's clock. Forgotten at a restart: harmless. */
export class Patience {
  readonly #last = new Map<string, bigint>();
  readonly #reached = new Map<string, bigint>();

  /** True at most once in `seconds` for one `what`; it counts from each true. `now`: timestamp of a recent block. */
  allows(what: string, seconds: bigint, now: bigint): boolean {
    const last = this.#last.get(what);
    if (last !== undefined && now < last + seconds) return false;
    this.#last.set(what, now);
    return true;
  }

  /** Whether `what` was done up to `point` before. */
  hasReached(what: string, point: bigint): boolean {
    return (this.#reached.get(what) ?? -1n) >= point;
  }

  /** Notes that `what` is done up to `point`. */
  reach(what: string, point: bigint): void {
    this.#reached.set(what, point);
  }
}
