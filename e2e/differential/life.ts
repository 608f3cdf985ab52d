import { checkpointsAbi } from "@cairn/protocol";
import { parseEther, parseEventLogs, type TransactionReceipt } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import { accountOf } from "../stack/wallets.ts";
import { ACTIONS, type Action } from "./actions.ts";
import { requireBooks, requireIncome } from "./books.ts";
import { close, open, proveAll, type Snapshot } from "./closing.ts";
import { requireEqual } from "./requireEqual.ts";
import { type Owned, ownedAfter } from "./truth.ts";
import type { World } from "./world.ts";

const TOTAL_WEIGHT = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);
/** DISPUTE_DELAY. */
const DISPUTE_SECONDS = 3600;

/** Operators with bonds, and stake to work with. */
async function begin(world: World): Promise<void> {
  await world.act("alice", {
    ...world.at.token,
    functionName: "submit",
    args: [accountOf("alice").address],
    value: parseEther("3000"),
  });
  for (const [i, person] of (["operatorOne", "operatorTwo"] as const).entries()) {
    await world.act(person, {
      ...world.at.registry,
      functionName: "join",
      args: [accountOf(person).address],
    });
    const call = { ...world.at.registry, functionName: "topUpBondWithEther", args: [i + 1] };
    await world.act(person, { ...call, value: parseEther("150") });
  }
}

/**
 * One life of the stack: everything that may happen, in an order the seed decides, and after each of `checkpoints` closes
 * the books against both layers, to the wei.
 *
 * @throws E2eError naming what differed.
 */
export async function live(
  world: World,
  checkpoints: number,
  onClose?: (closed: number) => void,
): Promise<void> {
  await begin(world);
  for (let closed = 0; closed < checkpoints; ) {
    await someActions(world, world.random.between(4, 14));
    await untilDue(world);
    if (!(await oneCheckpoint(world))) continue;
    closed++;
    onClose?.(closed);
  }
  await requireIncome(world);
}

async function someActions(world: World, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await randomAction(world)(world);
    await passTime(world, world.random.between(0, 3));
  }
}

function randomAction(world: World): Action {
  let left = world.random.next() * TOTAL_WEIGHT;
  for (const [weight, action] of ACTIONS) {
    left -= weight;
    if (left < 0) return action;
  }
  throw new E2eError("the weights don't add up");
}

/** Real blocks, or an epoch in one. */
async function passTime(world: World, amount: number): Promise<void> {
  if (amount === 0) return;
  if (world.random.chance(0.6)) await world.stack.devnet.advance(amount);
  else await world.stack.devnet.simulateAttendance({ epochs: amount });
}

async function untilDue(world: World): Promise<void> {
  const opensAt = await world.stack.client.readContract({ ...world.at.checkpoints, functionName: "opensAt" });
  while (BigInt(world.stack.devnet.head.timestamp) < opensAt) {
    await world.stack.devnet.simulateAttendance({ epochs: 1 });
    if (world.random.chance(0.15)) await someActions(world, 1);
  }
}

/** @returns Whether it was closed; some are given up on the way. */
async function oneCheckpoint(world: World): Promise<boolean> {
  // so that the open is alone in its block, and what was on its way is there
  await world.stack.devnet.advance(2);
  const truth = await ownedAfter(world, BigInt(world.stack.devnet.head.blockNumber));
  const poolEther = await world.poolEther();
  const s = await open(world);
  requireFrozen(s, truth, poolEther);
  if (world.random.chance(0.06)) {
    world.count("left open");
    return false; // the next open replaces it
  }
  const isSlow = world.random.chance(0.4);
  const pause = async () => {
    if (isSlow && world.random.chance(0.5)) await someActions(world, 2);
  };
  try {
    await proveAll(world, s, pause);
  } catch (error) {
    if (await isGone(world)) return false;
    throw error;
  }
  if (isSlow && world.random.chance(0.3)) await world.stack.devnet.simulateAttendance({ epochs: 12 });
  await awaitDispute(world);
  if (await isGone(world)) return false;
  check(s, truth, await close(world, s));
  await requireBooks(world);
  world.count(s.inFlightGwei > 0n ? "closed with deposits in flight" : "closed");
  return true;
}

/** Members joined or left after its expiry. */
async function isGone(world: World): Promise<boolean> {
  const hash = await world.stack.client.readContract({
    ...world.at.checkpoints,
    functionName: "openSnapshotHash",
  });
  if (BigInt(hash) !== 0n) return false;
  world.count("given up");
  return true;
}

/** Deposits that counted as landed for not being shown wait an hour. */
async function awaitDispute(world: World): Promise<void> {
  const facts = await world.stack.client.readContract({ ...world.at.line, functionName: "facts" });
  const until = facts.absentSince + DISPUTE_SECONDS;
  if (facts.absentSince === 0 || world.stack.devnet.head.timestamp >= until) return;
  world.count("waited for disputes");
  while (world.stack.devnet.head.timestamp < until)
    await world.stack.devnet.simulateAttendance({ epochs: 1 });
}

function requireFrozen(s: Snapshot, truth: Owned, poolEther: bigint): void {
  requireEqual("own ether at the open", s.ownEther, truth.ownEther);
  requireEqual("execution rewards at the open", s.executionRewards, truth.executionRewards);
  requireEqual("P", s.poolEther, poolEther);
}

/** A1: what was booked and what was kept back is what both layers held more, or less, than the pool. */
function check(s: Snapshot, truth: Owned, { logs }: TransactionReceipt): void {
  const [rebased] = parseEventLogs({ abi: checkpointsAbi, logs, eventName: "Rebased" });
  if (!rebased) throw new E2eError("a close without its event");
  const { consensusRewards, executionRewards, reserve } = rebased.args;
  requireEqual(
    `A1 at checkpoint ${s.id}`,
    consensusRewards + executionRewards + reserve,
    truth.total - s.poolEther,
  );
}
