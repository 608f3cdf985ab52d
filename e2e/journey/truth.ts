import {
  checkpointsAbi,
  depositsInFlightAbi,
  executionRewardsVaultAbi,
  stakedEtherAbi,
  validatorManagerAbi,
  withdrawalVaultAbi,
} from "@cairn/protocol";
import { fromHex, toHex } from "@lodestar/utils";
import { type Address, type Hex, hexToBigInt, parseAbi } from "viem";
import { pubkeyRootOf } from "../stack/operator.ts";
import type { Stack } from "../stack/stack.ts";

const GWEI = 10n ** 9n;
const depositAbi = parseAbi([
  "event DepositEvent(bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index)",
]);

/** One line of the table: what the contracts say, and what both layers hold. Wei. */
export interface TruthRow {
  readonly what: string;
  readonly contracts: bigint;
  readonly truth: bigint;
}

/**
 * Both sides of every total at the newest block. The contracts' side comes from their own storage and events; the
 * truth from account balances, the real deposit contract's logs and Lodestar's beacon state.
 */
export async function truthTable(stack: Stack): Promise<TruthRow[]> {
  const { addresses: at } = stack;
  const read = <T>(address: Address, abi: readonly unknown[], functionName: string) =>
    stack.client.readContract({ address, abi, functionName } as never) as Promise<T>;
  const [poolEther, ownEther, [, , inFlightGwei]] = await Promise.all([
    read<bigint>(at.stakedEther, stakedEtherAbi, "getTotalPooledEther"),
    read<bigint>(at.stakedEther, stakedEtherAbi, "ownEther"),
    read<readonly [bigint, bigint, bigint]>(at.depositsInFlight, depositsInFlightAbi, "inFlight"),
  ]);
  const members = await memberKeys(stack);
  const wei = await accountWei(stack);
  const consensus = consensusOf(stack, members);
  const deposited = await depositedGwei(stack, members);
  const credited = deposited - consensus.pendingGwei;

  // earned so far on both layers and in fees, less what closes have recognized
  const swept = await sweptWei(stack);
  const earned =
    (consensus.balancesGwei - credited) * GWEI +
    wei.withdrawalVault +
    swept.withdrawals +
    wei.executionVault +
    swept.rewards +
    (await exitFeesWei(stack));
  const unrecognized = earned - (await recognizedWei(stack));
  return [
    { what: "own ether", contracts: ownEther, truth: wei.token + wei.withdrawalVault + wei.executionVault },
    {
      // in flight until a close: what the beacon state holds as pending, and what it has credited since
      what: "in flight",
      contracts: inFlightGwei * GWEI,
      truth: (consensus.pendingGwei + (await landedSinceGwei(stack))) * GWEI,
    },
    {
      what: "funded (bond included)",
      contracts: (await principalGwei(stack)) * GWEI,
      truth: deposited * GWEI,
    },
    {
      what: "pool + not yet recognized",
      contracts: poolEther + unrecognized,
      truth:
        wei.token +
        wei.withdrawalVault +
        wei.executionVault +
        (consensus.balancesGwei + consensus.pendingGwei) * GWEI,
    },
  ];
}

/** Public keys of all that are members, or were. */
async function memberKeys(stack: Stack): Promise<Set<Hex>> {
  const manager = { address: stack.addresses.validatorManager, abi: validatorManagerAbi } as const;
  const range = { fromBlock: BigInt(stack.addresses.deployedAtBlock), toBlock: "latest" } as const;
  const [predeposits, added] = await Promise.all([
    stack.client.getContractEvents({ ...manager, ...range, eventName: "Predeposited" }),
    stack.client.getContractEvents({ ...manager, ...range, eventName: "MemberAdded" }),
  ]);
  const roots = new Set(added.map((log) => log.args.pubkeyRoot));
  return new Set(
    predeposits.flatMap(({ args }) =>
      args.pubkey && roots.has(pubkeyRootOf(args.pubkey)) ? [args.pubkey] : [],
    ),
  );
}

async function accountWei({ client, addresses }: Stack) {
  const [token, withdrawalVault, executionVault] = await Promise.all([
    client.getBalance({ address: addresses.stakedEther }),
    client.getBalance({ address: addresses.withdrawalVault }),
    client.getBalance({ address: addresses.executionRewardsVault }),
  ]);
  return { token, withdrawalVault, executionVault };
}

/** Balances and pending deposits of these keys in Lodestar's state. */
function consensusOf(
  { devnet }: Stack,
  keys: ReadonlySet<Hex>,
): { balancesGwei: bigint; pendingGwei: bigint } {
  const { state } = devnet;
  let balancesGwei = 0n;
  for (const key of keys) {
    const index = state.epochCtx.pubkeyCache.getIndex(fromHex(key));
    if (index !== null && index !== undefined) balancesGwei += BigInt(state.balances.get(index));
  }
  let pendingGwei = 0n;
  for (const deposit of state.pendingDeposits.getAllReadonlyValues()) {
    if (keys.has(toHex(deposit.pubkey) as Hex)) pendingGwei += BigInt(deposit.amount);
  }
  return { balancesGwei, pendingGwei };
}

/** Deposits that count as in flight as of the last close, but that are in the beacon state's queue no longer. */
async function landedSinceGwei({ client, addresses, devnet }: Stack): Promise<bigint> {
  const line = { address: addresses.depositsInFlight, abi: depositsInFlightAbi } as const;
  const [[, landed], deposits] = await Promise.all([
    client.readContract({ ...line, functionName: "inFlight" }),
    client.getContractEvents({
      ...line,
      eventName: "DepositInFlight",
      fromBlock: BigInt(addresses.deployedAtBlock),
      strict: true,
    }),
  ]);
  const isShort = await Promise.all(
    deposits.map(({ args }) =>
      client.readContract({ ...line, functionName: "isShort", args: [args.deposit] }),
    ),
  );
  const name = (root: string, slot: number | bigint, gwei: number | bigint) => `${root} ${slot} ${gwei}`;
  const pending = new Set(
    devnet.state.pendingDeposits
      .getAllReadonlyValues()
      .map((d) => name(pubkeyRootOf(toHex(d.pubkey) as Hex), d.slot, d.amount)),
  );
  return deposits
    .filter(({ args }, i) => BigInt(args.deposit) > landed || isShort[i])
    .filter(({ args }) => !pending.has(name(args.pubkeyRoot, args.slot, args.amountGwei)))
    .reduce((sum, { args }) => sum + args.amountGwei, 0n);
}

/** What the beacon deposit contract logged for these keys. */
async function depositedGwei(stack: Stack, keys: ReadonlySet<Hex>): Promise<bigint> {
  const logs = await depositLogs(stack, 0n, "latest");
  return logs.filter(({ pubkey }) => keys.has(pubkey)).reduce((sum, { gwei }) => sum + gwei, 0n);
}

/** The beacon deposit contract's own logs. */
export async function depositLogs({ client, spec }: Stack, fromBlock: bigint, toBlock: bigint | "latest") {
  const logs = await client.getContractEvents({
    address: spec.depositContractAddress,
    abi: depositAbi,
    eventName: "DepositEvent",
    fromBlock,
    toBlock,
    strict: true,
  });
  return logs.map(({ args, logIndex }) => ({
    pubkey: args.pubkey,
    gwei: littleEndian(args.amount),
    logIndex,
  }));
}

const littleEndian = (bytes: Hex): bigint => hexToBigInt(toHex(fromHex(bytes).toReversed()) as Hex);

async function sweptWei({ client, addresses }: Stack): Promise<{ withdrawals: bigint; rewards: bigint }> {
  const range = { fromBlock: BigInt(addresses.deployedAtBlock), toBlock: "latest" } as const;
  const [withdrawals, rewards] = await Promise.all([
    client.getContractEvents({
      address: addresses.withdrawalVault,
      abi: withdrawalVaultAbi,
      eventName: "WithdrawalsSwept",
      ...range,
    }),
    client.getContractEvents({
      address: addresses.executionRewardsVault,
      abi: executionRewardsVaultAbi,
      eventName: "ExecutionRewardsSwept",
      ...range,
    }),
  ]);
  const sum = (logs: readonly { args: { amount?: bigint | undefined } }[]) =>
    logs.reduce((s, log) => s + (log.args.amount ?? 0n), 0n);
  return { withdrawals: sum(withdrawals), rewards: sum(rewards) };
}

/** Fees of instant exits: they stay as ether, and closes recognize them. */
async function exitFeesWei({ client, addresses }: Stack): Promise<bigint> {
  const logs = await client.getContractEvents({
    address: addresses.stakedEther,
    abi: stakedEtherAbi,
    eventName: "InstantlyExited",
    fromBlock: BigInt(addresses.deployedAtBlock),
    strict: true,
  });
  return logs.reduce((s, { args }) => s + args.amount - args.etherOut, 0n);
}

async function recognizedWei({ client, addresses }: Stack): Promise<bigint> {
  const logs = await client.getContractEvents({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    eventName: "Rebased",
    fromBlock: BigInt(addresses.deployedAtBlock),
  });
  return logs.reduce((s, { args }) => s + (args.etherAfter ?? 0n) - (args.etherBefore ?? 0n), 0n);
}

/** Everything the manager has put into members: the line of deposits, and 1 ETH of bond for each. */
async function principalGwei({ client, addresses }: Stack): Promise<bigint> {
  const manager = { address: addresses.validatorManager, abi: validatorManagerAbi } as const;
  const range = { fromBlock: BigInt(addresses.deployedAtBlock), toBlock: "latest" } as const;
  const [deposits, added] = await Promise.all([
    client.getContractEvents({
      address: addresses.depositsInFlight,
      abi: depositsInFlightAbi,
      ...range,
      eventName: "DepositInFlight",
    }),
    client.getContractEvents({ ...manager, ...range, eventName: "MemberAdded" }),
  ]);
  return deposits.reduce((s, log) => s + (log.args.amountGwei ?? 0n), 0n) + BigInt(added.length) * GWEI;
}
