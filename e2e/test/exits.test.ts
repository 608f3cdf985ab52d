import { createValidatorKey, signDeposit } from "@cairn/devnet";
import { checkpointsAbi, withdrawalQueueAbi } from "@cairn/protocol";
import { type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { indexOf } from "../journey/lookups.ts";
import { joinRegistry, pubkeyRootOf } from "../stack/operator.ts";
import { accountOf } from "../stack/wallets.ts";
import { GWEI, Status, Zone } from "./support/zone.ts";

const TARGET_GWEI = 256n * GWEI;
const FOREIGN = 300;
let zone: Zone;
let one: { id: number; pubkey: Hex };
let two: { id: number; pubkey: Hex };

beforeAll(async () => {
  zone = await Zone.start();
  await zone.stake("alice", parseEther("700"));
});

afterAll(() => zone.stop());

const exitsAsked = async (pubkey: Hex) =>
  (
    await zone.stack.client.getContractEvents({
      ...zone.withdrawals,
      eventName: "ExitRequested",
      args: { pubkeyRoot: pubkeyRootOf(pubkey) },
      fromBlock: 0n,
    })
  ).length;

test("300 foreign deposits ahead: ours are counted as in flight until they land, by a checkpoint too", async () => {
  const { devnet } = zone.stack;
  // both are funded before a checkpoint is due, which then finds their deposits waiting
  await zone.step.untilDueIn(zone.stack, 200n);
  one = await zone.operator("operatorOne", "behind many", parseEther("14"), TARGET_GWEI);
  two = await zone.operator("operatorTwo", "behind many too", parseEther("14"), TARGET_GWEI);
  for (const { pubkey } of [one, two]) {
    await zone.step.advanceUntil((chain) => indexOf(chain, pubkey) !== undefined, 400);
  }
  await devnet.faults.fillDepositQueue(FOREIGN);
  await zone.step.advanceUntil((chain) => chain.state.pendingDeposits.length >= FOREIGN, 20);
  await zone.step.until("both are funded", async () => {
    const records = await Promise.all([zone.record(one.pubkey), zone.record(two.pubkey)]);
    return records.every(({ principalGwei }) => principalGwei === TARGET_GWEI);
  });
  const ahead = devnet.state.pendingDeposits.length;
  expect(ahead, "ours wait behind many others").toBeGreaterThan(50);
  expect(await zone.inFlightGwei()).toBe(2n * TARGET_GWEI - 2n * GWEI);
  await zone.noDifference();
  const { args, inFlightGwei } = await zone.nextClose();
  expect(inFlightGwei, "all of it at the checkpoint's state").toBe(2n * TARGET_GWEI - 2n * GWEI);
  expect(devnet.stateAt(Number(args.slot)).pendingDeposits.length).toBeGreaterThan(50);
  expect(await zone.inFlightGwei()).toBe(inFlightGwei);
  await zone.noDifference();
  await zone.untilWorking([one.pubkey, two.pubkey], [TARGET_GWEI, TARGET_GWEI]);
  await zone.noDifference();
});

test("a predeposit with a bad signature costs its operator 1 ETH and the pool nothing", async () => {
  const { devnet, client } = zone.stack;
  const before = await client.readContract({ ...zone.token, functionName: "getTotalPooledEther" });
  const key = createValidatorKey("bad signature");
  const other = createValidatorKey("somebody else");
  const withdrawalCredentials = await client.readContract({
    ...zone.token,
    functionName: "withdrawalCredentials",
  });
  const { signature } = signDeposit({
    secretKey: other.secretKey,
    withdrawalCredentials,
    amountGwei: GWEI,
    genesisForkVersion: devnet.genesisForkVersion,
  });
  const { id } = await zone.step.after(() => joinRegistry(zone.stack, "thief"));
  await zone.send("thief", {
    ...zone.manager,
    functionName: "predeposit",
    args: [id, [key.pubkey], [signature], 0n],
    value: parseEther("1"),
  });
  await zone.step.advanceUntil((chain) => chain.state.pendingDeposits.length > 0, 20);
  await zone.step.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 400);
  expect(indexOf(devnet, key.pubkey), "the consensus layer never took it").toBeUndefined();
  expect((await zone.record(key.pubkey)).status).toBe(Status.Predeposited);
  expect(await client.readContract({ ...zone.token, functionName: "getTotalPooledEther" })).toBe(before);
  await zone.noDifference();
});

test("an exit that the consensus layer ignores, for a partial withdrawal is pending, is repeated until it is seen", async () => {
  const { devnet, client, addresses } = zone.stack;
  // a request beyond the pool's own ether makes the keeper ask the rotation's first validator for a part
  const own = await client.readContract({ ...zone.token, functionName: "ownEther" });
  const amount = own + parseEther("40");
  await zone.send("alice", {
    ...zone.token,
    functionName: "approve",
    args: [addresses.withdrawalQueue, amount],
  });
  await zone.send("alice", {
    address: addresses.withdrawalQueue,
    abi: withdrawalQueueAbi,
    functionName: "requestWithdrawals",
    args: [[amount], accountOf("alice").address],
  });
  await zone.step.until(
    "the partial is pending",
    async () => devnet.state.pendingPartialWithdrawals.length > 0,
  );
  const pending = devnet.state.pendingPartialWithdrawals.getReadonly(0).validatorIndex;
  const [asked, person] =
    zone.truth(one.pubkey).index === pending
      ? ([one, "operatorOne"] as const)
      : ([two, "operatorTwo"] as const);
  await zone.send(person, {
    ...zone.withdrawals,
    functionName: "requestExits",
    args: [[asked.pubkey], parseEther("0.001")],
    value: parseEther("0.01"),
  });
  expect((await zone.record(asked.pubkey)).status).toBe(Status.ToExit);
  await zone.step.advance(4);
  expect(zone.truth(asked.pubkey).exitEpoch, "ignored").toBe(Number.POSITIVE_INFINITY);
  expect(await exitsAsked(asked.pubkey)).toBe(1);
  await zone.step.advanceUntil((chain) => chain.state.pendingPartialWithdrawals.length === 0, 1000);
  await zone.untilStatus(asked.pubkey, Status.Exiting);
  expect(await exitsAsked(asked.pubkey), "asked again").toBeGreaterThanOrEqual(2);
  await zone.noDifference();
});

test("all leave: the ether comes back whole, the pool is without members and goes on", async () => {
  const { client, addresses } = zone.stack;
  for (const [person, { pubkey }] of [
    ["operatorOne", one],
    ["operatorTwo", two],
  ] as const) {
    if ((await zone.record(pubkey)).status !== Status.Member) continue;
    await zone.send(person, {
      ...zone.withdrawals,
      functionName: "requestExits",
      args: [[pubkey], parseEther("0.001")],
      value: parseEther("0.01"),
    });
  }
  for (const { pubkey } of [one, two]) {
    await zone.step.until("it exits", async () => (await zone.record(pubkey)).status >= Status.Exiting);
    await zone.step.advanceUntil(() => zone.truth(pubkey).balanceGwei === 0n, 1500);
    await zone.untilStatus(pubkey, Status.Left);
  }
  expect(await zone.memberCount()).toBe(0);
  await zone.noDifference();
  const closed = { address: addresses.checkpoints, abi: checkpointsAbi } as const;
  const [, , lastClose] = await client.readContract({ ...closed, functionName: "status" });
  const opensAt = await client.readContract({ ...closed, functionName: "opensAt" });
  await zone.step.advanceUntil((chain) => BigInt(chain.head.timestamp) >= opensAt, 1000);
  await zone.step.until("a checkpoint closes without members", async () => {
    const [, , at] = await client.readContract({ ...closed, functionName: "status" });
    return at > lastClose;
  });
  await zone.noDifference();
});
