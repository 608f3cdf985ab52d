import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { toHex } from "../ssz/hex.ts";
import type { SszReader } from "../ssz/reader.ts";
import type { ByteRange } from "./stateFields.ts";
import { pubkeyRoot } from "./validatorRecord.ts";

/** Serialized size of electra PendingDeposit. */
export const PENDING_DEPOSIT_BYTES = 192;

/** Byte offsets inside a serialized PendingDeposit. */
export const PENDING_DEPOSIT_OFFSETS = {
  pubkey: 0,
  withdrawalCredentials: 48,
  amount: 80,
  signature: 88,
  slot: 184,
} as const;

/** A deposit the consensus layer has seen and not yet applied (electra/beacon-chain.md, PendingDeposit). */
export interface PendingDeposit {
  readonly pubkey: Hex;
  readonly withdrawalCredentials: Hex;
  readonly amountGwei: bigint;
  readonly signature: Hex;
  /** Slot of the block that carried the request; 0 for what the fork itself put here. */
  readonly slot: bigint;
}

/** What makes an element of the list one of ours: no key gets two of our deposits in one slot. */
export interface SoughtDeposit {
  readonly pubkeyRoot: Hex;
  readonly amountGwei: bigint;
  readonly slot: bigint;
}

/** The serialized list, read where it lies. */
export class PendingDeposits {
  readonly count: number;
  readonly #reader: SszReader;
  readonly #start: number;

  /** "badState" when the size of the range fits no number of elements. */
  constructor(reader: SszReader, { start, end }: ByteRange) {
    this.count = (end - start) / PENDING_DEPOSIT_BYTES;
    this.#reader = reader;
    this.#start = start;
    if (Number.isInteger(this.count)) return;
    throw new BeaconError(
      "badState",
      `pending_deposits has ${end - start} bytes, no multiple of ${PENDING_DEPOSIT_BYTES}.`,
    );
  }

  /** The element at `position`, 0 for the head; "badInput" outside. */
  at(position: number): PendingDeposit {
    const start = this.#offset(position);
    const at = PENDING_DEPOSIT_OFFSETS;
    return {
      pubkey: this.#reader.hex(start + at.pubkey, 48),
      withdrawalCredentials: this.#reader.hex(start + at.withdrawalCredentials, 32),
      amountGwei: this.#reader.uint64(start + at.amount),
      signature: this.#reader.hex(start + at.signature, 96),
      slot: this.#reader.uint64(start + at.slot),
    };
  }

  /** How many elements stand before the first of a later slot; all of them if there is none. */
  countUntilAfter(slot: bigint): number {
    for (let position = 0; position < this.count; position++) {
      if (this.#slotAt(position) > slot) return position;
    }
    return this.count;
  }

  /**
   * For each sought deposit the first place of an element with its key, amount and slot, or null. Whether that element
   * is the deposit itself or one just like it that somebody else sent, nobody can tell.
   */
  placesOf(sought: readonly SoughtDeposit[]): (number | null)[] {
    const bySlot = Map.groupBy(sought.keys(), (i) => (sought[i] as SoughtDeposit).slot);
    const places: (number | null)[] = sought.map(() => null);
    for (let position = 0; position < this.count; position++) {
      for (const i of bySlot.get(this.#slotAt(position)) ?? []) {
        if (places[i] === null && this.#isAt(position, sought[i] as SoughtDeposit)) places[i] = position;
      }
    }
    return places;
  }

  #isAt(position: number, sought: SoughtDeposit): boolean {
    const start = this.#offset(position);
    if (this.#reader.uint64(start + PENDING_DEPOSIT_OFFSETS.amount) !== sought.amountGwei) return false;
    const key = this.#reader.slice(start + PENDING_DEPOSIT_OFFSETS.pubkey, 48);
    return toHex(pubkeyRoot(key)) === sought.pubkeyRoot.toLowerCase();
  }

  #slotAt(position: number): bigint {
    return this.#reader.uint64(this.#offset(position) + PENDING_DEPOSIT_OFFSETS.slot);
  }

  #offset(position: number): number {
    if (Number.isInteger(position) && position >= 0 && position < this.count) {
      return this.#start + position * PENDING_DEPOSIT_BYTES;
    }
    throw new BeaconError("badInput", `There is no element ${position} in a list of ${this.count}.`);
  }
}
