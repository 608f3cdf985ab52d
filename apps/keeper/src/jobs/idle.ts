import { type BeaconStateBytes, buildParticipationProof } from "@cairn/beacon";
import { penaltiesAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import type { ProvenKey } from "../protocolIndex.ts";
import type { ProvableState } from "../stateSource.ts";

/** Validators in one transaction. */
const BATCH = 16;
/** Finality may be this many epochs behind: an idle epoch counts only while the chain is sound. */
const MAX_FINALITY_DISTANCE = 3n;
/** Idle epochs within the window (30 days) after which anybody may have a member exited. */
const LIMIT = 5;
const WINDOW_SECONDS = 30n * 86_400n;

/** Shows which members did nothing in an epoch, and has those exited that did so too often. */
export const idle: Job = async (context) => {
  const { index, spec, states } = context;
  const members = index.provenIn("member", "toExit", "exiting");
  if (members.length === 0) return 0;
  const newest = await states.newest();
  const epochsOver = (newest.state.slot + 1n) / spec.slotsPerEpoch;
  // an old state is asked for once: it may have a hundred megabytes
  if (context.patience.hasReached("idle", epochsOver)) return 0;
  const ending = await states.endOfEpoch(newest, spec.slotsPerEpoch);
  const sent = ending ? await charge(context, members, ending) : NOTHING;
  if (sent.all) context.patience.reach("idle", epochsOver);
  return sent.count;
};

/** What was sent, and whether that was all there was to do. */
interface Sent {
  readonly count: number;
  readonly all: boolean;
}

const NOTHING: Sent = { count: 0, all: true };

async function charge(context: Context, members: readonly ProvenKey[], ending: ProvableState): Promise<Sent> {
  const { spec, sender, settings } = context;
  const { state, timestamp } = ending;
  const epoch = state.slot / spec.slotsPerEpoch - 1n;
  if (epoch + 1n > state.finalizedCheckpoint.epoch + MAX_FINALITY_DISTANCE) return NOTHING;
  const contract = { address: settings.addresses.penalties, abi: penaltiesAbi, job: "idle" } as const;
  let count = 0;
  const missing = await notYetProven(
    context,
    members.filter((key) => didNothing(state, key.index, epoch)),
    epoch,
  );
  if (missing.length > 0) {
    const indices = missing.map((key) => key.index);
    const args = [buildParticipationProof(state, timestamp, indices, spec.slotsPerEpoch)];
    // refused, as while its fork is not probed: the next cycle tries again
    if (!(await sender.send({ ...contract, functionName: "proveIdle", args }))) return { count, all: false };
    count++;
  }
  for (const key of missing) {
    const epochs = key.stage === "member" ? await provenEpochs(context, key) : [];
    if (epochs.length < LIMIT) continue;
    const args = [key.pubkeyRoot, epochs.slice(-LIMIT)];
    if (await sender.send({ ...contract, functionName: "condemnIdle", args })) count++;
  }
  return { count, all: missing.length < BATCH };
}

function didNothing(state: BeaconStateBytes, index: number, epoch: bigint): boolean {
  if (index >= state.validatorCount || state.previousParticipation(index) !== 0) return false;
  const { activationEpoch, exitEpoch, slashed } = state.validator(index);
  return activationEpoch <= epoch && epoch < exitEpoch && !slashed;
}

async function notYetProven(
  { client, settings }: Context,
  keys: readonly ProvenKey[],
  epoch: bigint,
): Promise<ProvenKey[]> {
  const contract = { address: settings.addresses.penalties, abi: penaltiesAbi } as const;
  const known = await Promise.all(
    keys.map((key) =>
      client.readContract({ ...contract, functionName: "wasIdle", args: [key.pubkeyRoot, epoch] }),
    ),
  );
  return keys.filter((_, i) => !known[i]).slice(0, BATCH);
}

/** Epochs of the window in which the member was proven idle, ascending. */
async function provenEpochs({ client, settings, spec }: Context, key: ProvenKey): Promise<bigint[]> {
  const block = await client.getBlock();
  const window = WINDOW_SECONDS / (spec.slotsPerEpoch * spec.secondsPerSlot);
  const blocks = WINDOW_SECONDS / spec.secondsPerSlot;
  const logs = await client.getContractEvents({
    address: settings.addresses.penalties,
    abi: penaltiesAbi,
    eventName: "IdleProven",
    args: { pubkeyRoot: key.pubkeyRoot },
    fromBlock: block.number > blocks ? block.number - blocks : 0n,
    strict: true,
  });
  const epochs = logs.map((log) => log.args.epoch).sort((a, b) => Number(a - b));
  const newest = epochs.at(-1) ?? 0n;
  return epochs.filter((epoch) => epoch + window > newest);
}
