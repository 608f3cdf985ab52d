import { checkpointsAbi } from "@cairn/protocol";
import type { Hex } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Stack } from "../stack/stack.ts";
import type { TruthRow } from "./truth.ts";

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
}

/**
 * A1 for one closed checkpoint: what the pool owned at its snapshot, from Lodestar's state at that slot and from
 * account balances at that block, beside what the contracts booked.
 */
export async function rebaseTruth(
  stack: Stack,
  rebased: Rebased,
  memberIndices: readonly number[],
): Promise<TruthRow[]> {
  const { client, addresses, devnet } = stack;
  const opened = await client.getContractEvents({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    eventName: "CheckpointOpened",
    args: { id: rebased.checkpoint },
    fromBlock: BigInt(addresses.deployedAtBlock),
  });
  const [log] = opened;
  const snapshot = log?.args.snapshot;
  if (!log || !snapshot) throw new E2eError(`checkpoint ${rebased.checkpoint} has no CheckpointOpened`);
  const state = devnet.stateAt(Number(rebased.slot));
  const balances = memberIndices.reduce((sum, index) => sum + BigInt(state.balances.get(index)) * GWEI, 0n);
  const own = await ownEtherBefore(stack, log.blockHash);
  const before = await client.getBalance({
    address: addresses.executionRewardsVault,
    blockNumber: log.blockNumber - 1n,
  });
  return [
    { what: "frozen own ether", contracts: snapshot.ownEther, truth: own },
    { what: "frozen execution rewards", contracts: snapshot.executionRewards, truth: before },
    {
      what: "gain recognized + reserve",
      contracts: rebased.etherAfter - rebased.etherBefore + rebased.reserve,
      truth: own + balances - snapshot.poolEther,
    },
    {
      what: "consensus + execution rewards",
      contracts: rebased.consensusRewards + rebased.executionRewards,
      truth: own + balances - snapshot.poolEther - rebased.reserve,
    },
  ];
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
