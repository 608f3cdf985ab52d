import {
  type BeaconStateBytes,
  buildBalancesProof,
  buildStateProof,
  type InFlightScan,
  nextInFlightProof,
  type PoolDeposit,
} from "@cairn/beacon";
import { checkpointsAbi, depositsInFlightAbi } from "@cairn/protocol";
import { type ContractFunctionArgs, parseEventLogs } from "viem";
import { indexOf } from "../journey/lookups.ts";
import { E2eError } from "../stack/e2eError.ts";
import { accountOf } from "../stack/wallets.ts";
import type { World } from "./world.ts";

export type Snapshot = ContractFunctionArgs<typeof checkpointsAbi, "nonpayable", "close">[0];

/** Small, so that a life of few validators has batches. */
const LIMITS = { validators: 2, elements: 5 };

/** Opens a checkpoint, first in its block. */
export async function open(world: World): Promise<Snapshot> {
  const { logs } = await world.act("keeper", { ...world.at.checkpoints, functionName: "open", args: [] });
  const [opened] = parseEventLogs({ abi: checkpointsAbi, logs, eventName: "CheckpointOpened" });
  if (!opened) throw new E2eError("an open without its event");
  return opened.args.snapshot;
}

/** Proves everything of it, with `pause` between the calls. */
export async function proveAll(world: World, s: Snapshot, pause: () => Promise<void>): Promise<void> {
  const state = await world.stateAtRoot(s.beaconRoot);
  await world.act("keeper", {
    ...world.at.checkpoints,
    functionName: "proveState",
    args: [s, buildStateProof(state)],
  });
  await pause();
  if (s.inFlightGwei > 0n) await proveInFlight(world, s, state, pause);
  const all = await memberIndices(world);
  // a word of the bitmap is never split
  for (const word of new Set(all.map((index) => Math.floor(index / 256)))) {
    const members = all.filter((index) => Math.floor(index / 256) === word);
    const args = [s, buildBalancesProof(state, members)];
    await world.act("keeper", { ...world.at.checkpoints, functionName: "proveBalances", args });
    await pause();
  }
}

async function memberIndices(world: World): Promise<number[]> {
  const statuses = await Promise.all(world.keys.map((key) => world.record(key)));
  return world.keys
    .filter((_, i) => [3, 4, 5, 6].includes(statuses[i]?.status ?? 0))
    .map(({ pubkey }) => indexOf(world.stack.devnet, pubkey) as number)
    .sort((a, b) => a - b);
}

async function proveInFlight(
  world: World,
  s: Snapshot,
  state: BeaconStateBytes,
  pause: () => Promise<void>,
): Promise<void> {
  let scan: InFlightScan | null = null;
  for (;;) {
    const step = nextInFlightProof({ state, ...(await known(world, s)), scan, limits: LIMITS });
    if (!step) return;
    await world.act("keeper", { ...world.at.line, functionName: "prove", args: [step.proof] });
    world.count("in-flight call");
    scan = step.scan;
    await pause();
  }
}

/** The pool's deposits and what was shown of them, from the contract and its events. */
async function known(world: World, s: Snapshot) {
  const { client } = world.stack;
  const { line } = world.at;
  const [, landed] = await client.readContract({ ...line, functionName: "inFlight" });
  const facts = await client.readContract({ ...line, functionName: "facts" });
  const isCurrent = facts.checkpoint === s.id;
  const walkedTo = isCurrent ? facts.walkedTo : landed;
  const all = await allDeposits(world, s.lastDeposit);
  const short = await Promise.all(
    all.map(({ number }) => client.readContract({ ...line, functionName: "isShort", args: [number] })),
  );
  const passed = await numbersIn(world, "DepositPassedAbsent", s.id);
  return {
    deposits: all.filter(({ number }) => number > walkedTo),
    watched: all.filter(({ number }, i) => short[i] === true || passed.has(number)),
    facts: {
      newest: isCurrent ? facts.newest : 0,
      walkedTo,
      isComplete: isCurrent && facts.isComplete,
      shown: await numbersIn(world, "DepositShownPending", s.id),
    },
  };
}

async function numbersIn(world: World, eventName: "DepositPassedAbsent" | "DepositShownPending", id: bigint) {
  const filter = {
    ...world.at.line,
    eventName,
    args: { checkpoint: id },
    fromBlock: 0n,
    strict: true,
  } as const;
  const logs = await world.stack.client.getContractEvents(filter);
  return new Set(logs.map(({ args }) => (args as { deposit: number }).deposit));
}

async function allDeposits(world: World, last: number): Promise<PoolDeposit[]> {
  const filter = {
    ...world.at.line,
    abi: depositsInFlightAbi,
    eventName: "DepositInFlight",
    fromBlock: 0n,
    strict: true,
  } as const;
  const logs = await world.stack.client.getContractEvents(filter);
  return logs
    .filter(({ args }) => args.deposit <= last)
    .map(({ args }) => {
      const key = world.keys.find(({ root }) => root === args.pubkeyRoot);
      const validatorIndex = indexOf(world.stack.devnet, key?.pubkey ?? "0x") as number;
      return {
        number: args.deposit,
        pubkeyRoot: args.pubkeyRoot,
        validatorIndex,
        amountGwei: args.amountGwei,
        slot: args.slot,
      };
    });
}

export function close(world: World, s: Snapshot) {
  return world.act("keeper", {
    ...world.at.checkpoints,
    functionName: "close",
    args: [s, accountOf("keeper").address],
  });
}
