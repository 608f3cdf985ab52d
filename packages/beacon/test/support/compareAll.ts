// Run by node in a process of its own, so that the preset can differ from the test's: LODESTAR_PRESET=mainnet.
import type { ForkName } from "../../src/index.ts";
import { compareWithLodestar, PRESET } from "./compareWithLodestar.ts";
import { syntheticState } from "./syntheticState.ts";

const sizes = process.argv.slice(2).map(Number);
const forks: readonly ForkName[] = ["deneb", "electra", "fulu"];
let compared = 0;
for (const fork of forks) {
  for (const validators of sizes) {
    const bytes = syntheticState({ fork, validators, seed: "process", pendingDeposits: validators % 5 });
    await compareWithLodestar(fork, bytes, "members");
    compared++;
  }
}
process.stdout.write(`${JSON.stringify({ preset: PRESET, compared })}\n`);
