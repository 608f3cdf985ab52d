import type { Address, Hex } from "viem";
import { z } from "zod";

/** A uint64 in decimal, as bigint. */
export const uint64 = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt)
  .refine((value) => value < 2n ** 64n, "not a uint64");

/** A uint64 that fits a number: indices and counts. */
export const count = uint64
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), "too large")
  .transform(Number);

function hex(bytes: number) {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`))
    .transform((value) => value.toLowerCase() as Hex);
}

export const version = hex(4);
export const address = hex(20).transform((value): Address => value);
export const root = hex(32);
export const pubkey = hex(48);
export const signature = hex(96);
