/** slither over contracts/src: every result is explained in exceptions.json, or the run fails. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, runStep } from "../runSteps.ts";
import { type Exception, findingsOf, judge, type Verdict } from "./exceptions.ts";
import type { Outcome } from "./outcome.ts";
import { FOLDER } from "./tools.ts";

const EXCEPTIONS = join(import.meta.dirname, "exceptions.json");

/** @param path Of the tools. */
export async function runSlither(path: string): Promise<Outcome> {
  const out = join(FOLDER, "slither/out");
  const report = join(FOLDER, "slither/report.json");
  // build information is whole only when everything is compiled at once
  rmSync(join(FOLDER, "slither"), { recursive: true, force: true });
  const built = await runStep({
    name: "build",
    command: [
      ...["node", "scripts/forge.ts", "build", "contracts/src", "--build-info"],
      ...["--out", out, "--cache-path", join(FOLDER, "slither/cache")],
    ],
  });
  if (!built.ok) return { ok: false, sentence: "contracts/src does not compile", details: [built.output] };
  const run = await runStep({
    name: "slither",
    command: [
      ...["slither", ".", "--foundry-ignore-compile", "--foundry-out-directory", relative(ROOT, out)],
      ...["--filter-paths", "node_modules", "--json", report],
    ],
    env: { PATH: path },
  });
  // it ends with another code than 0 when it has results at all
  if (!existsSync(report)) return { ok: false, sentence: "slither made no report", details: [run.output] };
  const json: unknown = JSON.parse(readFileSync(report, "utf8"));
  if (!(json as { success?: boolean }).success) {
    return { ok: false, sentence: "slither failed", details: [run.output] };
  }
  const exceptions = JSON.parse(readFileSync(EXCEPTIONS, "utf8")) as readonly Exception[];
  return outcomeOf(judge(findingsOf(json), exceptions));
}

function outcomeOf({ unexplained, stale, explained }: Verdict): Outcome {
  return {
    ok: unexplained.length === 0 && stale.length === 0,
    sentence: `${explained} results explained, ${unexplained.length} not, ${stale.length} stale exceptions`,
    details: [
      ...unexplained.map(({ detector, impact, place, text }) => `${impact} ${detector} at ${place}: ${text}`),
      ...stale.map((name) => `stale: nothing is found any more for the exception ${name}; delete it`),
    ],
  };
}
