/** halmos over contracts/test/symbolic: every law there is proven, or the run fails. */
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, runStep } from "../runSteps.ts";
import type { Outcome } from "./outcome.ts";
import { FOLDER, pythonOf } from "./tools.ts";

const LAWS = "contracts/test/symbolic";

/** One law as halmos reports it. */
export interface Proof {
  /** With its contract: `SharesMathLaws.check_…(…)`. */
  readonly name: string;
  /** Of halmos: 0 proven, 1 counterexample, 2 timeout, else stuck, all reverted or broken. */
  readonly exitcode: number;
  /** Loops that were not followed to their end. */
  readonly num_bounded_loops: number | null;
  readonly num_models: number | null;
  readonly seconds: number | undefined;
}

interface Report {
  readonly test_results: Readonly<
    Record<
      string,
      readonly {
        name: string;
        exitcode: number;
        num_bounded_loops: number | null;
        num_models: number | null;
        time: readonly number[] | null;
      }[]
    >
  >;
}

/** @param path Of the tools. */
export async function runHalmos(path: string): Promise<Outcome> {
  const report = join(FOLDER, "symbolic/report.json");
  // halmos runs whatever lies in the folder of what was built, laws that are gone too
  rmSync(join(FOLDER, "symbolic"), { recursive: true, force: true });
  mkdirSync(join(FOLDER, "symbolic"), { recursive: true });
  const { output } = await runStep({
    name: "halmos",
    command: [
      ...[pythonOf("halmos", path), join(import.meta.dirname, "prove.py"), "--root", "."],
      ...["--forge-build-out", relative(ROOT, join(FOLDER, "symbolic/out")), "--json-output", report],
      ...["--solver-command", `${pythonOf("halmos", path)} ${join(import.meta.dirname, "solver.py")}`],
      // the solver ends itself after a minute
      ...["--solver-timeout-assertion", "90s", "--solver-threads", "1"],
      ...["--loop", "4", "--no-status", "--statistics"],
    ],
    env: { PATH: path, FOUNDRY_PROFILE: "symbolic" },
  });
  let text: string;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    return { ok: false, sentence: "halmos made no report", details: [output] };
  }
  return judgeProofs(proofsOf(JSON.parse(text) as Report), lawsIn(readLaws()));
}

function readLaws(): string[] {
  return globSync(`${LAWS}/*.t.sol`, { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), "utf8"));
}

function proofsOf({ test_results }: Report): Proof[] {
  return Object.entries(test_results).flatMap(([place, proofs]) =>
    proofs.map(({ name, exitcode, num_bounded_loops, num_models, time }) => ({
      name: `${place.split(":")[1]}.${name}`,
      ...{ exitcode, num_bounded_loops, num_models },
      seconds: time?.[0],
    })),
  );
}

/** @param sources Of Solidity. @returns `Contract.check_Name` of every law that is written in them. */
export function lawsIn(sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const contract = /^contract (\w+)/m.exec(source)?.[1];
    return [...source.matchAll(/function (check_\w+)/g)].map(([, law]) => `${contract}.${law}`);
  });
}

/** What is not certainly proven is not proven; a law that halmos never came to as well. */
export function judgeProofs(proofs: readonly Proof[], laws: readonly string[]): Outcome {
  const whyNot = ({ exitcode, num_bounded_loops, num_models }: Proof): string | undefined => {
    if (exitcode === 1 || (num_models ?? 0) > 0) return "a counterexample";
    if (exitcode === 2) return "no answer in time";
    if (exitcode !== 0) return `halmos ended with ${exitcode}`;
    return num_bounded_loops === 0 ? undefined : "a loop was not followed to its end";
  };
  const details = laws.flatMap((law) => {
    const proof = proofs.find(({ name }) => name.split("(")[0] === law);
    const why = proof ? whyNot(proof) : "halmos did not come to it";
    const seconds = proof?.seconds?.toFixed(1) ?? "-";
    return [`${why ? `NOT PROVEN (${why})` : "proven"} ${law} ${seconds} s`];
  });
  const proven = details.filter((line) => line.startsWith("proven")).length;
  const ok = proven === laws.length && laws.length > 0;
  return { ok, sentence: `${proven} of ${laws.length} laws proven`, details };
}
