import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressBook } from "@cairn/protocol";
import { checkpointsAbi } from "@cairn/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { programEnvironment } from "../stack/programEnvironment.ts";
import { FIXED_GENESIS_TIME, type RunningChain, startChain } from "../stack/stack.ts";

const MAIN = join(import.meta.dirname, "../../apps/deploy/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "cairn-deployment-"));
let running: RunningChain;

beforeAll(async () => {
  running = await startChain({
    dataDir: join(folder, "chain"),
    fresh: true,
    secondsPerSlot: 48,
    validators: 64,
    genesisTime: FIXED_GENESIS_TIME,
  });
});
afterAll(async () => {
  await running.devnet.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** `npm run deploy` as a process; `watch` sees all it has said so far. */
function deploy(args: string[], watch: (said: string, child: ChildProcess) => void = () => {}): Promise<Ran> {
  const { rpc, beacon } = running.devnet.urls;
  const child = spawn(
    process.execPath,
    [MAIN, ...args, "--network", "local", "--rpc", rpc, "--beacon", beacon, "--out", folder],
    { env: programEnvironment({}), stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      said += chunk;
      watch(said, child);
    });
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, said })));
}

test("the program deploys on the embedded chain, killed and started again, twice at once, and shows that all is as described", async () => {
  const plan = await deploy(["plan"]);
  expect(plan.code, plan.said).toBe(0);
  expect(plan.said).toContain("31 of 33 missing");

  const dry = await deploy(["apply"]);
  expect(dry.said).toContain("nothing was sent");

  const killed = await deploy(["apply", "--send"], (said, child) => {
    if (/operatorRegistry\.implementation: sent/.test(said)) child.kill("SIGKILL");
  });
  expect(killed.code).toBe(null);

  const both = await Promise.all([deploy(["apply", "--send"]), deploy(["apply", "--send"])]);
  for (const { code, said } of both) expect(code, said).toBe(0);

  const verified = await deploy(["verify"]);
  expect(verified.said).toContain("all is as described");
  expect(verified.code).toBe(0);

  const book = JSON.parse(readFileSync(join(folder, "local.json"), "utf8")) as AddressBook;
  const { interval } = await running.client.readContract({
    address: book.checkpoints,
    abi: checkpointsAbi,
    functionName: "parameters",
  });
  expect(interval).toBe(4 * 3600);
});
