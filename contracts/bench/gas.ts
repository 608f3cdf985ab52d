/**
 * Gas of whole transactions beside the targets: re-measures, compares with the committed snapshots, prints the figures.
 * Keys without a target here come with later zones and are left out.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Largest gas wanted, by key. */
const TARGETS: Readonly<Record<string, number>> = {
  stakeFirst: 63_600,
  stakeRepeat: 46_500,
  transferExisting: 39_500,
  transferNew: 56_600,
  wcTransfer: 34_100,
  wrapRepeat: 60_000,
  unwrap: 58_000,
  stakeWrapRepeat: 66_000,
  request1: 100_000,
  request10: 480_000,
  claim1: 53_500,
  claim10: 230_000,
  finalizePerRequest: 0,
  onboardPerValidator10: 195_000,
  exitPerKey10: 24_500,
  checkpointOpen: 75_000,
  checkpointPerValidatorContiguous100: 1_700,
  checkpointPerValidatorContiguous1000: 900,
  checkpointPerValidatorRuns490: 2_600,
  checkpointPerValidatorSpread100: 17_500,
  checkpointPerValidatorSpread1000: 12_500,
  checkpointClose: 250_000,
};

execFileSync("node", ["scripts/forge.ts", "test", "--isolate", "--match-path", "contracts/test/gas/*"], {
  cwd: ROOT,
  env: { ...process.env, FORGE_SNAPSHOT_CHECK: "true" },
  stdio: ["ignore", "ignore", "inherit"],
});
const measured = JSON.parse(readFileSync(join(ROOT, "contracts/snapshots/Gas.json"), "utf8")) as Record<
  string,
  string
>;
// a snapshot holds whole numbers only: ratios to the calldata floor stand in it as thousandths
const figures = Object.fromEntries(
  Object.entries(measured).map(([key, value]) =>
    key.endsWith("Milli") ? [key.slice(0, -"Milli".length), Number(value) / 1000] : [key, Number(value)],
  ),
);
const missed: string[] = [];
for (const [key, target] of Object.entries(TARGETS)) {
  const gas = figures[key];
  if (gas === undefined) continue;
  console.log(`${key.padEnd(38)} ${String(gas).padStart(9)}  target ${target}`);
  if (gas > target) missed.push(key);
}
if (missed.length > 0) console.log(`above target: ${missed.join(", ")}`);
console.log(JSON.stringify(figures));
process.exitCode = missed.length > 0 ? 1 : 0;
