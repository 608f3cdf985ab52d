/** `npm run check`: format, lint, types, walls, rules, generated files. Two lanes for two cores, under a minute. */
import { runLane } from "./runSteps.ts";

const lanes = [
  [
    {
      name: "contracts compile",
      command: ["node", "scripts/forge.ts", "build", "contracts/src"],
    },
    { name: "contracts formatted", command: ["node", "scripts/forge.ts", "fmt", "--check"] },
    { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] },
    { name: "storage layouts", command: ["node", "scripts/layout.ts", "--check"] },
  ],
  [
    { name: "format and lint", command: ["biome", "check", "--error-on-warnings"] },
    { name: "types", command: ["tsc", "-p", "."] },
    { name: "walls", command: ["node", "scripts/walls.ts"] },
    { name: "rules", command: ["node", "scripts/rules.ts"] },
    { name: "unused code", command: ["knip"] },
  ],
] as const;

const results = (await Promise.all(lanes.map((lane) => runLane(lane)))).flat();
const failed = results.filter(({ ok }) => !ok);
if (failed.length > 0) {
  console.error(`check failed: ${failed.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
