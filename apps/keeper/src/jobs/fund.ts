import { buildValidatorsProof } from "@cairn/beacon";
import { checkpointsAbi, operatorRegistryAbi, stakedEtherAbi, validatorManagerAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import { readRecords } from "../records.ts";
import { Status } from "../status.ts";

const GWEI = 10n ** 9n;
/** 31 ETH: what the first funding takes, in gwei. */
const FIRST_GWEI = 31n * GWEI;
/** Stake that must fit into the operator's limits; a later piece is at least this, or the whole rest. */
const PIECE_GWEI = 32n * GWEI;
/** One ticket is sent to the back at most this often. */
const REQUEUE_SECONDS = 3600n;

/**
 * Serves the ticket at the head of the funding line when there is free ether for it, or sends it to the back when its
 * operator may not be funded now.
 */
export const fund: Job = async (context) => {
  const { client, settings, index, sender } = context;
  const manager = { address: settings.addresses.validatorManager, abi: validatorManagerAbi } as const;
  const [number, operatorId, validatorIndex, waiting] = await client.readContract({
    ...manager,
    functionName: "nextTicket",
  });
  const key = index.provenIn("eligible", "member").find((known) => known.index === validatorIndex);
  if (number === 0n || !key) return 0;
  const [record] = await readRecords(context, [key]);
  if (!record) return 0;
  const eligible = record.status === Status.Eligible;
  const target = BigInt(record.targetEth) * GWEI;
  const rest = target > record.principalGwei ? target - record.principalGwei : 0n;
  const least = !eligible && rest < PIECE_GWEI ? rest : PIECE_GWEI;
  if ((await roomGwei(context, operatorId, eligible)) < least) {
    // a lone ticket would only change its number, and tickets that are all stuck would go round for ever
    const { timestamp } = await client.getBlock();
    if (waiting === 1n || !context.patience.allows(`requeue ${key.pubkeyRoot}`, REQUEUE_SECONDS, timestamp))
      return 0;
    const call = { job: "fund", ...manager, functionName: "requeueTicket", args: [key.pubkeyRoot] };
    return (await sender.send(call)) ? 1 : 0;
  }
  if (await isHeldUp(context, eligible)) return 0;
  if ((await freeGwei(context)) < (eligible ? FIRST_GWEI : least)) return 0;

  const { state, timestamp } = await context.states.newest();
  const proof = buildValidatorsProof(state, timestamp, [key.index], { balances: true });
  const call = { job: "fund", ...manager, functionName: "fund", args: [proof, [key.pubkey]] };
  return (await sender.send(call)) ? 1 : 0;
};

/** Stake in gwei that the operator may still be given. */
async function roomGwei({ client, settings }: Context, operatorId: number, first: boolean): Promise<bigint> {
  const registry = { address: settings.addresses.operatorRegistry, abi: operatorRegistryAbi } as const;
  const [room] = await client.readContract({
    ...registry,
    functionName: "fundingRoom",
    args: [operatorId, first],
  });
  return room;
}

async function freeGwei({ client, settings }: Context): Promise<bigint> {
  const token = { address: settings.addresses.stakedEther, abi: stakedEtherAbi } as const;
  return (await client.readContract({ ...token, functionName: "freeEther" })) / GWEI;
}

/** The safeguard stops all funding; members join only while no checkpoint can be closed. */
async function isHeldUp({ client, settings }: Context, joins: boolean): Promise<boolean> {
  const checkpoints = { address: settings.addresses.checkpoints, abi: checkpointsAbi } as const;
  const [isGuarded, hash] = await Promise.all([
    client.readContract({ ...checkpoints, functionName: "isGuarded" }),
    client.readContract({ ...checkpoints, functionName: "openSnapshotHash" }),
  ]);
  return isGuarded || (joins && BigInt(hash) !== 0n);
}
