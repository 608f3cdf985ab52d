import { buildBalancesProof, buildStateProof, splitBatches } from "@cairn/beacon";
import { checkpointsAbi } from "@cairn/protocol";
import type { Hex } from "viem";
import type { Context, Job } from "../context.ts";
import { disputableUntil, showInFlight } from "../inFlight.ts";
import { type Snapshot, snapshotHash } from "../snapshot.ts";

const NO_SNAPSHOT: Hex = `0x${"00".repeat(32)}`;

/**
 * Opens a checkpoint when one is due; once its open is final, proves its state, what is in flight at it, and balances batch
 * by batch, and closes it.
 */
export const checkpoint: Job = async (context) => {
  const contract = contractOf(context);
  const [hash, opensAt, block] = await Promise.all([
    context.client.readContract({ ...contract, functionName: "openSnapshotHash" }),
    context.client.readContract({ ...contract, functionName: "opensAt" }),
    context.client.getBlock(),
  ]);
  const { snapshot } = context.index;
  // an expired checkpoint can still be closed: that comes before opening another
  if (hash !== NO_SNAPSHOT && snapshot && snapshotHash(snapshot) === hash) return finish(context, snapshot);
  if (block.timestamp < opensAt) return 0;
  const call = { job: "checkpoint", ...contract, functionName: "open", args: [] };
  return (await context.sender.send(call)) ? 1 : 0;
};

function contractOf({ settings }: Context) {
  return { address: settings.addresses.checkpoints, abi: checkpointsAbi } as const;
}

/** One step after the other, each only when the one before is done. */
async function finish(context: Context, snapshot: Snapshot): Promise<number> {
  const steps = [proveState, proveInFlight, proveBalances, close];
  let sent = 0;
  for (const step of steps) {
    const done = await step(context, snapshot);
    sent += done.sent;
    // a dry run has changed nothing: what follows cannot be simulated
    if (!done.isDone || (context.sender.dryRun && done.sent > 0)) break;
  }
  return sent;
}

/** What a step sent, and whether the next may follow. */
interface Done {
  readonly sent: number;
  readonly isDone: boolean;
}

function send(context: Context, functionName: string, ...args: readonly unknown[]): Promise<boolean> {
  return context.sender.send({ job: "checkpoint", ...contractOf(context), functionName, args });
}

/** Where the contract says this keeper's own walk stands: another's neither helps nor hinders it. */
function readProgress(context: Context) {
  const { client, sender } = context;
  return client.readContract({ ...contractOf(context), functionName: "progress", args: [sender.address] });
}

async function proveState(context: Context, snapshot: Snapshot): Promise<Done> {
  if ((await readProgress(context)).stateProven) return { sent: 0, isDone: true };
  const state = await context.states.atRoot(snapshot.beaconRoot);
  const isDone = await send(context, "proveState", snapshot, buildStateProof(state));
  return { sent: isDone ? 1 : 0, isDone };
}

async function proveInFlight(context: Context, snapshot: Snapshot): Promise<Done> {
  if (snapshot.inFlightGwei === 0n) return { sent: 0, isDone: true };
  return showInFlight(context, "checkpoint", snapshot, "all");
}

async function proveBalances(context: Context, snapshot: Snapshot): Promise<Done> {
  const { nextWord } = await readProgress(context);
  const rest = context.index.members().filter((member) => Math.floor(member / 256) >= nextWord);
  let sent = 0;
  for (const batch of splitBatches(rest, context.settings.batchSize)) {
    const state = await context.states.atRoot(snapshot.beaconRoot);
    const proof = buildBalancesProof(state, batch.members);
    if (!(await send(context, "proveBalances", snapshot, proof))) return { sent, isDone: false };
    sent++;
  }
  return { sent, isDone: true };
}

/** Waits while others may still show what counts as landed. */
async function close(context: Context, snapshot: Snapshot): Promise<Done> {
  const { client, sender, log } = context;
  const until = snapshot.inFlightGwei === 0n ? 0n : await disputableUntil(context);
  const { timestamp } = await client.getBlock();
  if (timestamp < until) {
    log.debug({ checkpoint: Number(snapshot.id), until: Number(until) }, "the checkpoint may be disputed");
    return { sent: 0, isDone: false };
  }
  const isDone = await send(context, "close", snapshot, sender.address);
  return { sent: isDone ? 1 : 0, isDone };
}
