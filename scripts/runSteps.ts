import { spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

/** One command of a longer run. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Show its output as it comes, and not only when it fails. */
  readonly loud?: boolean;
}

/** Runs one command in the repository's root. @returns Whether it succeeded, its output, and how long it took. */
export function runStep(step: Step): Promise<{ ok: boolean; output: string; seconds: number }> {
  const begun = performance.now();
  const [program = "", ...args] = step.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, NODE_NO_WARNINGS: "1", FORCE_COLOR: "0", ...step.env },
      stdio: ["ignore", step.loud ? "inherit" : "pipe", step.loud ? "inherit" : "pipe"],
    });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on("data", add);
    child.stderr?.on("data", add);
    const end = (ok: boolean) => resolve({ ok, output, seconds: (performance.now() - begun) / 1000 });
    child.once("error", (error) => {
      output += error.message;
      end(false);
    });
    child.once("exit", (code) => end(code === 0));
  });
}

/** How a step ended. */
export interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

const lineOf = ({ name, ok, seconds }: Result): string =>
  `${ok ? "ok    " : "FAILED"} ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`;

/** Runs the steps of a lane one after another and prints a line for each. */
export async function runLane(steps: readonly Step[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) {
    const { ok, output, seconds } = await runStep(step);
    const result = { name: step.name, ok, seconds };
    results.push(result);
    console.log(lineOf(result));
    if (!ok && !step.loud) console.log(output.trimEnd());
  }
  return results;
}

/** All lines once more, together, behind whatever the steps printed themselves. */
export function report(results: readonly Result[]): void {
  console.log(`\n${results.map(lineOf).join("\n")}`);
}
