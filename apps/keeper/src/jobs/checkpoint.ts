import { buildBalancesProof, buildStateProof, splitBatches } from "@cairn/beacon";
import { checkpointsAbi, depositsInFlightAbi } from "@cairn/protocol";
import type { Hex } from "viem";
import type { Context, Job } from "../context.ts";
import { type Snapshot, snapshotHash } from "../snapshot.ts";

const NONE: Hex = `0x${"00".repeat(32)}`;

/** Opens a checkpoint when one is due; once its open is final, proves it batch by batch and closes it. */
export const checkpoint: Job = async (context) => {
  const contract = contractOf(context);
  const [hash, opensAt, block] = await Promise.all([
    context.client.readContract({ ...contract, functionName: "openSnapshotHash" }),
    context.client.readContract({ ...contract, functionName: "opensAt" }),
    context.client.getBlock(),
  ]);
  const { snapshot } = context.index;
  // an expired checkpoint can still be closed: that comes before opening another
  if (hash !== NONE && snapshot && snapshotHash(snapshot) === hash) return closeIt(context, snapshot);
  if (block.timestamp >= opensAt && (await nothingInFlight(context))) return openIt(context);
  return 0;
};

function contractOf({ settings }: Context) {
  return { address: settings.addresses.checkpoints, abi: checkpointsAbi } as const;
}

async function nothingInFlight({ client, settings }: Context): Promise<boolean> {
  const line = { address: settings.addresses.depositsInFlight, abi: depositsInFlightAbi } as const;
  const [count, landed] = await client.readContract({ ...line, functionName: "inFlight" });
  return count === landed;
}

async function openIt(context: Context): Promise<number> {
  const call = { job: "checkpoint", ...contractOf(context), functionName: "open", args: [] };
  return (await context.sender.send(call)) ? 1 : 0;
}

/** Goes on where the contract says this keeper's own walk stands: another's neither helps nor hinders it. */
async function closeIt(context: Context, snapshot: Snapshot): Promise<number> {
  const contract = contractOf(context);
  const { sender, client, states, settings, index } = context;
  const send = (functionName: string, ...args: unknown[]) =>
    sender.send({ job: "checkpoint", ...contract, functionName, args: [snapshot, ...args] });
  const readProgress = () =>
    client.readContract({ ...contract, functionName: "progress", args: [sender.address] });
  let progress = await readProgress();
  let sent = 0;
  if (!progress.stateProven) {
    const state = await states.atRoot(snapshot.beaconRoot);
    if (!(await send("proveState", buildStateProof(state)))) return sent;
    sent++;
    // a dry run has changed nothing: what follows cannot be simulated
    if (sender.dryRun) return sent;
    progress = await readProgress();
  }
  const rest = index.members().filter((member) => Math.floor(member / 256) >= progress.nextWord);
  for (const batch of splitBatches(rest, settings.batchSize)) {
    const state = await states.atRoot(snapshot.beaconRoot);
    if (!(await send("proveBalances", buildBalancesProof(state, batch.members)))) return sent;
    sent++;
  }
  if (await send("close", sender.address)) sent++;
  return sent;
}
