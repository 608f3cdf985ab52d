/**
 * `npm test`: everything that can fail, from a fresh clone, in two lanes for two cores: the contracts, and all that runs.
 * Installs Debian's Chromium if there is none. Ends with each step's seconds.
 */
import { existsSync } from "node:fs";
import { report, runLane, type Step } from "./runSteps.ts";
import { vectorSteps } from "./vectors.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const chromium: Step[] = existsSync(CHROMIUM)
  ? []
  : [
      {
        name: "install Chromium",
        command: ["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium"],
        env: { DEBIAN_FRONTEND: "noninteractive" },
      },
    ];

const first: Step[] = [...chromium, { name: "check", command: ["node", "scripts/check.ts"], loud: true }];
const contracts: Step[] = [
  ...vectorSteps,
  {
    name: "contracts",
    command: ["node", "scripts/forge.ts", "test", "--no-match-path", "contracts/test/gas/*"],
    loud: true,
  },
  {
    name: "gas snapshots",
    command: ["node", "scripts/forge.ts", "test", "--isolate", "--match-path", "contracts/test/gas/*"],
    env: { FORGE_SNAPSHOT_CHECK: "true" },
  },
];
const programs: Step[] = [
  {
    name: "programs, whole system",
    command: ["vitest", "run"],
    env: { LODESTAR_PRESET: "minimal" },
    loud: true,
  },
];

const begun = performance.now();
const before = await runLane(first);
const lanes = await Promise.all([contracts, programs].map((lane) => runLane(lane)));
const results = [...before, ...lanes.flat()];
report(results);
console.log(
  `in all ${((performance.now() - begun) / 1000).toFixed(0)} s, the last ${lanes.length} lanes side by side`,
);
const failed = results.filter(({ ok }) => !ok);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
