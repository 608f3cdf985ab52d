import { type BeaconStateBytes, buildForkProbe, isProbeable, probeIndices } from "@cairn/beacon";
import { beaconProofsAbi, stakedEtherAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import type { ClosedFork } from "../protocolIndex.ts";
import type { Call } from "../sender.ts";
import type { ProvableState } from "../stateSource.ts";

/** More than twice what a probe takes: nobody can estimate it. */
const GAS = 1_000_000n;
/** A probe that came too late was paid for in vain: the next is not sent before so many slots. */
const REPEAT_SLOTS = 8n;
/** What keeps a fork closed is told at most this often. */
const TELL_SECONDS = 3600n;

/**
 * Probes the newest fork while its entry is not usable: until then every proof of its slots is refused. A probe is good only
 * in the block right after its state's, so the one that is sent cannot be simulated. But the same, one block older, can be:
 * that comes first, and once is enough.
 */
export const probe: Job = async (context) => {
  const { index, states, patience, sender, log } = context;
  // proposed two days before its first slot at least, so it is final by then
  if (!index.hasClosedFork) return 0;
  const newest = await states.newest();
  const fork = index.closedForkAt(newest.state.slot);
  if (!fork || (await isUsable(context, fork))) return 0;
  const rehearsed = `probe ${fork.entry}`;
  if (!patience.hasReached(rehearsed, fork.firstSlot)) {
    if (!(await rehearse(context, fork, newest))) return 0;
    patience.reach(rehearsed, fork.firstSlot);
    log.info({ job: "probe", entry: Number(fork.entry) }, "the fork's entry fits; it is probed");
  }
  if (!sender.dryRun) return probeHead(context, newest);
  log.info({ job: "probe", call: "probeFork" }, "dry run: would send");
  return 1;
};

function isUsable({ client, settings }: Context, { entry }: ClosedFork): Promise<boolean> {
  const contract = { address: settings.addresses.beaconProofs, abi: beaconProofsAbi } as const;
  return client.readContract({ ...contract, functionName: "forkUsable", args: [entry] });
}

/** Whether the contract would have taken a probe in the newest block. */
async function rehearse(context: Context, fork: ClosedFork, { state, timestamp }: ProvableState) {
  const { patience, sender, log } = context;
  const call = await callAt(context, state);
  if (call && (await sender.accepts(call))) return true;
  if (patience.allows(`probe ${fork.entry}`, TELL_SECONDS, timestamp)) {
    const why = call ? "the contract refuses its probe" : "it needs a key of the pool and a pending deposit";
    log.warn({ job: "probe", entry: Number(fork.entry) }, `the newest fork is closed to proofs: ${why}`);
  }
  return false;
}

/** Sends a probe of the newest block of all, unless the next one has come before it is ready. */
async function probeHead(context: Context, { timestamp }: ProvableState): Promise<number> {
  const { client, patience, sender, spec, states } = context;
  const head = await states.head();
  const call = await callAt(context, head);
  const block = await client.getBlock();
  if (!call || block.hash !== head.executionBlockHash) return 0;
  if (!patience.allows("probe sent", REPEAT_SLOTS * spec.secondsPerSlot, timestamp)) return 0;
  return (await sender.sendForNextBlock(call, GAS)) ? 1 : 0;
}

/** Nothing if the state does not hold what a probe shows. */
async function callAt(context: Context, state: BeaconStateBytes): Promise<Call | undefined> {
  const key = await poolKeyIn(context, state);
  if (key === undefined || state.pendingDeposits().count === 0) return undefined;
  return {
    job: "probe",
    address: context.settings.addresses.beaconProofs,
    abi: beaconProofsAbi,
    functionName: "probeFork",
    args: [buildForkProbe(state, probeIndices(state, key), context.spec)],
  };
}

/** A key of the pool's, in whatever state, that a probe can show. */
async function poolKeyIn(context: Context, state: BeaconStateBytes): Promise<number | undefined> {
  const { client, settings } = context;
  const token = { address: settings.addresses.stakedEther, abi: stakedEtherAbi } as const;
  const credentials = await client.readContract({ ...token, functionName: "withdrawalCredentials" });
  const fits = (at: number | null | undefined): at is number =>
    typeof at === "number" &&
    at < state.validatorCount &&
    state.validator(at).withdrawalCredentials === credentials &&
    isProbeable(state, at);
  const keys = [...context.index.keys.values()];
  const proven = keys.map(({ index }) => index).find(fits);
  if (proven !== undefined) return proven;
  // a search by key goes through the whole registry: only if no proven key will do
  const unproven = keys.filter(({ index }) => index === undefined);
  return unproven.map(({ pubkey }) => state.indexOfPubkey(pubkey)).find(fits);
}
