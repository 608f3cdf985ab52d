/** Seconds from `npm start` to the first page, fresh, after installation. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TARGET_SECONDS = 45;
const folder = mkdtempSync(join(tmpdir(), "cairn-bench-start-"));
const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 100) / 10;
const child = spawn(process.execPath, [join(import.meta.dirname, "../start/main.ts")], {
  env: {
    ...process.env,
    LODESTAR_PRESET: "mainnet",
    CAIRN_FOLDER: folder,
    CAIRN_PORT: "0",
    CAIRN_RPC_PORT: "0",
    CAIRN_BEACON_PORT: "0",
    CAIRN_CONTROL_PORT: "0",
  },
  stdio: ["ignore", "pipe", "inherit"],
});
let said = "";
child.stdout.on("data", (chunk) => {
  said += chunk;
});
let page = 0;
let start = 0;
while (start === 0 && child.exitCode === null && seconds() < 2 * TARGET_SECONDS) {
  await sleep(50);
  const url = /Status page: (\S+)/.exec(said)?.[1];
  if (!url) continue;
  const answer = await fetch(`${url}status.json`).catch(() => undefined);
  if (!answer?.ok) continue;
  page ||= seconds();
  // the page with the pool on it, not the one that says "starting"
  if (((await answer.json()) as { phase: string }).phase === "running") start = seconds();
}
const ended = new Promise((resolve) => child.once("exit", resolve));
child.kill("SIGTERM");
await ended;
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify({ start, emptyPage: page }));
process.exitCode = start > 0 && start <= TARGET_SECONDS ? 0 : 1;
