import { buildValidatorsProof } from "@cairn/beacon";
import { checkpointsAbi, stakedEtherAbi, validatorManagerAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import { readRecords, Status } from "../records.ts";

const GWEI = 10n ** 9n;
/** 31 ETH: what the first funding takes, in gwei. */
const FIRST_GWEI = 31n * GWEI;
/** A later piece is at least this, or the whole rest. */
const PIECE_GWEI = 32n * GWEI;

/** Serves the ticket at the head of the funding line when there is free ether for it. */
export const fund: Job = async (context) => {
  const { client, settings, index } = context;
  const manager = { address: settings.addresses.validatorManager, abi: validatorManagerAbi } as const;
  const [number, , pubkeyRoot, targetGwei] = await client.readContract({
    ...manager,
    functionName: "nextTicket",
  });
  const key = index.keys.get(pubkeyRoot);
  if (number === 0n || !key) return 0;
  const [record] = await readRecords(context, [key]);
  if (!record || (await checkpointDue(context))) return 0;
  const free = await freeGwei(context);
  const rest = targetGwei > record.principalGwei ? targetGwei - record.principalGwei : 0n;
  const least = record.status === Status.Eligible ? FIRST_GWEI : rest < PIECE_GWEI ? rest : PIECE_GWEI;
  if (free < least) return 0;

  const { state, timestamp } = await context.states.newest();
  const proof = buildValidatorsProof(state, timestamp, [record.index], { balances: true });
  const call = { job: "fund", ...manager, functionName: "fund", args: [proof, key.pubkey] };
  return (await context.sender.send(call)) ? 1 : 0;
};

async function freeGwei({ client, settings }: Context): Promise<bigint> {
  const token = { address: settings.addresses.stakedEther, abi: stakedEtherAbi } as const;
  return (await client.readContract({ ...token, functionName: "freeEther" })) / GWEI;
}

/** Funding waits for a due checkpoint, so that deposits in flight never keep it from opening. */
async function checkpointDue({ client, settings }: Context): Promise<boolean> {
  const checkpoints = { address: settings.addresses.checkpoints, abi: checkpointsAbi } as const;
  const [opensAt, block] = await Promise.all([
    client.readContract({ ...checkpoints, functionName: "opensAt" }),
    client.getBlock(),
  ]);
  return block.timestamp >= opensAt;
}
