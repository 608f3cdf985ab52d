import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { SHORTEST_RHYTHM } from "@cairn/deployment";
import type { DevnetOptions } from "@cairn/devnet";
import { inject } from "vitest";
import {
  addressFileIn,
  deploy,
  FIXED_GENESIS_TIME,
  readStack,
  type Stack,
  startChain,
} from "../../stack/stack.ts";

export type DeployedOptions = Pick<DevnetOptions, "fuluEpoch">;

/**
 * The stack on a chain in `folder`. It is deployed once in a run of tests; every other time the chain is a copy. With
 * `fuluEpoch` the contracts know of Electra only.
 */
export async function startDeployed(folder: string, options: DeployedOptions = {}): Promise<Stack> {
  const first = join(inject("deployedChains"), String(options.fuluEpoch ?? "electra"));
  if (!existsSync(addressFileIn(first))) await deployOnce(first, options);
  cpSync(first, folder, { recursive: true });
  return readStack(await startChain(chainIn(folder, options)), folder);
}

async function deployOnce(folder: string, options: DeployedOptions): Promise<void> {
  const running = await startChain({ ...chainIn(folder, options), fresh: true });
  const knownForks = options.fuluEpoch === undefined ? undefined : (["electra"] as const);
  await deploy(running, SHORTEST_RHYTHM, folder, { knownForks });
  await running.devnet.stop();
}

/** Slots of twice the usual length: half as many between two checkpoints. */
function chainIn(folder: string, options: DeployedOptions): DevnetOptions {
  return {
    dataDir: join(folder, "chain"),
    preset: "minimal",
    secondsPerSlot: 96,
    validators: 256,
    genesisTime: FIXED_GENESIS_TIME,
    ...options,
  };
}
