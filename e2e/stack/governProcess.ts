import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { programEnvironment } from "./programEnvironment.ts";
import type { Stack } from "./stack.ts";
import { keyOf, type Person } from "./wallets.ts";

const MAIN = join(import.meta.dirname, "../../apps/govern/src/main.ts");

/** Runs the governance program as `person` would, as a process of its own. The chain must be making slots for what it sends. */
export function govern(
  stack: Pick<Stack, "devnet" | "addressFile">,
  person: Person,
  args: readonly string[],
): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: programEnvironment({
      CAIRN_RPC_URL: stack.devnet.urls.rpc,
      CAIRN_BEACON_URL: stack.devnet.urls.beacon,
      CAIRN_ADDRESSES: stack.addressFile,
      CAIRN_GOVERN_KEY: keyOf(person),
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcomeOf(child);
}
