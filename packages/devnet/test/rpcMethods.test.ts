import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Hex, pad, toHex } from "viem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Devnet, systemContracts } from "../src/index.ts";
import { LOGGER, PROBE_ABI } from "./support/bytecode.ts";
import {
  ALICE,
  ALICE_KEY,
  BOB,
  type Clients,
  clientsOf,
  rawRpc,
  rpcResult,
  startTestChain,
} from "./support/testChain.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const run = promisify(execFile);
const NOBODY = "0x00000000000000000000000000000000000000aa";

let chain: Devnet;
let clients: Clients;
beforeAll(async () => {
  chain = await startTestChain();
  clients = clientsOf(chain);
});
afterAll(() => chain?.stop());

const call = (method: string, ...params: unknown[]) => rpcResult(chain, method, params);

async function failure(method: string, ...params: unknown[]): Promise<{ code: number; message: string }> {
  const { error } = await rawRpc(chain, { jsonrpc: "2.0", id: 1, method, params });
  return error as { code: number; message: string };
}

test("blocks have no uncles; unknown blocks have no count", async () => {
  const { hash } = await clients.client.getBlock();
  expect(await call("eth_getUncleCountByBlockHash", hash)).toBe("0x0");
  expect(await call("eth_getUncleCountByBlockNumber", "latest")).toBe("0x0");
  expect(await call("eth_getUncleCountByBlockNumber", "0xffffff")).toBeNull();
  expect(await call("eth_getUncleCountByBlockHash", pad("0x12"))).toBeNull();
  expect(await call("eth_getUncleByBlockHashAndIndex", hash, "0x0")).toBeNull();
  expect(await call("eth_getUncleByBlockNumberAndIndex", "latest", "0x0")).toBeNull();
  expect(await call("eth_getBlockTransactionCountByHash", hash)).toBe("0x0");
  expect(await call("eth_getBlockTransactionCountByNumber", "0xffffff")).toBeNull();
  expect(await call("eth_getBlockByHash", pad("0x12"), true)).toBeNull();
});

test("the pool tells what is ready from what waits for an earlier nonce", async () => {
  const fees = { to: NOBODY, gas: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n } as const;
  const ready = await clients.alice.sendTransaction({ ...fees, value: 1n, nonce: 0 });
  const gap = await clients.bob.sendTransaction({ ...fees, value: 2n, nonce: 5 });
  const shown = (await call("eth_pendingTransactions")) as { hash: Hex }[];
  expect(shown.map(({ hash }) => hash)).toEqual([ready, gap]);
  const [alice, bob] = [ALICE, BOB].map(({ address }) => address.toLowerCase()) as [string, string];
  expect(await call("txpool_status")).toEqual({ pending: "0x1", queued: "0x1" });
  expect(await call("txpool_content")).toEqual({
    pending: { [alice]: { 0: shown[0] } },
    queued: { [bob]: { 5: shown[1] } },
  });
  expect(await call("txpool_contentFrom", BOB.address)).toEqual({ pending: {}, queued: { 5: shown[1] } });
  expect(await call("txpool_inspect")).toMatchObject({
    pending: { [alice]: { 0: `${NOBODY}: 1 wei + 21000 gas × 10000000000 wei` } },
  });
  await chain.advance(1);
  expect(await call("txpool_status")).toEqual({ pending: "0x0", queued: "0x1" });
});

test("base fee, coinbase, what the node keeps, and what no node does any more", async () => {
  const next = await call("eth_baseFee");
  await chain.advance(1);
  const block = await clients.client.getBlock();
  expect(BigInt(next as Hex)).toBe(block.baseFeePerGas);
  expect(await call("eth_coinbase")).toBe(block.miner);
  expect(await call("eth_mining")).toBe(false);
  expect(await call("eth_hashrate")).toBe("0x0");
  expect(await call("eth_capabilities")).toMatchObject({
    head: { number: toHex(block.number), hash: block.hash },
    state: { disabled: false, oldestBlock: "0x0" },
  });
});

test("storage of several accounts, and proofs of accounts that do not exist", async () => {
  const deposit = systemContracts().depositContract.address;
  const slot = pad("0x22");
  const value = await call("eth_getStorageAt", deposit, slot, "latest");
  expect(BigInt(value as Hex)).toBeGreaterThan(0n);
  expect(await call("eth_getStorageValues", { [deposit]: [slot, "0x0"], [NOBODY]: [slot] })).toEqual({
    [deposit]: [value, pad("0x0")],
    [NOBODY]: [pad("0x0")],
  });
  expect(await failure("eth_getStorageValues", { "0x12": [slot] })).toMatchObject({ code: -32602 });
  const absent = "0x00000000000000000000000000000000000000f7";
  expect(await call("eth_getProof", absent, ["0x0", slot], "latest")).toMatchObject({
    balance: "0x0",
    storageProof: [
      { key: "0x0", value: "0x0", proof: [] },
      { key: "0x22", value: "0x0", proof: [] },
    ],
  });
});

test("a transaction is traced step by step, with or without a configuration", async () => {
  const data = `0x621fd130` as const;
  const to = systemContracts().depositContract.address;
  const { transactionHash } = await clients.mined(clients.alice.sendTransaction({ to, data }));
  const plain = (await call("debug_traceTransaction", transactionHash)) as { structLogs: { op: string }[] };
  expect(plain.structLogs[0]?.op).toBe("PUSH1");
  const without = await call("debug_traceTransaction", transactionHash, { disableStorage: true });
  expect(without).toEqual(plain);
  const named = await failure("debug_traceTransaction", transactionHash, { tracer: "callTracer" });
  expect(named).toMatchObject({ code: -32602, message: expect.stringMatching(/callTracer/) });
});

test("what is refused says why, and what to use instead", async () => {
  for (const [method, hint] of [
    ["eth_sendTransaction", /eth_sendRawTransaction/],
    ["eth_sign", /wallet/],
    ["eth_getCompilers", /solc/],
    ["eth_getWork", /proof of stake/],
    ["debug_setHead", /control port/],
  ] as const) {
    const { code, message } = await failure(method, "0x0");
    expect(code, method).toBe(-32601);
    expect(message, method).toMatch(hint);
  }
  const withdrawals = { blockStateCalls: [{ blockOverrides: { withdrawals: [{ index: "0x0" }] } }] };
  for (const [method, params, hint] of [
    ["eth_sendRawTransaction", ["0x03f8"], /blobs/],
    [
      "eth_call",
      [{ blobVersionedHashes: [pad("0x01")] }, "latest", { [NOBODY]: { balance: "0x1" } }],
      /blobs/,
    ],
    ["eth_simulateV1", [withdrawals], /override the balance/],
    [
      "eth_simulateV1",
      [{ blockStateCalls: [{ blockOverrides: { blobBaseFee: "0x1" } }] }],
      /eth_call takes it/,
    ],
  ] as const) {
    const { code, message } = await failure(method, ...params);
    expect(code, method).toBe(-32602);
    expect(message, method).toMatch(hint);
  }
  expect(await failure("eth_simulateBlocks", {})).toMatchObject({ code: -32601 });
  expect(await failure("eth_simulateCall", {})).toMatchObject({ code: -32601 });
  expect(await failure("eth_blockReceipts", "0x0")).toMatchObject({ code: -32601 });
});

test("cast: delegation, access lists, proofs, overrides", async () => {
  const cast = async (...args: string[]): Promise<string> =>
    (await run("cast", [...args, "--rpc-url", chain.urls.rpc])).stdout.trim();
  const deposit = systemContracts().depositContract.address;
  const list = await cast("access-list", deposit, "get_deposit_count()", "--from", BOB.address);
  expect(list.toLowerCase()).toContain(deposit);
  const code = "0x60075f5260205ff3";
  const result = await cast("call", NOBODY, "x()(uint256)", "--override-code", `${NOBODY}:${code}`);
  expect(result).toBe("7");
  const { contractAddress } = await clients.mined(
    clients.alice.deployContract({ abi: PROBE_ABI, bytecode: LOGGER }),
  );
  const logger = contractAddress as string;
  const signing = ["--auth", logger, "--private-key", ALICE_KEY, "--async"];
  const hash = await cast("send", ALICE.address, ...signing);
  expect(await call("eth_getTransactionByHash", hash)).toMatchObject({
    type: "0x4",
    authorizationList: [{ address: logger }],
  });
});
