// `proofs.speedup` of targets.md: root and multiproof of 1,000 validators from a state of 1,000,000, straight from
// the bytes, against Lodestar's tree view. Each side in a process of its own. Exit 0 when both targets hold.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Measured } from "./sample.ts";

const VALIDATORS = 1_000_000;
const MEMBERS = 1_000;
const MIN_SPEEDUP = 5;
const MAX_MEMORY_RATIO = 0.3;

function run(script: string, ...args: string[]): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, LODESTAR_PRESET: "mainnet" };
  return execFileSync(process.execPath, [path, ...args], { env, encoding: "utf8" });
}

function measure(script: string, path: string): Measured {
  const lines = run(script, path, String(MEMBERS)).trim().split("\n");
  return JSON.parse(lines.at(-1) as string) as Measured;
}

const rounded = (value: number): number => Number(value.toFixed(3));

function main(folder: string): boolean {
  const path = join(folder, "state.ssz");
  run("./makeState.ts", String(VALIDATORS), path);
  const bytes = measure("./fromBytes.ts", path);
  const tree = measure("./fromTree.ts", path);
  const speedup = rounded(tree.seconds / bytes.seconds);
  const memoryRatio = rounded(bytes.peakMb / tree.peakMb);
  const same = bytes.stateRoot === tree.stateRoot;
  const holds = same && speedup >= MIN_SPEEDUP && memoryRatio <= MAX_MEMORY_RATIO;
  const raw = {
    validators: VALIDATORS,
    members: MEMBERS,
    sameRoot: same,
    bytes: round(bytes),
    tree: round(tree),
  };
  process.stdout.write(`${JSON.stringify({ speedup, memoryRatio, ...raw })}\n`);
  return holds;
}

function round({
  seconds,
  openSeconds,
  rootSeconds,
  proofSeconds,
  peakMb,
}: Measured): Record<string, number> {
  const [all, open, root, proof, peak] = [seconds, openSeconds, rootSeconds, proofSeconds, peakMb].map(
    rounded,
  );
  return {
    seconds: all ?? 0,
    openSeconds: open ?? 0,
    rootSeconds: root ?? 0,
    proofSeconds: proof ?? 0,
    peakMb: peak ?? 0,
  };
}

const folder = mkdtempSync(join(tmpdir(), "cairn-proofs-"));
try {
  process.exitCode = main(folder) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
