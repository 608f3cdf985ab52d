import { buildValidatorsProof } from "@cairn/beacon";
import { penaltiesAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import type { ProvenKey } from "../protocolIndex.ts";
import { Phase, readSlashings, type Slashing } from "../records.ts";
import { type ProvableState, ROOTS_KEPT } from "../stateSource.ts";

/** Both roots of a slashing's proof are at most this many slots apart. */
const MAX_SLOTS_APART = 64n;

/** Proves slashings of members, and settles them once the correlation penalty has fallen. */
export const slash: Job = async (context) => {
  const members = context.index.memberKeys();
  if (members.length === 0) return 0;
  const newest = await context.states.newest();
  const slashed = members.filter(
    ({ index }) => index < newest.state.validatorCount && newest.state.validator(index).slashed,
  );
  const known = await readSlashings(context, slashed);
  let sent = 0;
  for (const [i, key] of slashed.entries()) {
    const record = known[i];
    if (record?.phase === Phase.None) sent += await prove(context, key, newest);
    else if (record?.phase === Phase.Open) sent += await settle(context, key, newest, record);
  }
  return sent;
};

function contractOf({ settings }: Context) {
  return { address: settings.addresses.penalties, abi: penaltiesAbi, job: "slash" } as const;
}

function proofOf({ state, timestamp }: ProvableState, { index }: ProvenKey) {
  return buildValidatorsProof(state, timestamp, [index], { balances: true });
}

/** By two roots while both can be shown, else by one. */
async function prove(context: Context, key: ProvenKey, newest: ProvableState): Promise<number> {
  const { slotsPerEpoch, epochsPerSlashingsVector } = context.spec;
  const { withdrawableEpoch } = newest.state.validator(key.index);
  const lateFrom = withdrawableEpoch - epochsPerSlashingsVector + ROOTS_KEPT / slotsPerEpoch + 1n;
  const late = newest.state.slot / slotsPerEpoch >= lateFrom;
  const roots = late ? [newest] : await aroundSlashing(context, key, newest);
  if (roots.length === 0) return 0;
  const functionName = late ? "proveSlashingLate" : "proveSlashing";
  const args = roots.map((root) => proofOf(root, key));
  return (await context.sender.send({ ...contractOf(context), functionName, args })) ? 1 : 0;
}

/** Walks back to the state in which the validator was not slashed yet; that one and the next, or none. */
async function aroundSlashing(
  { states }: Context,
  key: ProvenKey,
  newest: ProvableState,
): Promise<ProvableState[]> {
  let later = newest;
  for await (const earlier of states.before(newest)) {
    if (!earlier.state.validator(key.index).slashed) {
      return later.state.slot - earlier.state.slot > MAX_SLOTS_APART ? [] : [earlier, later];
    }
    later = earlier;
  }
  return [];
}

async function settle(
  context: Context,
  key: ProvenKey,
  newest: ProvableState,
  { withdrawableEpoch }: Slashing,
): Promise<number> {
  const { slotsPerEpoch, epochsPerSlashingsVector } = context.spec;
  const epoch = newest.state.slot / slotsPerEpoch;
  if (epoch <= withdrawableEpoch - epochsPerSlashingsVector / 2n || epoch >= withdrawableEpoch) return 0;
  const args = [proofOf(newest, key)];
  return (await context.sender.send({ ...contractOf(context), functionName: "settleSlashing", args }))
    ? 1
    : 0;
}
