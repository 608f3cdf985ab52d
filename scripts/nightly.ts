/**
 * `npm run nightly`: the long fuzz and the long walks of the contracts, everything optimized, then the differential lives;
 * for hours. Its seed is new each time, printed, and taken from FOUNDRY_FUZZ_SEED to repeat a night.
 */
import { report, runLane, type Step } from "./runSteps.ts";
import { vectorSteps } from "./vectors.ts";

const seed = process.env.FOUNDRY_FUZZ_SEED ?? String(Math.floor(Date.now() / 1000));
console.log(`seed ${seed}`);

const steps: Step[] = [
  ...vectorSteps,
  { name: "contracts compile", command: ["node", "scripts/forge.ts", "build", "contracts/src"] },
  {
    name: "contracts, long",
    command: ["node", "scripts/forge.ts", "test", "--no-match-path", "contracts/test/gas/*"],
    env: { FOUNDRY_PROFILE: "nightly", FOUNDRY_FUZZ_SEED: seed },
    loud: true,
  },
  {
    name: "differential lives",
    command: ["npm", "run", "differential", "--", "--first", seed],
    loud: true,
  },
];
const results = await runLane(steps);
report(results);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
