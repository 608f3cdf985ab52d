import { checkpointsAbi, validatorManagerAbi } from "@cairn/protocol";
import { toHex } from "@lodestar/utils";
import type { Hex } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import { pubkeyRootOf } from "../stack/operator.ts";
import type { Stack } from "../stack/stack.ts";
import { indexOf } from "./lookups.ts";
import { depositLogs, type TruthRow } from "./truth.ts";

const GWEI = 10n ** 9n;

/** What one close booked; wei. */
export interface Rebased {
  readonly checkpoint: bigint;
  readonly slot: bigint;
  readonly etherBefore: bigint;
  readonly etherAfter: bigint;
  readonly sharesAfter: bigint;
  readonly consensusRewards: bigint;
  readonly executionRewards: bigint;
  readonly reserve: bigint;
  readonly feeShares: bigint;
}

/** Both sides of one closed checkpoint, and what of the pool was in flight at its state. */
export interface RebaseTruth {
  readonly rows: readonly TruthRow[];
  readonly inFlightGwei: bigint;
}

/**
 * A1 for one closed checkpoint: what the pool owned at its snapshot, from Lodestar's state at that slot and from
 * account balances at that block, beside what the contracts booked.
 */
export async function rebaseTruth(stack: Stack, rebased: Rebased): Promise<RebaseTruth> {
  const { client, addresses, devnet } = stack;
  const log = await openOf(stack, rebased.checkpoint);
  const { snapshot } = log.args;
  const members = await membersBefore(stack, log);
  const state = devnet.stateAt(Number(rebased.slot));
  let balances = 0n;
  for (const key of members) balances += BigInt(state.balances.get(indexOf(devnet, key) as number)) * GWEI;
  const inFlightGwei = await inFlightGweiAt(stack, members, log, Number(rebased.slot));
  const own = await ownEtherBefore(stack, log.blockHash);
  const before = await client.getBalance({
    address: addresses.executionRewardsVault,
    blockNumber: log.blockNumber - 1n,
  });
  const gain = own + balances + inFlightGwei * GWEI - snapshot.poolEther;
  const rows = [
    { what: "frozen own ether", contracts: snapshot.ownEther, truth: own },
    { what: "frozen execution rewards", contracts: snapshot.executionRewards, truth: before },
    {
      what: "gain recognized + reserve",
      contracts: rebased.etherAfter - rebased.etherBefore + rebased.reserve,
      truth: gain,
    },
    {
      what: "consensus + execution rewards",
      contracts: rebased.consensusRewards + rebased.executionRewards,
      truth: gain - rebased.reserve,
    },
  ];
  return { rows, inFlightGwei };
}

interface Place {
  readonly blockNumber: bigint;
  readonly logIndex: number;
}

async function openOf({ client, addresses }: Stack, id: bigint) {
  const [log] = await client.getContractEvents({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    eventName: "CheckpointOpened",
    args: { id },
    fromBlock: BigInt(addresses.deployedAtBlock),
    strict: true,
  });
  if (!log) throw new E2eError(`checkpoint ${id} has no CheckpointOpened`);
  return log;
}

/** Public keys of those that had joined and not left at this place of the chain. */
async function membersBefore({ client, addresses }: Stack, place: Place): Promise<Set<Hex>> {
  const logs = await client.getContractEvents({
    address: addresses.validatorManager,
    abi: validatorManagerAbi,
    fromBlock: BigInt(addresses.deployedAtBlock),
    toBlock: place.blockNumber,
    strict: true,
  });
  const keyOf = new Map<Hex, Hex>();
  const members = new Set<Hex>();
  for (const log of logs) {
    if (log.blockNumber === place.blockNumber && log.logIndex > place.logIndex) continue;
    if (log.eventName === "Predeposited") keyOf.set(pubkeyRootOf(log.args.pubkey), log.args.pubkey);
    if (log.eventName === "MemberAdded") members.add(keyOf.get(log.args.pubkeyRoot) as Hex);
    if (log.eventName === "MemberRemoved") members.delete(keyOf.get(log.args.pubkeyRoot) as Hex);
  }
  return members;
}

/** What the state holds as pending for these keys, and what the open's own block had deposited before it. */
async function inFlightGweiAt(
  stack: Stack,
  keys: ReadonlySet<Hex>,
  { blockNumber, logIndex }: Place,
  slot: number,
): Promise<bigint> {
  const pending = stack.devnet.stateAt(slot).pendingDeposits.getAllReadonlyValues();
  const young = await depositLogs(stack, blockNumber, blockNumber);
  return [
    ...pending.map((d) => ({ pubkey: toHex(d.pubkey) as Hex, gwei: BigInt(d.amount) })),
    ...young.filter((deposit) => deposit.logIndex < logIndex),
  ]
    .filter(({ pubkey }) => keys.has(pubkey))
    .reduce((sum, { gwei }) => sum + gwei, 0n);
}

/** Own ether as the open saw it: at the end of its block, less what that block's withdrawals and tips added after. */
async function ownEtherBefore({ client, addresses }: Stack, blockHash: Hex): Promise<bigint> {
  const block = await client.getBlock({ blockHash });
  const accounts = [addresses.stakedEther, addresses.withdrawalVault, addresses.executionRewardsVault];
  const balances = await Promise.all(
    accounts.map((address) => client.getBalance({ address, blockNumber: block.number })),
  );
  const withdrawn = (block.withdrawals ?? [])
    .filter((w) => w.address.toLowerCase() === addresses.withdrawalVault)
    .reduce((sum, w) => sum + BigInt(w.amount) * GWEI, 0n);
  return balances.reduce((sum, balance) => sum + balance, 0n) - withdrawn;
}
