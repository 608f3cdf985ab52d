import { decodeFunctionData, type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pubkeyRootOf } from "../stack/operator.ts";
import { GWEI, Status, Zone } from "./support/zone.ts";

const TARGETS_GWEI = [512n * GWEI, 256n * GWEI] as const;
const TOP_UP_GWEI = 100n * GWEI;
/** MIN_SLASHING_PENALTY_QUOTIENT_ELECTRA. */
const INITIAL_QUOTIENT = 4096n;
/** IPenalties.Phase. */
const OPEN = 1;
let zone: Zone;
let first: { id: number; pubkey: Hex };
let second: { id: number; pubkey: Hex };

beforeAll(async () => {
  zone = await Zone.start();
  await zone.stake("alice", parseEther("1000"));
  first = await zone.operator(
    "operatorOne",
    "slashed with nothing in flight",
    parseEther("30"),
    TARGETS_GWEI[0],
  );
  second = await zone.operator(
    "operatorTwo",
    "slashed with a top-up in flight",
    parseEther("30"),
    TARGETS_GWEI[1],
  );
  await zone.untilWorking([first.pubkey, second.pubkey], TARGETS_GWEI);
}, 240_000);

afterAll(() => zone.stop());

const bondShares = async (operatorId: number) =>
  (await zone.stack.client.readContract({ ...zone.registry, functionName: "operator", args: [operatorId] }))
    .bondShares;

test("both are slashed, one with a top-up in flight: proven, funding stops, bonds are locked", async () => {
  const { devnet, client } = zone.stack;
  await zone.send("operatorTwo", {
    ...zone.manager,
    functionName: "requestFunding",
    args: [second.id, pubkeyRootOf(second.pubkey), TARGETS_GWEI[1] + TOP_UP_GWEI],
  });
  await zone.until("the top-up is sent", async () => (await zone.inFlightGwei()) === TOP_UP_GWEI);
  const before = [zone.truth(first.pubkey), zone.truth(second.pubkey)] as const;
  devnet.faults.slashAttester(before[0].index);
  devnet.faults.slashAttester(before[1].index);
  for (const { pubkey } of [first, second]) {
    await zone.until("the slashing is proven", async () => (await zone.slashing(pubkey)).phase === OPEN);
    expect((await zone.record(pubkey)).status).toBe(Status.Slashed);
  }
  for (const [i, { id, pubkey }] of [first, second].entries()) {
    const s = await zone.slashing(pubkey);
    expect(s.operatorId).toBe(id);
    expect(s.withdrawableEpoch, "as the consensus layer has it").toBe(
      BigInt(zone.truth(pubkey).withdrawableEpoch),
    );
    // the keeper's state from before is up to 32 slots old: rewards of an epoch or two lie between
    const known = before[i]?.balanceGwei as bigint;
    expect(abs(s.balanceBeforeGwei - known), "the balance before").toBeLessThan(GWEI / 100n);
    const operator = await client.readContract({ ...zone.registry, functionName: "operator", args: [id] });
    expect(operator.openSlashings).toBe(1);
    expect(operator.slashedGwei).toBe(operator.stakeGwei);
    const free = await client.readContract({ ...zone.registry, functionName: "freeBondShares", args: [id] });
    expect(free, "the whole bond is locked").toBe(0n);
  }
  await zone.noDifference();
}, 180_000);

test("after the correlation penalty the loss is charged to the gwei, out of the operator's bond", async () => {
  const { devnet, client, addresses } = zone.stack;
  const bonds = [await bondShares(first.id), await bondShares(second.id)] as const;
  const pot = await client.readContract({
    ...zone.token,
    functionName: "sharesOf",
    args: [addresses.checkpoints],
  });
  const { withdrawableEpoch } = zone.truth(first.pubkey);
  await devnet.advanceUntil((chain) => chain.head.epoch >= withdrawableEpoch - 32, 800);
  const justBefore = zone.truth(first.pubkey).balanceGwei;
  const settled = await zone.until("both are settled", async () => {
    const logs = await client.getContractEvents({
      ...zone.penalties,
      eventName: "SlashingSettled",
      fromBlock: 0n,
      strict: true,
    });
    return logs.length === 2 && logs;
  });
  const [markEther, markShares] = await client.readContract({ ...zone.token, functionName: "mark" });
  let taken = 0n;
  for (const [i, { id, pubkey }] of [first, second].entries()) {
    const log = settled.find(({ args }) => args.operatorId === id);
    if (!log) throw new Error(`no settlement for operator ${id}`);
    const { slot } = await proofOf(log.transactionHash);
    const record = await zone.slashing(pubkey);
    const loss = record.balanceBeforeGwei - (await zone.balanceAt(pubkey, slot));
    expect(log.args.lossGwei, "the loss in Lodestar's state of the proof's slot").toBe(loss);
    expect(loss, "more than the initial penalty").toBeGreaterThan(
      BigInt(TARGETS_GWEI[i] as bigint) / INITIAL_QUOTIENT,
    );
    expect(log.args.shares).toBe((loss * GWEI * markShares) / markEther);
    expect((bonds[i] as bigint) - (await bondShares(id)), "out of the bond").toBe(log.args.shares);
    expect(log.args.coveredGwei, "covered whole").toBe(loss);
    taken += log.args.shares;
  }
  const correlation = justBefore - zone.truth(first.pubkey).balanceGwei;
  expect(correlation, "the correlation penalty fell in between").toBeGreaterThan(GWEI / 10n);
  const after = await client.readContract({
    ...zone.token,
    functionName: "sharesOf",
    args: [addresses.checkpoints],
  });
  expect(after - pot, "into the pot").toBe(taken);
  await zone.noDifference();
}, 180_000);

test("what is left is paid out and leaves; the postponed top-up comes back too", async () => {
  const { devnet, client } = zone.stack;
  expect(
    devnet.state.pendingDeposits.getAllReadonlyValues().some((d) => d.amount === Number(TOP_UP_GWEI)),
    "the consensus layer still holds the top-up back",
  ).toBe(true);
  await devnet.advanceUntil((chain) => chain.head.epoch > zone.truth(first.pubkey).withdrawableEpoch, 800);
  await zone.untilStatus(first.pubkey, Status.Left, 120);
  await devnet.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 800);
  await zone.untilStatus(second.pubkey, Status.Left, 120);
  expect(await zone.inFlightGwei()).toBe(0n);
  expect(await zone.memberCount()).toBe(0);
  for (const { id, pubkey } of [first, second]) {
    expect(zone.truth(pubkey).balanceGwei).toBe(0n);
    const operator = await client.readContract({ ...zone.registry, functionName: "operator", args: [id] });
    expect([operator.members, operator.stakeGwei, operator.slashedGwei, operator.openSlashings]).toEqual([
      0,
      0n,
      0n,
      0,
    ]);
    const free = await client.readContract({ ...zone.registry, functionName: "freeBondShares", args: [id] });
    expect(free, "the rest of the bond is free").toBe(operator.bondShares);
  }
  await zone.noDifference();
}, 240_000);

async function proofOf(hash: Hex): Promise<{ slot: bigint }> {
  const { input } = await zone.stack.client.getTransaction({ hash });
  const { args } = decodeFunctionData({ abi: zone.penalties.abi, data: input });
  return (args as readonly [{ slot: bigint }])[0];
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
