import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interopSecretKey } from "@lodestar/state-transition";

const PUBKEY_BYTES = 48;

/**
 * Public keys of the background validators: the standard interop keys 0 to count - 1.
 * 16,384 of them take 1.7 s to compute, so they are kept in `cacheDir`.
 */
export function interopPubkeys(count: number, cacheDir: string): Uint8Array[] {
  const path = join(cacheDir, `interop-pubkeys-${count}.bin`);
  if (existsSync(path)) {
    const bytes = new Uint8Array(readFileSync(path));
    if (bytes.length === count * PUBKEY_BYTES) return split(bytes, count);
  }
  const bytes = new Uint8Array(count * PUBKEY_BYTES);
  for (let index = 0; index < count; index++) {
    bytes.set(interopSecretKey(index).toPublicKey().toBytes(), index * PUBKEY_BYTES);
  }
  mkdirSync(cacheDir, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
  return split(bytes, count);
}

function split(bytes: Uint8Array, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => bytes.slice(i * PUBKEY_BYTES, (i + 1) * PUBKEY_BYTES));
}
