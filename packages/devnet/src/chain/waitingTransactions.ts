import type { ReceiptStore } from "../storage/receiptStore.ts";
import type { ChainEvents } from "./chainEvents.ts";

/** A transaction that so many slots did not take (a gap before its nonce, replaced by another, a fee too low) is given up. */
const MOST_SLOTS = 32;

/** Stands for the block behind the one that took the last of them. */
const NEXT = "next";

/**
 * Transactions that were accepted from outside and are in no block yet, or in the newest: only with the next one does what
 * they did lie in the past, as votes must that are counted, and states whose root is to be read.
 */
export class WaitingTransactions {
  /** Slots each has waited. */
  readonly #waited = new Map<string, number>();
  #tell: () => void = () => {};

  constructor(events: ChainEvents, receipts: ReceiptStore) {
    events.on("transaction", (hash) => {
      // it may be in a block before the execution client's answer is here
      this.#waited.set(receipts.ofTransaction(hash) === undefined ? hash : NEXT, 0);
      this.#tell();
    });
    events.on("block", ({ receipts: mined }) => {
      const taken = mined.filter(({ transactionHash }) => this.#waited.delete(transactionHash));
      if (taken.length > 0) this.#waited.set(NEXT, 0);
      else this.#waited.delete(NEXT);
    });
  }

  /** Whether a slot should be made for any of them. */
  get isAny(): boolean {
    return this.#waited.size > 0;
  }

  /** `listener` is called when one arrives. */
  onArrival(listener: () => void): void {
    this.#tell = listener;
  }

  /** A slot is over, with a block or without. */
  endSlot(): void {
    for (const [hash, slots] of this.#waited) {
      if (slots + 1 < MOST_SLOTS) this.#waited.set(hash, slots + 1);
      else this.#waited.delete(hash);
    }
  }
}
