/**
 * `npm run analyse [-- slither | halmos | medusa …] [--install]`: eyes from outside this project, which need Python and Go
 * (CONTRIBUTING.md, "Independent eyes"). A tool that is not there in the pinned version is skipped, with the command that
 * installs it. One line a tool; ends with 1 if one that ran has found something, and says last what did not run.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { runHalmos } from "./analyse/halmos.ts";
import { runMedusa } from "./analyse/medusa.ts";
import type { Outcome } from "./analyse/outcome.ts";
import { runSlither } from "./analyse/slither.ts";
import { analyserPath, install, TOOLS, type ToolName, whyMissing } from "./analyse/tools.ts";
import { forgePath } from "./forgePath.ts";

const RUNS: Readonly<Record<ToolName, (path: string) => Promise<Outcome>>> = {
  slither: runSlither,
  halmos: runHalmos,
  medusa: runMedusa,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { install: { type: "boolean", default: false } },
});
const unknown = positionals.find((name) => !(name in TOOLS));
if (unknown !== undefined) {
  console.error(`no analyser is called ${unknown}; there are: ${Object.keys(TOOLS).join(", ")}`);
  process.exit(1);
}
const chosen = (positionals.length > 0 ? positionals : Object.keys(TOOLS)) as ToolName[];

if (values.install) for (const name of chosen) install(name);

// crytic-compile and halmos call forge
const path = analyserPath(dirname(forgePath()));
const skipped: ToolName[] = [];
for (const name of chosen) {
  const missing = whyMissing(name, path);
  if (missing) {
    console.log(`skipped ${missing}`);
    skipped.push(name);
    continue;
  }
  const begun = performance.now();
  const { ok, sentence, details } = await RUNS[name](path);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(8)} ${seconds.padStart(7)} s  ${sentence}`);
  for (const line of details) console.log(line);
  if (!ok) process.exitCode = 1;
}
if (skipped.length > 0) console.log(`did not run: ${skipped.join(", ")}`);
