/**
 * `npm run bench -- NAME`: runs a benchmark. Its last line is one JSON object with the keys of the figures it reaches
 * for; it ends with 0 when every target holds, else with 1.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runStep } from "./runSteps.ts";

const BENCHES: Readonly<Record<string, string>> = {
  devnet: "packages/devnet/bench/devnet.ts",
  gas: "contracts/bench/gas.ts",
  proofs: "packages/beacon/bench/proofs.ts",
  start: "e2e/bench/start.ts",
};

const name = process.argv[2] ?? "";
const file = BENCHES[name];
if (!file || !existsSync(join(ROOT, file))) {
  console.error(`there is no benchmark "${name}"; there are: ${Object.keys(BENCHES).join(", ")}`);
  process.exitCode = 1;
} else {
  const { ok } = await runStep({ name, command: ["node", file], loud: true });
  process.exitCode = ok ? 0 : 1;
}
