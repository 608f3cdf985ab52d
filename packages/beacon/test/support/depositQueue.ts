import type { SeededBytes } from "./seededBytes.ts";

/** An element of the consensus layer's queue; `number` is 0 for what is not the pool's. */
export interface Queued {
  readonly number: number;
  readonly validator: number;
  readonly amount: number;
  readonly slot: number;
}

const SLOTS_PER_EPOCH = 8;
/** Epochs an exiting validator takes until its ether may be withdrawn. */
const EXIT_EPOCHS = 3;

/**
 * A chain's deposits and nothing else, by process_pending_deposits (electra/beacon-chain.md): in order, so many an epoch,
 * postponed while the validator is exiting. `lookAlikes`: some foreign deposits are just like one of the pool's.
 */
export class DepositQueue {
  slot = 0;
  queue: Queued[] = [];
  /** The pool's, in order. */
  readonly made: Queued[] = [];
  readonly landed = new Set<number>();
  /** Epoch from which each exiting validator's ether may be withdrawn. */
  readonly exits = new Map<number, number>();
  readonly #random: SeededBytes;
  readonly #validators: number;
  readonly #lookAlikes: boolean;

  constructor(random: SeededBytes, validators: number, lookAlikes: boolean) {
    this.#random = random;
    this.#validators = validators;
    this.#lookAlikes = lookAlikes;
  }

  /** A slot without the pool's doing, or with up to `most` deposits of the pool. */
  tick(most: number): void {
    this.slot++;
    if (this.slot % SLOTS_PER_EPOCH === 0) this.#process();
    const random = this.#random;
    this.#strangers();
    const validators = random.distinct(most === 0 ? 0 : random.below(most + 1), this.#validators);
    for (const validator of validators) this.#include(validator, 32 + random.below(3));
    this.#strangers();
    if (random.below(12) === 0) this.#exit(random.below(this.#validators));
  }

  /** Deposits to our keys too, but none of an amount that the pool deposits. */
  #strangers(): void {
    for (let i = this.#random.below(2); i > 0; i--) {
      this.queue.push({
        number: 0,
        validator: this.#random.below(this.#validators),
        amount: 1,
        slot: this.slot,
      });
    }
  }

  /** The pool's deposit, and now and then one just like it before or behind it. */
  #include(validator: number, amount: number): void {
    const number = this.made.length + 1;
    const ours = { number, validator, amount, slot: this.slot };
    const copies = this.#lookAlikes && this.#random.below(4) === 0;
    if (copies && this.#random.below(2) === 0) this.queue.push({ ...ours, number: 0 });
    this.made.push(ours);
    this.queue.push(ours);
    if (copies) this.queue.push({ ...ours, number: 0 });
  }

  #exit(validator: number): void {
    if (!this.exits.has(validator)) this.exits.set(validator, this.#epoch() + EXIT_EPOCHS);
  }

  #process(): void {
    const kept: Queued[] = [];
    const postponed: Queued[] = [];
    let room = this.#random.below(20);
    for (const [i, element] of this.queue.entries()) {
      if (room === 0) {
        kept.push(...this.queue.slice(i));
        break;
      }
      room--;
      const withdrawable = this.exits.get(element.validator);
      if (withdrawable !== undefined && this.#epoch() < withdrawable) postponed.push(element);
      else if (element.number !== 0) this.landed.add(element.number);
    }
    this.queue = [...kept, ...postponed];
  }

  #epoch(): number {
    return Math.floor(this.slot / SLOTS_PER_EPOCH);
  }
}
