import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import type { SszReader } from "../ssz/reader.ts";

/** Serialized size of electra PendingDeposit. */
const PENDING_DEPOSIT_BYTES = 192;

/** A deposit the consensus layer has seen and not yet applied (electra/beacon-chain.md, PendingDeposit). */
export interface PendingDeposit {
  readonly pubkey: Hex;
  readonly withdrawalCredentials: Hex;
  readonly amountGwei: bigint;
  readonly signature: Hex;
  /** Slot of the block that carried the request; 0 for what the fork itself put here. */
  readonly slot: bigint;
}

/** Elements in the serialized list. "badState" when its size fits no number of them. */
export function countPendingDeposits(start: number, end: number): number {
  const count = (end - start) / PENDING_DEPOSIT_BYTES;
  if (Number.isInteger(count)) return count;
  throw new BeaconError(
    "badState",
    `pending_deposits has ${end - start} bytes, no multiple of ${PENDING_DEPOSIT_BYTES}.`,
  );
}

/** The whole list, head first. */
export function readPendingDeposits(reader: SszReader, start: number, end: number): PendingDeposit[] {
  return Array.from({ length: countPendingDeposits(start, end) }, (_, i) => {
    const at = start + i * PENDING_DEPOSIT_BYTES;
    return {
      pubkey: reader.hex(at, 48),
      withdrawalCredentials: reader.hex(at + 48, 32),
      amountGwei: reader.uint64(at + 80),
      signature: reader.hex(at + 88, 96),
      slot: reader.uint64(at + 184),
    };
  });
}
