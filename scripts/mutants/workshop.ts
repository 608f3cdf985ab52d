import { spawn } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../runSteps.ts";

/** Runs of each fuzz and each walk: a mutant that only a rare input shows is for the nightly run to find. */
const FUZZ_RUNS = 24;
const WALKS = 3;
/** A mutant may run for ever. */
const MOST_MINUTES = 30;

export type Verdict = "killed" | "survived" | "does not compile" | "ran for ever";

/**
 * A copy of the contracts in which one source at a time is mutated. Everything is compiled without the optimizer there,
 * which takes a fraction of the time.
 */
export class Workshop {
  readonly folder: string;

  /** @param folder Made anew. */
  constructor(folder: string) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "contracts/out"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const part of [
      "foundry.toml",
      "package.json",
      "contracts/src",
      "contracts/test",
      "contracts/snapshots",
    ]) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    for (const part of ["contracts/solc", "contracts/package.json", "contracts/roles.json"]) {
      cpSync(join(ROOT, part), join(folder, part));
    }
    for (const file of globSync("contracts/out/*.{json,txt}", { cwd: ROOT }))
      cpSync(join(ROOT, file), join(folder, file));
    for (const file of globSync("contracts/test/**/*.sol", { cwd: folder }))
      this.#shorten(join(folder, file));
  }

  #shorten(file: string): void {
    const text = readFileSync(file, "utf8");
    const shorter = text
      .replaceAll(
        /(default\.fuzz\.runs = )(\d+)/g,
        (_, key, runs) => `${key}${Math.min(Number(runs), FUZZ_RUNS)}`,
      )
      .replaceAll(
        /(default\.invariant\.runs = )(\d+)/g,
        (_, key, runs) => `${key}${Math.min(Number(runs), WALKS)}`,
      );
    if (shorter !== text) writeFileSync(file, shorter);
  }

  /** Puts `content` in the place of a source. */
  write(source: string, content: string): void {
    writeFileSync(join(this.folder, source), content);
  }

  /** Runs tests as far as the first that fails. */
  async judge(tests: string): Promise<Verdict> {
    const args = [
      "scripts/forge.ts",
      "test",
      "--root",
      this.folder,
      "--match-path",
      tests,
      "--fail-fast",
      "--threads",
      "1",
    ];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_NO_WARNINGS: "1",
        FOUNDRY_OPTIMIZER: "false",
        FOUNDRY_FUZZ_RUNS: String(FUZZ_RUNS),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGTERM");
    }, MOST_MINUTES * 60_000);
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    clearTimeout(timer);
    writeFileSync(join(this.folder, "forge.log"), output);
    if (isLate) return "ran for ever";
    if (code === 0) return "survived";
    return output.includes("Suite result") ? "killed" : "does not compile";
  }
}
