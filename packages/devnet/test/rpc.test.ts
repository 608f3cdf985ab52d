import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  type Address,
  ContractFunctionRevertedError,
  createPublicClient,
  getContractAddress,
  type Hex,
  http,
  type Log,
  multicall3Abi,
  pad,
  webSocket,
} from "viem";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { multicall3Creation } from "../src/execution/multicall.ts";
import { type Devnet, systemContracts } from "../src/index.ts";
import { LOGGER, PROBE_ABI, REVERTER } from "./support/bytecode.ts";
import { logShape } from "./support/shapes.ts";
import {
  ALICE,
  BOB,
  type Clients,
  clientsOf,
  rawRpc,
  rpcResult,
  startTestChain,
} from "./support/testChain.ts";

/** For what would never come. */
const BACKSTOP = { timeout: 10 * 60_000 };
const word = (value: number): Hex => pad(`0x${value.toString(16).padStart(2, "0")}`);
const run = promisify(execFile);

let chain: Devnet;
let clients: Clients;
let logger: Address;
let reverter: Address;

async function deploy(bytecode: Hex): Promise<Address> {
  const receipt = await clients.mined(clients.alice.deployContract({ abi: PROBE_ABI, bytecode }));
  return receipt.contractAddress as Address;
}

const ping = (a: number, b: number, c: bigint): Promise<Hex> =>
  clients.alice.writeContract({
    address: logger,
    abi: PROBE_ABI,
    functionName: "ping",
    args: [word(a), word(b), c],
    gas: 100_000n,
  });

beforeAll(async () => {
  chain = await startTestChain();
  clients = clientsOf(chain);
  logger = await deploy(LOGGER);
  reverter = await deploy(REVERTER);
  for (let i = 1; i <= 3; i++) await ping(1, i, BigInt(i));
  await chain.advance(1);
  await clients.mined(ping(2, 3, 9n));
});
afterAll(() => chain?.stop());

test("an idle connection is never closed under a request that is just being sent", async () => {
  for (const url of [chain.urls.rpc, `${chain.urls.beacon}/eth/v1/node/version`]) {
    const { headers } = await fetch(url);
    expect(headers.get("connection")).toBe("keep-alive");
    expect(headers.get("keep-alive"), "no time after which it would be").toBeNull();
  }
});

describe("logs", () => {
  const topics = async (filter: unknown[]): Promise<string[]> => {
    const logs = (await rpcResult(chain, "eth_getLogs", [
      {
        address: [logger.toUpperCase().replace("0X", "0x"), reverter],
        fromBlock: "0x0",
        toBlock: "latest",
        topics: filter,
      },
    ])) as Log[];
    return logs.map((log) => `${Number(log.topics[1])},${Number(log.topics[2])}`);
  };

  test("all positions of topics are compared, with alternatives", async () => {
    expect(await topics([])).toEqual(["1,1", "1,2", "1,3", "2,3"]);
    expect(await topics([null, null, word(3)])).toEqual(["1,3", "2,3"]);
    expect(await topics([null, word(1), [word(1), word(3)]])).toEqual(["1,1", "1,3"]);
    expect(await topics([null, [], word(2)])).toEqual(["1,2"]);
    expect(await topics([word(1)])).toEqual([]);
  });

  test("indices count through the block and match the receipts", async () => {
    const logs = await clients.client.getLogs({ address: logger, fromBlock: 0n });
    expect(logs.map((log) => log.logIndex)).toEqual([0, 1, 2, 0]);
    expect(logs.map((log) => log.transactionIndex)).toEqual([0, 1, 2, 0]);
    const receipt = await clients.client.getTransactionReceipt({ hash: logs[2]?.transactionHash as Hex });
    expect(receipt.logs[0]?.logIndex).toBe(2);
    for (const log of (await rpcResult(chain, "eth_getLogs", [{ fromBlock: "0x0" }])) as unknown[])
      logShape.parse(log);
    const byHash = await clients.client.getLogs({ blockHash: logs[3]?.blockHash as Hex });
    expect(byHash).toHaveLength(1);
  });

  test("wrong filters are refused with a reason", async () => {
    const bad = await rawRpc(chain, {
      jsonrpc: "2.0",
      id: 1,
      method: "eth_getLogs",
      params: [{ topics: ["0x12"] }],
    });
    expect(bad.error).toMatchObject({ code: -32602 });
    const range = { fromBlock: "0x3", toBlock: "0x1" };
    const wrong = await rawRpc(chain, { jsonrpc: "2.0", id: 1, method: "eth_getLogs", params: [range] });
    expect(wrong.error).toMatchObject({ message: expect.stringContaining("invalid block range") });
  });

  test("polled filters give each change once", async () => {
    const logs = await clients.client.createEventFilter({ address: logger });
    const blocks = await clients.client.createBlockFilter();
    await clients.mined(ping(5, 5, 5n));
    const changes = (await rpcResult(chain, "eth_getFilterChanges", [logs.id])) as unknown[];
    expect(changes).toHaveLength(1);
    logShape.parse(changes[0]);
    expect(await clients.client.getFilterChanges({ filter: logs })).toHaveLength(0);
    expect(await clients.client.getFilterChanges({ filter: blocks })).toEqual([chain.head.executionHash]);
    expect(await clients.client.uninstallFilter({ filter: logs })).toBe(true);
    await expect(clients.client.getFilterChanges({ filter: logs })).rejects.toThrow(/filter not found/);
  });
});

describe("websocket", () => {
  test("watchEvent, new heads and pending transactions arrive", async () => {
    const client = createPublicClient({ transport: webSocket(chain.urls.ws) });
    const seen: bigint[] = [];
    const heads: bigint[] = [];
    const pending: Hex[] = [];
    const stops = [
      client.watchContractEvent({
        address: logger,
        abi: PROBE_ABI,
        eventName: "Ping",
        onLogs: (logs) => seen.push(...logs.map((log) => log.args.c as bigint)),
      }),
      client.watchBlocks({ onBlock: (block) => heads.push(block.number) }),
      client.watchPendingTransactions({ onTransactions: (hashes) => pending.push(...hashes) }),
    ];
    await vi.waitFor(() => expect(chain.events.listenerCount("block")).toBeGreaterThanOrEqual(4), BACKSTOP);
    await vi.waitFor(
      () => expect(chain.events.listenerCount("transaction")).toBeGreaterThanOrEqual(2),
      BACKSTOP,
    );
    const hash = await ping(7, 7, 77n);
    await chain.advance(2);
    await vi.waitFor(() => expect(heads.at(-1)).toBe(BigInt(chain.head.blockNumber)), BACKSTOP);
    expect(seen).toEqual([77n]);
    expect(pending).toEqual([hash]);
    for (const stop of stops) stop();
    (await client.transport.getRpcClient()).close();
  });
});

describe("calls and gas", () => {
  test("a custom error reaches viem through eth_call and through eth_estimateGas", async () => {
    const call = { account: ALICE, address: reverter, abi: PROBE_ABI, functionName: "fail" } as const;
    const error = await clients.client.simulateContract(call).catch((cause: Error) => cause);
    const reverted = (error as unknown as { walk(f: (e: unknown) => boolean): unknown }).walk(
      (cause) => cause instanceof ContractFunctionRevertedError,
    ) as ContractFunctionRevertedError;
    expect(reverted.data).toMatchObject({ errorName: "Denied", args: [7n] });
    await expect(clients.client.estimateContractGas(call)).rejects.toThrow(/Denied/);
    const raw = await rawRpc(chain, {
      jsonrpc: "2.0",
      id: 1,
      method: "eth_estimateGas",
      params: [{ to: reverter }],
    });
    expect(raw.error).toMatchObject({ code: 3, data: expect.stringMatching(/^0x[0-9a-f]{72}$/) });
  });

  test("estimates leave room and accept fee fields without a type", async () => {
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    const args = [word(1), word(1), 1n] as const;
    const call = { account: ALICE, address: logger, abi: PROBE_ABI, functionName: "ping", args } as const;
    const estimate = await clients.client.estimateContractGas({ ...call, ...fees });
    const { gasUsed } = await clients.mined(clients.alice.writeContract({ ...call, gas: estimate }));
    expect(estimate).toBeGreaterThanOrEqual((gasUsed * 12n) / 10n);
    expect(await clients.client.estimateGas({ account: ALICE, to: BOB.address, value: 1n })).toBe(21_000n);
  });

  test("fees: tip, price and history", async () => {
    expect(await clients.client.estimateMaxPriorityFeePerGas()).toBe(10n ** 9n);
    const history = await clients.client.getFeeHistory({ blockCount: 1000, rewardPercentiles: [50] });
    expect(history.oldestBlock).toBe(0n);
    expect(history.baseFeePerGas).toHaveLength(chain.head.blockNumber + 2);
    await chain.advance(1);
    const block = await clients.client.getBlock();
    expect(history.baseFeePerGas.at(-1)).toBe(block.baseFeePerGas);
    const receipt = await clients.mined(
      clients.alice.sendTransaction({ to: BOB.address, gasPrice: 10n ** 10n }),
    );
    expect(receipt.effectiveGasPrice).toBe(10n ** 10n);
    expect(await clients.client.getGasPrice()).toBeGreaterThan(0n);
  });

  test("a receipt shows the price with the base fee", async () => {
    const receipt = await clients.mined(
      clients.alice.sendTransaction({ to: BOB.address, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 5n }),
    );
    const block = await clients.client.getBlock({ blockNumber: receipt.blockNumber });
    expect(receipt.effectiveGasPrice).toBe((block.baseFeePerGas as bigint) + 5n);
    const transaction = await clients.client.getTransaction({ hash: receipt.transactionHash });
    expect(transaction.gasPrice).toBe(receipt.effectiveGasPrice);
    const all = (await rpcResult(chain, "eth_getBlockReceipts", ["latest"])) as unknown[];
    expect(all).toHaveLength(1);
  });
});

describe("transactions that wait", () => {
  test("two quick sends get two nonces, and both are shown before they are mined", async () => {
    const first = await clients.bob.sendTransaction({ to: ALICE.address, value: 1n });
    const second = await clients.bob.sendTransaction({ to: ALICE.address, value: 2n });
    const count = (blockTag: "latest" | "pending") =>
      clients.client.getTransactionCount({ address: BOB.address, blockTag });
    expect([await count("latest"), await count("pending")]).toEqual([0, 2]);
    const waiting = await clients.client.getTransaction({ hash: second });
    expect(waiting).toMatchObject({
      nonce: 1,
      blockNumber: null,
      value: 2n,
      from: BOB.address.toLowerCase(),
    });
    let arrived = false;
    const receipt = clients.client.waitForTransactionReceipt({ hash: second }).finally(() => {
      arrived = true;
    });
    // viem leaves out a block that comes while it still looks at the one before
    while (!arrived) await chain.advance(1);
    expect((await receipt).status).toBe("success");
    expect((await clients.client.getTransactionReceipt({ hash: first })).transactionIndex).toBe(0);
  });

  test("a replacement with a higher price wins", async () => {
    const nonce = await clients.client.getTransactionCount({ address: BOB.address });
    const send = (value: bigint, gwei: bigint) =>
      clients.bob.sendTransaction({
        to: ALICE.address,
        value,
        nonce,
        gas: 21_000n,
        gasPrice: gwei * 10n ** 9n,
      });
    const slow = await send(1n, 10n);
    await expect(send(2n, 10n)).rejects.toThrow(/underpriced/);
    const fast = await send(2n, 20n);
    const shown = (await rpcResult(chain, "eth_pendingTransactions")) as { hash: Hex }[];
    expect(shown.map(({ hash }) => hash)).toEqual([fast]);
    await chain.advance(1);
    expect((await clients.client.getTransactionReceipt({ hash: fast })).status).toBe("success");
    await expect(clients.client.getTransactionReceipt({ hash: slow })).rejects.toThrow();
    await expect(send(3n, 30n)).rejects.toThrow(/nonce/i);
  });

  test("bytes that are no signed transaction are refused with the reason", async () => {
    for (const raw of ["0x12", "0x02c0", `0x${"ff".repeat(40)}`]) {
      const { error } = await rawRpc(chain, {
        ...{ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction" },
        params: [raw],
      });
      expect(error, raw).toMatchObject({ code: -32000, message: expect.stringMatching(/^not a signed/) });
    }
  });

  test("too little money is said in the usual words", async () => {
    const send = clients.bob.sendTransaction({ to: ALICE.address, value: 10n ** 30n, gas: 21_000n });
    await expect(send).rejects.toThrow(/funds|exceeds/);
  });
});

describe("tags, batches and odds", () => {
  test("safe, finalized, pending, earliest and EIP-1898 objects", async () => {
    expect((await clients.client.getBlock({ blockTag: "finalized" })).number).toBe(0n);
    await chain.runAhead({ epochs: 4 });
    const at = async (blockTag: "safe" | "finalized" | "pending" | "earliest") =>
      (await clients.client.getBlock({ blockTag })).number;
    expect(await at("finalized")).toBe(BigInt(chain.finalizedBlock.blockNumber));
    expect(await at("safe")).toBe(BigInt(chain.justifiedBlock.blockNumber));
    expect(await at("finalized")).toBeGreaterThan(0n);
    expect(await at("pending")).toBe(BigInt(chain.head.blockNumber));
    expect(await at("earliest")).toBe(0n);
    const balance = await rpcResult(chain, "eth_getBalance", [
      ALICE.address,
      { blockHash: chain.blocks.genesis.executionHash },
    ]);
    expect(BigInt(balance as string)).toBe(10n ** 24n);
    expect(await rpcResult(chain, "eth_getBlockByNumber", ["0xffffff", false])).toBeNull();
    expect(await rpcResult(chain, "eth_getStorageAt", [logger, "0x0", "latest"])).toBe(
      `0x${"00".repeat(32)}`,
    );
  });

  test("batches, unknown methods, bad bodies, no accounts, CORS", async () => {
    const batch = await rawRpc(chain, [
      { jsonrpc: "2.0", id: 1, method: "eth_accounts" },
      { jsonrpc: "2.0", id: 2, method: "evm_snapshot" },
      { jsonrpc: "2.0", method: "eth_chainId" },
    ]);
    expect(batch).toEqual([
      { jsonrpc: "2.0", id: 1, result: [] },
      { jsonrpc: "2.0", id: 2, error: { code: -32601, message: expect.any(String) } },
    ]);
    expect((await rawRpc(chain, 5)).error).toMatchObject({ code: -32600 });
    const broken = await fetch(chain.urls.rpc, { method: "POST", body: "{" });
    expect(await broken.json()).toMatchObject({ error: { code: -32700 } });
    const preflight = await fetch(chain.urls.rpc, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    const subscribe = await rawRpc(chain, {
      jsonrpc: "2.0",
      id: 1,
      method: "eth_subscribe",
      params: ["newHeads"],
    });
    expect(subscribe.error).toMatchObject({ code: -32601 });
  });

  test("system contracts and the CREATE2 deployer are there", async () => {
    for (const [name, { address, code }] of Object.entries(systemContracts())) {
      expect(await clients.client.getCode({ address }), name).toBe(code);
    }
    const salt = word(1);
    const deployer = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
    await clients.mined(clients.alice.sendTransaction({ to: deployer, data: `${salt}${LOGGER.slice(2)}` }));
    const address = getContractAddress({ opcode: "CREATE2", from: deployer, salt, bytecode: LOGGER });
    expect(await clients.client.getCode({ address })).toBeDefined();
  });

  test("Multicall3 stands where viem looks for it, and is what its creation code deploys", async () => {
    const multicall3 = { address: "0xcA11bde05977b3631167028862bE2a173976CA11" } as const;
    const chainWithMulticall = { ...clients.client.chain, contracts: { multicall3 } };
    const client = createPublicClient({ chain: chainWithMulticall, transport: http() });
    const read = { ...multicall3, abi: multicall3Abi, functionName: "getEthBalance" } as const;
    const balances = await client.multicall({
      allowFailure: false,
      contracts: [ALICE, BOB].map(({ address }) => ({ ...read, args: [address] as const })),
    });
    expect(balances).toEqual(
      await Promise.all([ALICE, BOB].map(({ address }) => clients.client.getBalance({ address }))),
    );
    const { data } = await client.call({ data: multicall3Creation() });
    expect(await client.getCode(multicall3)).toBe(data);
  });

  test("cast works", async () => {
    const rpc = ["--rpc-url", chain.urls.rpc];
    const cast = async (...args: string[]): Promise<string> =>
      (await run("cast", [...args, ...rpc])).stdout.trim();
    expect(Number(await cast("block-number"))).toBe(chain.head.blockNumber);
    const logs = JSON.parse(
      await cast("logs", "--json", "--from-block", "0", "--address", logger),
    ) as unknown[];
    expect(logs.length).toBeGreaterThanOrEqual(4);
    expect(await cast("chain-id")).toBe("32382");
  });
});
