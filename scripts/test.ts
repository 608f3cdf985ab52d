/** `npm test`: everything that can fail, from a fresh clone. Installs Debian's Chromium if there is none. */
import { existsSync } from "node:fs";
import { runLane, type Step } from "./runSteps.ts";

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

const minimal = { LODESTAR_PRESET: "minimal" };
const first: Step[] = [
  ...chromium,
  { name: "check", command: ["node", "scripts/check.ts"], loud: true },
  { name: "system contracts", command: ["node", "scripts/systemContracts.ts"], env: minimal },
  {
    name: "proof vectors",
    command: ["node", "packages/beacon/test/vectors.ts", "contracts/out"],
    env: minimal,
  },
  {
    name: "list vectors",
    command: ["node", "packages/beacon/test/multiproofVectors.ts", "contracts/out/multiproofVectors.txt"],
    env: minimal,
  },
];
/** Tests of the whole system in which nobody has to be quick: they run beside the compiler, which takes one core for minutes. */
const CALM = ["deployment", "differential", "exits", "idle", "journey", "slashing"];
const calm = CALM.map((name) => `e2e/test/${name}.test.ts`);
const beside: Step[][] = [
  // in two parts: each test carries the stack it deploys, and what the compiler prints for all at once is too much for it
  [
    { name: "unit tests compile", command: ["node", "scripts/forge.ts", "build", "contracts/test/unit"] },
    { name: "contract tests compile", command: ["node", "scripts/forge.ts", "build"] },
  ],
  [
    {
      name: "programs, journey",
      command: ["vitest", "run", "packages", "apps", "scripts", ...calm],
      env: minimal,
      loud: true,
    },
  ],
];
const last: Step[] = [
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
  {
    name: "whole system, page",
    command: ["vitest", "run", "e2e", ...calm.flatMap((file) => ["--exclude", file])],
    env: minimal,
    loud: true,
  },
];

const failed = [
  ...(await runLane(first)),
  ...(await Promise.all(beside.map((lane) => runLane(lane)))).flat(),
  ...(await runLane(last)),
];
const steps = [first, ...beside, last].flat().length;
console.log(`${steps - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
