// Usage: LODESTAR_PRESET=mainnet node bench/makeState.ts COUNT PATH: writes a synthetic Fulu state.
import { writeFileSync } from "node:fs";
import { syntheticState } from "../test/support/syntheticState.ts";

const [count, path] = process.argv.slice(2);
writeFileSync(path as string, syntheticState({ fork: "fulu", validators: Number(count), seed: "bench" }));
