import { createHash } from "node:crypto";
import { SecretKey } from "@chainsafe/blst";
import { toHex } from "@lodestar/utils";

export interface ValidatorKey {
  secretKey: SecretKey;
  /** 48 bytes, 0x. */
  pubkey: `0x${string}`;
}

/** The same key for the same seed, always. For development chains only. */
export function createValidatorKey(seed: string): ValidatorKey {
  const secretKey = SecretKey.fromKeygen(createHash("sha256").update(`cairn validator ${seed}`).digest());
  return { secretKey, pubkey: toHex(secretKey.toPublicKey().toBytes()) as `0x${string}` };
}
