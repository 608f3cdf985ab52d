import type { Hex } from "viem";
import { paddedChunk } from "../ssz/chunk.ts";
import { hashPair } from "../ssz/hashPair.ts";
import { toHex } from "../ssz/hex.ts";
import type { SszReader } from "../ssz/reader.ts";

/** An epoch that never comes: 2^64 - 1. */
export const FAR_FUTURE_EPOCH = 2n ** 64n - 1n;

/** Serialized size of phase0 Validator, which no fork up to Fulu changed. */
export const VALIDATOR_BYTES = 121;

/** Byte offsets inside a serialized Validator. */
export const VALIDATOR_OFFSETS = {
  pubkey: 0,
  withdrawalCredentials: 48,
  effectiveBalance: 80,
  slashed: 88,
  activationEligibilityEpoch: 89,
  activationEpoch: 97,
  exitEpoch: 105,
  withdrawableEpoch: 113,
} as const;

/** The container as the contracts take it: the key only as its root. Balance in gwei. */
export interface Validator {
  readonly pubkeyRoot: Hex;
  readonly withdrawalCredentials: Hex;
  readonly effectiveBalance: bigint;
  readonly slashed: boolean;
  readonly activationEligibilityEpoch: bigint;
  readonly activationEpoch: bigint;
  readonly exitEpoch: bigint;
  readonly withdrawableEpoch: bigint;
}

/** The container with its key. */
export interface ValidatorRecord extends Validator {
  readonly index: number;
  readonly pubkey: Hex;
}

/** hash_tree_root of a 48-byte BLS public key. */
export function pubkeyRoot(pubkey: Uint8Array): Uint8Array {
  return hashPair(pubkey.subarray(0, 32), paddedChunk(pubkey.subarray(32, 48)));
}

/** The validator whose serialized container starts at byte `offset`. */
export function readValidator(reader: SszReader, offset: number, index: number): ValidatorRecord {
  const at = VALIDATOR_OFFSETS;
  return {
    index,
    pubkey: reader.hex(offset + at.pubkey, 48),
    pubkeyRoot: toHex(pubkeyRoot(reader.slice(offset + at.pubkey, 48))),
    withdrawalCredentials: reader.hex(offset + at.withdrawalCredentials, 32),
    effectiveBalance: reader.uint64(offset + at.effectiveBalance),
    slashed: reader.bytes[offset + at.slashed] === 1,
    activationEligibilityEpoch: reader.uint64(offset + at.activationEligibilityEpoch),
    activationEpoch: reader.uint64(offset + at.activationEpoch),
    exitEpoch: reader.uint64(offset + at.exitEpoch),
    withdrawableEpoch: reader.uint64(offset + at.withdrawableEpoch),
  };
}
