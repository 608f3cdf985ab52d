import { buildValidatorsProof } from "@cairn/beacon";
import { createValidatorKey, signDeposit } from "@cairn/devnet";
import { withdrawalVaultAbi } from "@cairn/protocol";
import { type Hex, parseAbi, parseEther } from "viem";
import { indexOf } from "../journey/lookups.ts";
import { pubkeyRootOf } from "../stack/operator.ts";
import { accountOf, type Person, walletOf } from "../stack/wallets.ts";
import type { PoolKey, World } from "./world.ts";

const GWEI = 10n ** 9n;
const STAKERS: readonly Person[] = ["alice", "bob", "carol"];
const depositAbi = parseAbi([
  "function deposit(bytes pubkey, bytes withdrawal_credentials, bytes signature, bytes32 deposit_data_root) payable",
]);
/** IValidatorManager.Status. */
const MEMBER = 3;
const SLASHED = 6;
const MOST_KEYS = 10;

export type Action = (world: World) => Promise<void>;

/** What may happen between checkpoints, with its weight. */
export const ACTIONS: readonly (readonly [number, Action])[] = [
  [10, stake],
  [5, requestWithdrawal],
  [3, claim],
  [3, exitAtOnce],
  [5, predeposit],
  [8, prove],
  [10, fund],
  [6, askMore],
  [3, askExit],
  [4, withdraw],
  [4, observe],
  [2, offline],
  [1, slash],
  [2, settle],
  [3, donate],
  [2, lookAlike],
  [4, reward],
  [1, forceEther],
];

async function stake(world: World): Promise<void> {
  const value = parseEther(String(world.random.between(1, 400))) + BigInt(world.random.between(0, 1e9));
  const person = world.random.pick(STAKERS);
  await world.tryTo(person, {
    ...world.at.token,
    functionName: "submit",
    args: [accountOf(person).address],
    value,
  });
}

async function requestWithdrawal(world: World): Promise<void> {
  const person = world.random.pick(STAKERS);
  const { address } = accountOf(person);
  const balance = await world.stack.client.readContract({
    ...world.at.token,
    functionName: "balanceOf",
    args: [address],
  });
  const amount = (balance * BigInt(world.random.between(1, 20))) / 100n;
  if (amount < 1000n) return;
  await world.act(person, {
    ...world.at.token,
    functionName: "approve",
    args: [world.at.queue.address, amount],
  });
  await world.tryTo(person, {
    ...world.at.queue,
    functionName: "requestWithdrawals",
    args: [[amount], address],
  });
}

async function claim(world: World): Promise<void> {
  const person = world.random.pick(STAKERS);
  const { client } = world.stack;
  const { queue } = world.at;
  const ids = await client.readContract({
    ...queue,
    functionName: "getWithdrawalRequests",
    args: [accountOf(person).address],
  });
  const last = await client.readContract({ ...queue, functionName: "getLastFinalizedRequestId" });
  const ripe = ids.filter((id) => id <= last).slice(0, 5);
  if (ripe.length === 0) return;
  const points = await client.readContract({ ...queue, functionName: "getLastCheckpointIndex" });
  const hints = await client.readContract({
    ...queue,
    functionName: "findCheckpointHints",
    args: [ripe, 1n, points],
  });
  await world.tryTo(person, { ...queue, functionName: "claimWithdrawals", args: [ripe, hints] });
}

async function exitAtOnce(world: World): Promise<void> {
  const person = world.random.pick(STAKERS);
  const args = [parseEther(String(world.random.between(1, 5))), 0n, accountOf(person).address];
  await world.tryTo(person, { ...world.at.token, functionName: "instantExit", args });
}

/** A new key, with a ticket as soon as it is proven. */
async function predeposit(world: World): Promise<void> {
  if (world.keys.length >= MOST_KEYS) return;
  const person: Person = world.random.chance(0.5) ? "operatorOne" : "operatorTwo";
  const operatorId = person === "operatorOne" ? 1 : 2;
  const seed = `differential ${world.random.next()}`;
  const { secretKey, pubkey } = createValidatorKey(seed);
  const signed = signDeposit({ secretKey, ...(await terms(world)), amountGwei: GWEI });
  const target = BigInt(world.random.between(32, 500)) * GWEI;
  const args = [operatorId, [pubkey], [signed.signature], target];
  const call = { ...world.at.manager, functionName: "predeposit", args, value: parseEther("1") };
  if (await world.tryTo(person, call))
    world.keys.push({ person, operatorId, seed, pubkey, root: pubkeyRootOf(pubkey) });
}

async function terms(world: World) {
  const withdrawalCredentials = await world.stack.client.readContract({
    ...world.at.token,
    functionName: "withdrawalCredentials",
  });
  return { withdrawalCredentials, genesisForkVersion: world.stack.devnet.genesisForkVersion };
}

/** A proof of these keys, those the provable state doesn't know left out. */
async function proofOf(world: World, keys: readonly PoolKey[], balances: boolean) {
  const { state, timestamp } = await world.provable();
  const indices = keys
    .map(({ pubkey }) => state.indexOfPubkey(pubkey))
    .filter((index): index is number => index !== null && index !== undefined)
    .sort((a, b) => a - b);
  return indices.length === 0 ? undefined : buildValidatorsProof(state, timestamp, indices, { balances });
}

async function prove(world: World): Promise<void> {
  const proof = await proofOf(world, world.keys, false);
  if (proof) await world.tryTo("keeper", { ...world.at.manager, functionName: "prove", args: [proof] });
}

async function fund(world: World): Promise<void> {
  const key = await nextToFund(world);
  const proof = key && (await proofOf(world, [key], true));
  if (!proof) return;
  const call = { ...world.at.manager, functionName: "fund", args: [proof, [key.pubkey]] };
  if (!(await world.tryTo("keeper", call))) {
    await world.tryTo("keeper", { ...world.at.manager, functionName: "requeueTicket", args: [key.root] });
  }
}

async function nextToFund(world: World): Promise<PoolKey | undefined> {
  const [number, , index] = await world.stack.client.readContract({
    ...world.at.manager,
    functionName: "nextTicket",
  });
  return number === 0n
    ? undefined
    : world.keys.find(({ pubkey }) => indexOf(world.stack.devnet, pubkey) === index);
}

async function members(world: World): Promise<PoolKey[]> {
  const records = await Promise.all(world.keys.map((key) => world.record(key)));
  return world.keys.filter((_, i) => {
    const status = records[i]?.status ?? 0;
    return status >= MEMBER && status <= SLASHED;
  });
}

async function askMore(world: World): Promise<void> {
  const key = await oneMember(world);
  if (!key) return;
  const { principalGwei } = await world.record(key);
  const target = (principalGwei / GWEI + BigInt(world.random.between(1, 300))) * GWEI;
  const args = [key.operatorId, key.root, target];
  await world.tryTo(key.person, { ...world.at.manager, functionName: "requestFunding", args });
}

async function oneMember(world: World): Promise<PoolKey | undefined> {
  const all = await members(world);
  return all.length === 0 ? undefined : world.random.pick(all);
}

/** The operator's own exit, asked of the consensus layer through the vault. */
async function askExit(world: World): Promise<void> {
  const key = await oneMember(world);
  if (!key) return;
  const call = {
    ...world.at.withdrawals,
    functionName: "requestExits",
    args: [[key.pubkey], 10n ** 12n],
    value: 10n ** 12n,
  };
  await world.tryTo(key.person, call);
}

async function withdraw(world: World): Promise<void> {
  const { client } = world.stack;
  if ((await members(world)).length === 0) return;
  const first = await client.readContract({ ...world.at.withdrawals, functionName: "nextInRotation" });
  const key = world.keys.find(({ pubkey }) => indexOf(world.stack.devnet, pubkey) === first);
  const proof = key && (await proofOf(world, [key], true));
  if (!proof) return;
  const vault = { address: world.stack.addresses.withdrawalVault, abi: withdrawalVaultAbi } as const;
  const value = 2n * (await client.readContract({ ...vault, functionName: "requestFee" }));
  const args = [proof, [key.pubkey], 10n ** 12n];
  await world.tryTo("keeper", { ...world.at.withdrawals, functionName: "withdraw", args, value });
}

/** What anybody may show of members: exits, withdrawals, departures. */
async function observe(world: World): Promise<void> {
  const proof = await proofOf(world, await members(world), true);
  if (!proof) return;
  await world.tryTo("keeper", { ...world.at.manager, functionName: "observe", args: [proof] });
  await world.tryTo("keeper", { ...world.at.withdrawals, functionName: "settleWithdrawals", args: [proof] });
  for (const key of await members(world)) {
    const one = await proofOf(world, [key], true);
    if (one) await world.tryTo("keeper", { ...world.at.manager, functionName: "leave", args: [one] });
  }
}

async function offline(world: World): Promise<void> {
  const { devnet } = world.stack;
  const indices = world.keys
    .map(({ pubkey }) => indexOf(devnet, pubkey))
    .filter((index) => index !== undefined);
  if (indices.length === 0) return;
  world.count("offline or online");
  devnet.faults.setOffline([world.random.pick(indices)], world.random.chance(0.5));
}

/** A member is slashed; with both roots at hand it is proven. */
async function slash(world: World): Promise<void> {
  const key = world.random.chance(0.4) ? await oneMember(world) : undefined;
  if (!key) return;
  const { devnet } = world.stack;
  const before = await proofOf(world, [key], true);
  try {
    devnet.faults.slashAttester(indexOf(devnet, key.pubkey) as number);
  } catch {
    return; // not active, or slashed before
  }
  await devnet.advance(2);
  world.count("slashed");
  const afterwards = await proofOf(world, [key], true);
  await world.tryTo("keeper", {
    ...world.at.penalties,
    functionName: "proveSlashing",
    args: [before, afterwards],
  });
}

async function settle(world: World): Promise<void> {
  const open = [];
  for (const key of world.keys) {
    const args = [key.root] as const;
    const { phase } = await world.stack.client.readContract({
      ...world.at.penalties,
      functionName: "slashing",
      args,
    });
    if (phase === 1) open.push(key);
  }
  const proof = open.length === 0 ? undefined : await proofOf(world, open, true);
  if (proof)
    await world.tryTo("keeper", { ...world.at.penalties, functionName: "settleSlashing", args: [proof] });
}

/** Somebody else's ether for one of our validators. */
async function donate(world: World): Promise<void> {
  const key = await oneMember(world);
  if (!key) return;
  world.count("donation");
  await submitDeposit(
    world,
    key,
    BigInt(world.random.between(1, 3)) * GWEI + BigInt(world.random.between(0, 1e6)),
  );
  await world.stack.devnet.advance(1);
}

/** One that can't be told from a top-up of ours, in the same block, before or behind it. */
async function lookAlike(world: World): Promise<void> {
  const key = await nextToFund(world);
  const record = key && (await world.record(key));
  if (!key || record?.status !== MEMBER) return;
  const proof = await proofOf(world, [key], true);
  const call = { ...world.at.manager, functionName: "fund", args: [proof, [key.pubkey]] };
  const { account } = walletOf(world.stack.chain, "keeper");
  let amount: bigint;
  try {
    ({ result: amount } = (await world.stack.client.simulateContract({ ...call, account } as never)) as {
      result: bigint;
    });
  } catch {
    return; // refused: counted by `fund`
  }
  if (amount === 0n) return;
  world.count("look-alike");
  const isFirst = world.random.chance(0.5);
  if (isFirst) await submitDeposit(world, key, amount);
  const hash = await world.submit("keeper", call);
  if (!isFirst) await submitDeposit(world, key, amount);
  await world.stack.devnet.advance(1);
  await world.receipt("fund", hash);
}

async function submitDeposit(world: World, key: PoolKey, amountGwei: bigint): Promise<void> {
  const { secretKey } = createValidatorKey(key.seed);
  const common = await terms(world);
  const { pubkey, signature, depositDataRoot } = signDeposit({ secretKey, ...common, amountGwei });
  await world.submit("thief", {
    address: world.stack.spec.depositContractAddress,
    abi: depositAbi,
    functionName: "deposit",
    args: [pubkey, common.withdrawalCredentials, signature, depositDataRoot],
    value: amountGwei * GWEI,
  });
}

async function reward(world: World): Promise<void> {
  const { devnet, addresses } = world.stack;
  world.count("execution reward");
  devnet.faults.payExecutionReward(
    BigInt(world.random.between(1, 1e9)) * 10n ** 8n,
    addresses.executionRewardsVault,
  );
  await devnet.advance(2);
}

/** Ether that nobody can refuse: a contract that destroys itself while it is made. */
async function forceEther(world: World): Promise<void> {
  const { chain, addresses, devnet } = world.stack;
  const to = world.random.pick([
    addresses.stakedEther,
    addresses.withdrawalVault,
    addresses.executionRewardsVault,
  ]);
  world.count("forced ether");
  const data = `0x73${to.slice(2)}ff` as Hex;
  const value = BigInt(world.random.between(1, 1e9));
  await walletOf(chain, "thief").sendTransaction({
    data,
    value,
    gas: 100_000n,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 1n,
  } as never);
  await devnet.advance(1);
}
