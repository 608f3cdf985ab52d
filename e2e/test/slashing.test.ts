import { buildContainersProof, buildStateProof, type CheckpointSnapshot, openState } from "@cairn/beacon";
import { decodeFunctionData, type Hex, parseEther, parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countAllAnew, linesAgainst } from "../journey/countAnew.ts";
import { pubkeyRootOf } from "../stack/operator.ts";
import { send } from "../stack/send.ts";
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
});

afterAll(() => zone.stop());

const bondShares = async (operatorId: number, blockNumber: bigint) => {
  const call = { ...zone.registry, functionName: "operator", args: [operatorId], blockNumber } as const;
  return (await zone.stack.client.readContract(call)).bondShares;
};

/** Shares that wait with the checkpoints: the pot, and the insurance. */
const waitingShares = (blockNumber: bigint) => {
  const args = [zone.stack.addresses.checkpoints] as const;
  return zone.stack.client.readContract({ ...zone.token, functionName: "sharesOf", args, blockNumber });
};

test("both are slashed, one with a top-up in flight: proven, funding stops, bonds are locked", async () => {
  const { devnet, client } = zone.stack;
  // a checkpoint is due while the top-up is held back, well before the correlation penalty
  await zone.step.untilDueIn(zone.stack, 120n);
  await zone.send("operatorTwo", {
    ...zone.manager,
    functionName: "requestFunding",
    args: [second.id, pubkeyRootOf(second.pubkey), TARGETS_GWEI[1] + TOP_UP_GWEI],
  });
  await zone.step.until("the top-up is sent", async () => (await zone.inFlightGwei()) === TOP_UP_GWEI);
  const before = [zone.truth(first.pubkey), zone.truth(second.pubkey)] as const;
  devnet.faults.slashAttester(before[0].index);
  devnet.faults.slashAttester(before[1].index);
  for (const { pubkey } of [first, second]) {
    await zone.step.until("the slashing is proven", async () => (await zone.slashing(pubkey)).phase === OPEN);
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
});

test("a checkpoint is closed to the wei while the top-up is held back, though somebody passes it as landed", async () => {
  const { client, addresses } = zone.stack;
  await zone.step.untilDueIn(zone.stack, 0n);
  const before = await zone.closes();
  const opened = await openedAfter(before.at(-1)?.checkpoint ?? 0n);
  // before the keeper, which waits until the open is final
  const passed = await passAsLanded(opened, second.pubkey);
  const number = await client.readContract({ ...zone.line, functionName: "facts" }).then((f) => f.walkedTo);
  expect(passed, "it counts as landed unless somebody shows it").toEqual([number]);
  const { args, inFlightGwei } = await zone.nextClose();
  expect(args.checkpoint).toBe(opened.id);
  expect(inFlightGwei, "by the state's own list").toBe(TOP_UP_GWEI);
  const shown = await client.getContractEvents({
    ...zone.line,
    eventName: "DepositShownPending",
    fromBlock: BigInt(addresses.deployedAtBlock),
    strict: true,
  });
  expect(shown.map(({ args }) => [args.checkpoint, args.deposit])).toEqual([[opened.id, number]]);
  expect(await client.readContract({ ...zone.line, functionName: "isShort", args: [number] })).toBe(true);
  expect(await zone.inFlightGwei()).toBe(TOP_UP_GWEI);
  await zone.noDifference();
});

test("after the correlation penalty the loss is charged to the gwei, out of the operator's bond", async () => {
  const { client, spec } = zone.stack;
  const { withdrawableEpoch } = zone.truth(first.pubkey);
  await zone.step.advanceUntil((chain) => chain.head.epoch >= withdrawableEpoch - 32, 800);
  // its last slots before the penalty are looked at
  zone.step.waits = "blocks";
  await zone.step.advanceUntil((chain) => chain.head.epoch >= withdrawableEpoch - 31, 8);
  zone.step.waits = "epochs";
  const settled = await zone.step.until("both are settled", async () => {
    const logs = await client.getContractEvents({
      ...zone.penalties,
      eventName: "SlashingSettled",
      fromBlock: 0n,
      strict: true,
    });
    return logs.length === 2 && logs;
  });
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
    const { blockNumber } = log;
    const mark = { ...zone.token, functionName: "mark", blockNumber } as const;
    const [markEther, markShares] = await client.readContract(mark);
    expect(log.args.shares).toBe((loss * GWEI * markShares) / markEther);
    const before = await bondShares(id, blockNumber - 1n);
    expect(before - (await bondShares(id, blockNumber)), "out of the bond").toBe(log.args.shares);
    expect(log.args.coveredGwei, "covered whole").toBe(loss);
  }
  // by the states of its slots: the checkpoint before may have lasted until after it
  const fell = BigInt(withdrawableEpoch - 31) * spec.slotsPerEpoch;
  const correlation =
    (await zone.balanceAt(first.pubkey, fell - 1n)) - (await zone.balanceAt(first.pubkey, fell));
  expect(correlation, "the correlation penalty fell in between").toBeGreaterThan(GWEI / 10n);
  const taken = settled.reduce((sum, { args }) => sum + args.shares, 0n);
  const blocks = settled.map(({ blockNumber }) => blockNumber);
  const potBefore = await waitingShares((blocks[0] as bigint) - 1n);
  expect((await waitingShares(blocks.at(-1) as bigint)) - potBefore, "into the pot").toBe(taken);
  await zone.noDifference();
});

test("what is left is paid out and leaves; the postponed top-up comes back too", async () => {
  const { devnet, client } = zone.stack;
  expect(await zone.inFlightGwei()).toBe(TOP_UP_GWEI);
  expect(
    devnet.state.pendingDeposits.getAllReadonlyValues().some((d) => d.amount === Number(TOP_UP_GWEI)),
    "the consensus layer still holds the top-up back",
  ).toBe(true);
  await zone.step.advanceUntil((chain) => chain.head.epoch > zone.truth(first.pubkey).withdrawableEpoch, 800);
  await zone.untilStatus(first.pubkey, Status.Left);
  await zone.step.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 800);
  await zone.untilStatus(second.pubkey, Status.Left);
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
});

test("anybody counts every checkpoint anew, and finds out what is claimed of the top-up", async () => {
  const counted = await countAllAnew(zone.stack);
  expect(counted).toHaveLength((await zone.closes()).length);
  const withTopUp = counted.filter(({ fetched }) => fetched.facts.inFlight.length > 0);
  expect(withTopUp.length).toBeGreaterThanOrEqual(2);
  for (const one of withTopUp) {
    // as if the thief had not been contradicted: its ether would be missing
    const against = linesAgainst(one, (facts) => ({ ...facts, inFlight: [] }));
    expect(against).toEqual(["depositsInFlight", "inFlightGwei"]);
  }
});

/** The snapshot of the first checkpoint opened after `id`. */
function openedAfter(id: bigint): Promise<CheckpointSnapshot> {
  return zone.step.until("a checkpoint is opened", async () => {
    const range = { eventName: "CheckpointOpened", fromBlock: 0n, strict: true } as const;
    const logs = await zone.stack.client.getContractEvents({ ...zone.checkpoints, ...range });
    return logs.find(({ args }) => args.id > id)?.args.snapshot;
  });
}

/** A thief proves the checkpoint's state, and passes a key's deposit without showing it. @returns The passed numbers. */
async function passAsLanded(snapshot: CheckpointSnapshot, pubkey: Hex): Promise<number[]> {
  const { beacon, spec, client } = zone.stack;
  const { header } = await beacon.getHeader(snapshot.beaconRoot);
  const state = await openState({ preset: spec.preset, ...(await beacon.getState(header.stateRoot)) });
  const args = [snapshot, buildStateProof(state)];
  await send(zone.stack, "thief", { ...zone.checkpoints, functionName: "proveState", args });
  const pending = { length: 0n, positions: [], elements: [], nodes: [] };
  const proof = {
    containers: buildContainersProof(state, [zone.truth(pubkey).index]),
    pending,
    shown: [],
    shownAt: [],
    newest: 0,
    walkTo: snapshot.lastDeposit,
    boundary: [],
    anchor: 0,
  };
  const receipt = await send(zone.stack, "thief", { ...zone.line, functionName: "prove", args: [proof] });
  const logs = parseEventLogs({
    abi: zone.line.abi,
    logs: receipt.logs,
    eventName: "DepositPassedAbsent",
  });
  expect(await client.readContract({ ...zone.line, functionName: "facts" })).toMatchObject({
    isComplete: true,
  });
  return logs.map((log) => log.args.deposit);
}

async function proofOf(hash: Hex): Promise<{ slot: bigint }> {
  const { input } = await zone.stack.client.getTransaction({ hash });
  const { args } = decodeFunctionData({ abi: zone.penalties.abi, data: input });
  return (args as readonly [{ slot: bigint }])[0];
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
