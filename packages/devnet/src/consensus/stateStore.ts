import { toHex } from "@lodestar/utils";
import type { DevnetState } from "./forkTypes.ts";

/**
 * The states of the last `capacity` slots, missed ones included, plus those that are pinned.
 * Neighbouring states share most of their tree, so one costs about 0.1 MB and not 2.
 */
export class StateStore {
  readonly #capacity: number;
  readonly #bySlot = new Map<number, DevnetState>();
  readonly #slotByRoot = new Map<string, number>();
  readonly #pinned = new Set<number>();
  #rootsKnownTo = -1;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#bySlot.size;
  }

  /** Adds the state of a slot later than all others; drops the oldest unpinned beyond the capacity. */
  add(slot: number, state: DevnetState): void {
    this.#bySlot.set(slot, state);
    if (this.#bySlot.size <= this.#capacity + this.#pinned.size) return;
    for (const old of this.#bySlot.keys()) {
      if (this.#pinned.has(old)) continue;
      this.#bySlot.delete(old);
      break;
    }
  }

  /** Keeps exactly these slots beyond the capacity. */
  pin(slots: number[]): void {
    this.#pinned.clear();
    for (const slot of slots) if (this.#bySlot.has(slot)) this.#pinned.add(slot);
  }

  at(slot: number): DevnetState | undefined {
    return this.#bySlot.get(slot);
  }

  /** Slot of a kept state by its root. Roots of missed slots are computed only when somebody asks. */
  slotOfRoot(root: string): number | undefined {
    for (const [slot, state] of this.#bySlot) {
      if (slot <= this.#rootsKnownTo) continue;
      this.#slotByRoot.set(toHex(state.hashTreeRoot()), slot);
      this.#rootsKnownTo = slot;
    }
    return this.#slotByRoot.get(root);
  }
}
