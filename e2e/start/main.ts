/**
 * `npm start`: the whole stack on the embedded chain, and a status page. It stays until Ctrl+C; the next start goes on
 * where this one stopped, unless --fresh is given.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SHORTEST_RHYTHM } from "@cairn/deployment";
import type { AddressBook } from "@cairn/protocol";
import { KeeperProcess } from "../stack/keeperProcess.ts";
import { deploy, type RunningChain, type Stack, startChain } from "../stack/stack.ts";
import { type Facts, lastClosed, readFacts } from "./facts.ts";
import { Operator } from "./operators.ts";
import { People } from "./people.ts";
import { readStartSettings, type StartSettings } from "./settings.ts";
import { type PageState, serveStatus } from "./statusServer.ts";

const ACTIVITY_KEPT = 12;
const KEEPER_POLL_MS = 250;
/** Milliseconds between two acts of the people. */
const ACT_MS = 3000;
const FACTS_MS = 500;

let page: PageState = { phase: "starting", doing: "starting the execution client" };
const activity: string[] = [];

function tell(text: string): void {
  const line = `${new Date().toISOString().slice(11, 19)} ${text}`;
  console.log(line);
  activity.unshift(line);
  activity.length = Math.min(activity.length, ACTIVITY_KEPT);
}

function doing(text: string): void {
  page = { phase: "starting", doing: text };
  tell(text);
}

/** The stack of the last start if its contracts are on this chain, else a new one. */
async function stackOn(running: RunningChain, folder: string): Promise<Stack> {
  const addressFile = join(folder, "addresses.json");
  if (existsSync(addressFile)) {
    const addresses = JSON.parse(readFileSync(addressFile, "utf8")) as AddressBook;
    const code = await running.client.getCode({ address: addresses.checkpoints });
    if (code) return { ...running, addresses, addressFile };
  }
  doing("deploying the contracts");
  return deploy(running, SHORTEST_RHYTHM, folder, { knownForks: ["electra"] });
}

async function untilAborted(signal: AbortSignal, ms: number, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

async function live(stack: Stack, settings: StartSettings, signal: AbortSignal): Promise<void> {
  const keeper = new KeeperProcess(stack, {
    logFile: join(settings.folder, "keeper.log"),
    pollMs: KEEPER_POLL_MS,
  });
  const people = new People(stack, tell);
  const operators = [new Operator(stack, "operatorOne", tell), new Operator(stack, "operatorTwo", tell)];
  let calm = false;
  const look = async () => {
    keeper.requireAlive();
    const facts: Facts = await readFacts(stack);
    page = { phase: "running", facts, activity };
    const earned =
      facts.checkpoints.last &&
      BigInt(facts.checkpoints.last.etherAfter) > BigInt(facts.checkpoints.last.etherBefore);
    if (earned && !calm) {
      calm = true;
      stack.devnet.setPace({ slotsPerSecond: settings.calmPace });
      tell(`the first rewards are proven; the chain goes on at ${settings.calmPace} slots a second`);
    }
  };
  const act = async () => {
    for (const operator of operators) await operator.act();
    await people.act();
  };
  const actors = async () => {
    await people.begin();
    await untilAborted(signal, ACT_MS, act);
  };
  try {
    await Promise.all([untilAborted(signal, FACTS_MS, look), actors()]);
  } finally {
    await keeper.stop();
  }
}

async function main(): Promise<void> {
  const settings = readStartSettings(process.env, process.argv.slice(2));
  const folder = resolve(settings.folder);
  mkdirSync(folder, { recursive: true });
  const { url, server } = await serveStatus(settings.port, () => page);
  console.log(`Cairn is starting. Status page: ${url}   (Ctrl+C stops it)`);
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  if (settings.fresh) rmSync(join(folder, "addresses.json"), { force: true });
  const running = await startChain({
    dataDir: join(folder, "chain"),
    fresh: settings.fresh,
    secondsPerSlot: 12,
    ports: settings.ports,
    fuluEpoch: settings.fuluEpoch,
    pace: { slotsPerSecond: settings.fastPace },
  });
  writeFileSync(
    join(folder, "run.json"),
    JSON.stringify({ pid: process.pid, page: url, ...running.devnet.urls }, null, 2),
  );
  try {
    const stack = await stackOn(running, folder);
    if (await lastClosed(stack)) running.devnet.setPace({ slotsPerSecond: settings.calmPace });
    tell(`the stack is up: RPC ${running.devnet.urls.rpc}, Beacon API ${running.devnet.urls.beacon}`);
    await live(stack, { ...settings, folder }, stop.signal);
  } catch (error) {
    stop.abort();
    page = { phase: "failed", reason: error instanceof Error ? error.message : String(error) };
    console.error(`Cairn failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await running.devnet.stop();
    rmSync(join(folder, "run.json"), { force: true });
    server.closeAllConnections();
    server.close();
    console.log("Stopped. The next `npm start` goes on from here; `npm start -- --fresh` begins anew.");
  }
}

main().catch((error: unknown) => {
  console.error(`Cairn cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
