import { type Address, type Hex, keccak256, pad } from "viem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Devnet } from "../src/index.ts";
import { LOGGER, PROBE_ABI } from "./support/bytecode.ts";
import { blockShape, logShape, transactionShape, wholeBlockShape } from "./support/shapes.ts";
import { ALICE, BOB, type Clients, clientsOf, rpcResult, startTestChain } from "./support/testChain.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let chain: Devnet;
let clients: Clients;
let logger: Address;
/** A mined transaction of type 4, by which Bob's account runs the logger's code. */
let hash: Hex;

type Shown = Record<string, unknown>;

beforeAll(async () => {
  chain = await startTestChain();
  clients = clientsOf(chain);
  const deployed = await clients.mined(clients.alice.deployContract({ abi: PROBE_ABI, bytecode: LOGGER }));
  logger = deployed.contractAddress as Address;
});
afterAll(() => chain?.stop());

test("a transaction of type 4 waits, is mined, and is read back everywhere with its authorizations", async () => {
  const authorization = await clients.bob.signAuthorization({ contractAddress: logger });
  hash = await clients.alice.sendTransaction({
    to: BOB.address,
    authorizationList: [authorization],
    gas: 200_000n,
  });
  const authorizationList = [
    {
      chainId: `0x${chain.options.chainId.toString(16)}`,
      address: logger,
      nonce: "0x0",
      yParity: `0x${authorization.yParity}`,
      r: `0x${BigInt(authorization.r).toString(16)}`,
      s: `0x${BigInt(authorization.s).toString(16)}`,
    },
  ];
  const waiting = await rpcResult(chain, "eth_getTransactionByHash", [hash]);
  expect(waiting).toMatchObject({ type: "0x4", blockHash: null, blockTimestamp: null, authorizationList });
  expect(await rpcResult(chain, "eth_pendingTransactions")).toEqual([waiting]);

  await chain.advance(1);
  expect(await rpcResult(chain, "eth_pendingTransactions")).toEqual([]);
  const receipt = (await rpcResult(chain, "eth_getTransactionReceipt", [hash])) as Shown;
  for (const log of receipt.logs as unknown[]) logShape.parse(log);
  expect(receipt).toMatchObject({ type: "0x4", status: "0x1", to: BOB.address.toLowerCase() });
  const mined = await rpcResult(chain, "eth_getTransactionByHash", [hash]);
  transactionShape.parse(mined);
  const timestamp = `0x${chain.headBlock.timestamp.toString(16)}`;
  expect(mined).toEqual({
    ...(waiting as Shown),
    blockHash: receipt.blockHash,
    blockNumber: receipt.blockNumber,
    blockTimestamp: timestamp,
    transactionIndex: "0x0",
    gasPrice: receipt.effectiveGasPrice,
  });
  for (const [method, first] of [
    ["eth_getTransactionByBlockHashAndIndex", receipt.blockHash],
    ["eth_getTransactionByBlockNumberAndIndex", "latest"],
  ] as const) {
    expect(await rpcResult(chain, method, [first, "0x0"]), method).toEqual(mined);
    expect(await rpcResult(chain, method, [first, "0x1"]), method).toBeNull();
  }
  for (const [method, first] of [
    ["eth_getBlockByHash", receipt.blockHash],
    ["eth_getBlockByNumber", "latest"],
  ] as const) {
    const whole = (await rpcResult(chain, method, [first, true])) as Shown;
    expect(wholeBlockShape.parse(whole).transactions, method).toEqual([mined]);
    const short = (await rpcResult(chain, method, [first, false])) as Shown;
    expect(blockShape.parse(short).transactions, method).toEqual([hash]);
  }
});

test("the account's code names the contract, and a call to the account runs it", async () => {
  expect(await clients.client.getCode({ address: BOB.address })).toBe(`0xef0100${logger.slice(2)}`);
  const receipt = await clients.mined(
    clients.alice.writeContract({
      address: BOB.address,
      abi: PROBE_ABI,
      functionName: "ping",
      args: [pad("0x01"), pad("0x02"), 3n],
      gas: 100_000n,
    }),
  );
  expect(receipt.logs).toMatchObject([{ address: BOB.address.toLowerCase(), topics: { length: 3 } }]);
});

test("what is shown is what was signed: viem serializes it to the same bytes", async () => {
  const raw = (await rpcResult(chain, "debug_getRawTransaction", [hash])) as Hex;
  expect(keccak256(raw)).toBe(hash);
  const transaction = await clients.client.getTransaction({ hash });
  expect(transaction).toMatchObject({ type: "eip7702", from: ALICE.address.toLowerCase(), nonce: 1 });
  expect(transaction.authorizationList?.[0]?.address).toBe(logger);
});
