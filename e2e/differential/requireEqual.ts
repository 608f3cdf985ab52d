import { E2eError } from "../stack/e2eError.ts";

/** @throws E2eError that names both sides, in wei, and their difference. */
export function requireEqual(what: string, found: bigint, expected: bigint): void {
  if (found === expected) return;
  throw new E2eError(
    `${what}: the contracts have ${found} wei, both layers ${expected}; difference ${found - expected}`,
  );
}
