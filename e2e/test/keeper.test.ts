import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHORTEST_RHYTHM } from "@cairn/deployment";
import { checkpointsAbi, depositsInFlightAbi, stakedEtherAbi, validatorManagerAbi } from "@cairn/protocol";
import { type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countAllAnew } from "../journey/countAnew.ts";
import { truthTable } from "../journey/truth.ts";
import { KeeperProcess } from "../stack/keeperProcess.ts";
import { Lockstep } from "../stack/lockstep.ts";
import { joinRegistry, postBond, predepositKeys, pubkeyRootOf, requestFunding } from "../stack/operator.ts";
import { send } from "../stack/send.ts";
import { deploy, FIXED_GENESIS_TIME, type Stack, startChain } from "../stack/stack.ts";
import { accountOf } from "../stack/wallets.ts";

const TARGET_GWEI = 64_000_000_000n;
const folder = mkdtempSync(join(tmpdir(), "cairn-keeper-"));
const logs = (name: string) => join(folder, `${name}.log`);
const keepers: KeeperProcess[] = [];
let stack: Stack;
let step: Lockstep;
let pubkey: Hex;
let operatorId = 0;

function keeper(name: string, options: { dryRun?: boolean; rpcUrl?: string } = {}): KeeperProcess {
  const started = new KeeperProcess(stack, { logFile: logs(name), ...options });
  keepers.push(started);
  return started;
}

const manager = () => ({ address: stack.addresses.validatorManager, abi: validatorManagerAbi }) as const;
const line = () => ({ address: stack.addresses.depositsInFlight, abi: depositsInFlightAbi }) as const;
const record = () =>
  stack.client.readContract({ ...manager(), functionName: "validator", args: [pubkeyRootOf(pubkey)] });
const nonceOfKeeper = () => stack.client.getTransactionCount({ address: accountOf("keeper").address });

async function noDifference(): Promise<void> {
  for (const row of await truthTable(stack)) expect(row.contracts, row.what).toBe(row.truth);
}

beforeAll(async () => {
  const running = await startChain({
    dataDir: join(folder, "chain"),
    fresh: true,
    secondsPerSlot: 48,
    validators: 1024,
    genesisTime: FIXED_GENESIS_TIME,
  });
  stack = await deploy(running, SHORTEST_RHYTHM, folder);
  step = new Lockstep(stack.devnet, () => keepers);
  operatorId = (await joinRegistry(stack, "operatorOne")).id;
  await postBond(stack, "operatorOne", operatorId, parseEther("3"));
  pubkey = (await predepositKeys(stack, "operatorOne", operatorId, ["keeper test"])).keys[0]?.pubkey as Hex;
  await send(stack, "alice", {
    address: stack.addresses.stakedEther,
    abi: stakedEtherAbi,
    functionName: "submit",
    args: [accountOf("alice").address],
    value: parseEther("200"),
  });
  await stack.devnet.advance(40);
});

afterAll(async () => {
  for (const started of keepers) await started.stop();
  await stack.devnet.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a dry run says what it would send, and sends nothing", async () => {
  const before = await nonceOfKeeper();
  const dry = keeper("dry", { dryRun: true });
  await step.until("the dry run would prove", async () => dry.hasSaid("dry run: would send"));
  expect(await dry.stop()).toBe(0);
  expect(await nonceOfKeeper()).toBe(before);
  expect((await record()).status, "still predeposited").toBe(1);
});

test("two keepers at once do everything once; one is killed and comes back", async () => {
  const one = keeper("one");
  const two = keeper("two");
  await step.until("the key is proven", async () => (await record()).status === 2);
  await requestFunding(stack, "operatorOne", operatorId, pubkey, TARGET_GWEI);
  await one.kill();
  await step.until("the key is funded", async () => (await record()).principalGwei === TARGET_GWEI);
  const again = keeper("again");
  await step.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 400);
  const deposits = await stack.client.getContractEvents({
    ...line(),
    eventName: "DepositInFlight",
    fromBlock: 0n,
  });
  expect(deposits.length, "31 ETH and one top-up, nothing twice").toBe(2);
  await noDifference();
  expect(await again.stop()).toBe(0);
  expect(await two.stop()).toBe(0);
});

test("a keeper outlives its connection: the checkpoint is closed after the line is back", async () => {
  let proxy = await cuttable(stack.devnet.urls.rpc, 0);
  const { port } = proxy.address() as { port: number };
  const through = keeper("through", { rpcUrl: `http://127.0.0.1:${port}` });
  const contract = { address: stack.addresses.checkpoints, abi: checkpointsAbi } as const;
  const opensAt = await stack.client.readContract({ ...contract, functionName: "opensAt" });
  await step.advanceUntil((chain) => BigInt(chain.head.timestamp) >= opensAt, 1000);
  await step.until("it opens", async () => {
    const hash = await stack.client.readContract({ ...contract, functionName: "openSnapshotHash" });
    return BigInt(hash) !== 0n;
  });
  await cut(proxy);
  await through.says("cannot read the chain; waiting");
  proxy = await cuttable(stack.devnet.urls.rpc, port);
  const closed = await step.until("it closes the checkpoint", async () => {
    const found = await stack.client.getContractEvents({ ...contract, eventName: "Rebased", fromBlock: 0n });
    return found.length > 0 && found;
  });
  expect(closed).toHaveLength(1);
  const [count, landed] = await stack.client.readContract({ ...line(), functionName: "inFlight" });
  expect([count, landed], "the deposits are proven landed with it").toEqual([2, 2]);
  await noDifference();
  expect(await countAllAnew(stack), "anybody counts it anew").toHaveLength(1);
  expect(await through.stop()).toBe(0);
  await cut(proxy);
});

/** A way to `target` that a test can cut. */
async function cuttable(target: string, port: number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const onward = request(target, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

async function cut(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
