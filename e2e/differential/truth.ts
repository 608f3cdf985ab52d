import type { Devnet } from "@cairn/devnet";
import { depositsInFlightAbi, validatorManagerAbi } from "@cairn/protocol";
import { toHex } from "@lodestar/utils";
import type { Address } from "viem";
import { indexOf } from "../journey/lookups.ts";
import { pubkeyRootOf } from "../stack/operator.ts";
import type { World } from "./world.ts";

const GWEI = 10n ** 9n;

/** What the pool owned at one instant, in wei, from both layers' own books. */
export interface Owned {
  readonly ownEther: bigint;
  readonly executionRewards: bigint;
  readonly balances: bigint;
  readonly inFlight: bigint;
  readonly total: bigint;
}

/**
 * Account balances after block `blockNumber` and Lodestar's state after it: the instant that a checkpoint opened by the
 * first transaction of the next block freezes.
 */
export async function ownedAfter(world: World, blockNumber: bigint): Promise<Owned> {
  const { client, addresses, devnet } = world.stack;
  const balanceOf = (address: Address) => client.getBalance({ address, blockNumber });
  const [token, vault, executionRewards] = await Promise.all([
    balanceOf(addresses.stakedEther),
    balanceOf(addresses.withdrawalVault),
    balanceOf(addresses.executionRewardsVault),
  ]);
  const ownEther = token + vault + executionRewards;
  const balances = (await memberBalances(world)) * GWEI;
  const inFlight = (await pendingGwei(world, devnet)) * GWEI;
  return { ownEther, executionRewards, balances, inFlight, total: ownEther + balances + inFlight };
}

/** Balances in Lodestar's newest state of the keys that the manager has funded and not let go. */
async function memberBalances(world: World): Promise<bigint> {
  const members = { address: world.stack.addresses.validatorManager, abi: validatorManagerAbi } as const;
  const range = { fromBlock: 0n, strict: true } as const;
  const added = await world.stack.client.getContractEvents({
    ...members,
    ...range,
    eventName: "MemberAdded",
  });
  const gone = await world.stack.client.getContractEvents({
    ...members,
    ...range,
    eventName: "MemberRemoved",
  });
  const left = new Set(gone.map(({ args }) => args.pubkeyRoot));
  const roots = new Set(added.map(({ args }) => args.pubkeyRoot).filter((root) => !left.has(root)));
  let sum = 0n;
  for (const key of world.keys) {
    if (!roots.has(key.root)) continue;
    const index = indexOf(world.stack.devnet, key.pubkey) as number;
    sum += BigInt(world.stack.devnet.state.balances.get(index));
  }
  return sum;
}

/** Of the pool's deposits, what Lodestar's newest state has not applied. */
async function pendingGwei(world: World, { state }: Devnet): Promise<bigint> {
  const logs = await world.stack.client.getContractEvents({
    address: world.stack.addresses.depositsInFlight,
    abi: depositsInFlightAbi,
    eventName: "DepositInFlight",
    fromBlock: 0n,
    strict: true,
  });
  const name = (root: string, amount: bigint | number, slot: bigint | number) => `${root} ${amount} ${slot}`;
  const pending = new Set(
    state.pendingDeposits
      .getAllReadonlyValues()
      .map((d) => name(pubkeyRootOf(toHex(d.pubkey) as `0x${string}`), d.amount, d.slot)),
  );
  const seen = logs.map(({ args }) => ({
    ...args,
    isListed: pending.has(name(args.pubkeyRoot, args.amountGwei, args.slot)),
    isExiting: isExiting(world, args.pubkeyRoot),
  }));
  // applied in order: what stands before the newest applied one is somebody else's, just like ours; postponed ones aside
  const newest = seen.findLast(({ isListed, isExiting: exits }) => !isListed && !exits)?.deposit ?? 0;
  world.landedThrough = Math.max(world.landedThrough, newest);
  return seen
    .filter(({ isListed, isExiting: exits, deposit }) => isListed && (exits || deposit > world.landedThrough))
    .reduce((sum, { amountGwei }) => sum + amountGwei, 0n);
}

function isExiting({ stack, keys }: World, root: string): boolean {
  const index = indexOf(stack.devnet, keys.find((key) => key.root === root)?.pubkey ?? "0x") as number;
  return stack.devnet.state.validators.getReadonly(index).exitEpoch !== Number.POSITIVE_INFINITY;
}
