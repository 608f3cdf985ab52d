import { type Address, encodeFunctionData, type Hex, pad, parseEther, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createValidatorKey, type Devnet, signDeposit, systemContracts } from "../src/index.ts";
import { LOGGER, PROBE_ABI, REVERTER } from "./support/bytecode.ts";
import { credentialsTo, DEPOSIT_ABI } from "./support/deposits.ts";
import { accessListShape, simulatedShape } from "./support/shapes.ts";
import {
  ALICE,
  BOB,
  type Clients,
  clientsOf,
  rawRpc,
  rpcResult,
  startTestChain,
} from "./support/testChain.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

/** An override that no call here can notice: it makes the proxy simulate what it would else pass on. */
const UNRELATED = { "0x00000000000000000000000000000000000000f1": { balance: "0x1" } };
const NOBODY = "0x00000000000000000000000000000000000000aa";
const ZERO_SLOT = pad("0x00");

/** Returns the caller's balance, storage slot 0, the block's base fee and number. */
const READER = "0x3331600052600054602052486040524360605260806000f3";

let chain: Devnet;
let clients: Clients;
let logger: Address;
let reverter: Address;

interface Outcome {
  status: Hex;
  gasUsed: Hex;
  returnData: Hex;
  logs: { address: Hex; topics: Hex[]; data: Hex; blockHash: Hex; logIndex: Hex; transactionHash: Hex }[];
  error?: { code: number; message: string; data?: Hex };
}
type SimulatedBlock = { hash: Hex; number: Hex; timestamp: Hex; transactions: unknown[]; calls: Outcome[] };

async function simulate(payload: Record<string, unknown>, block = "latest"): Promise<SimulatedBlock[]> {
  const result = await rpcResult(chain, "eth_simulateV1", [payload, block]);
  simulatedShape.parse(result);
  return result as SimulatedBlock[];
}

const failure = async (method: string, params: unknown[]): Promise<unknown> =>
  (await rawRpc(chain, { jsonrpc: "2.0", id: 1, method, params })).error;

const words = (data: unknown): bigint[] =>
  (String(data).slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));

const ping = encodeFunctionData({
  abi: PROBE_ABI,
  functionName: "ping",
  args: [pad("0x01"), pad("0x02"), 3n],
});

beforeAll(async () => {
  chain = await startTestChain();
  clients = clientsOf(chain);
  const deploy = async (bytecode: Hex) =>
    (await clients.mined(clients.alice.deployContract({ abi: PROBE_ABI, bytecode })))
      .contractAddress as Address;
  logger = await deploy(LOGGER);
  reverter = await deploy(REVERTER);
});
afterAll(() => chain?.stop());

/** A deposit through the real contract: storage, hashing, a log and value. */
function stakeLikeCall(): { to: Address; data: Hex; value: bigint } {
  const { secretKey, pubkey } = createValidatorKey("simulated");
  const credentials = credentialsTo("01", BOB.address);
  const signed = signDeposit({
    ...{ secretKey, withdrawalCredentials: credentials, amountGwei: 10n ** 9n },
    genesisForkVersion: chain.genesisForkVersion,
  });
  const args = [pubkey, credentials, signed.signature, signed.depositDataRoot] as const;
  const data = encodeFunctionData({ abi: DEPOSIT_ABI, functionName: "deposit", args });
  return { to: systemContracts().depositContract.address, data, value: parseEther("1") };
}

describe("the simulation is the client's own machine", () => {
  test("calls answer as the client answers them, failures too", async () => {
    const deposit = systemContracts().depositContract.address;
    for (const call of [
      { to: deposit, data: "0x621fd130" },
      { to: deposit, data: "0xc5f2892f" },
      { from: BOB.address, to: logger, data: ping },
      { to: "0x0000000000000000000000000000000000000002", data: "0x1234" },
      { data: LOGGER },
    ]) {
      const own = await rpcResult(chain, "eth_call", [call, "latest"]);
      expect(await rpcResult(chain, "eth_call", [call, "latest", UNRELATED])).toBe(own);
    }
    const call = { to: reverter, data: "0x12345678" };
    const own = await failure("eth_call", [call, "latest"]);
    expect(own).toMatchObject({ code: 3, message: "execution reverted" });
    expect(await failure("eth_call", [call, "latest", UNRELATED])).toEqual(own);
    expect(await failure("eth_estimateGas", [call, "latest", UNRELATED])).toEqual(own);
  });

  test("what is simulated and then mined has the same status, gas and logs", async () => {
    const nonce = await clients.client.getTransactionCount({ address: ALICE.address });
    const requests = [
      { to: BOB.address, value: 7n, gas: 21_000n },
      { ...stakeLikeCall(), gas: 200_000n },
      { to: logger, data: ping, gas: 100_000n },
      { to: reverter, data: ping, gas: 100_000n },
      { data: LOGGER, gas: 200_000n },
    ];
    const hashes: Hex[] = [];
    for (const [index, request] of requests.entries())
      hashes.push(await clients.alice.sendTransaction({ ...request, nonce: nonce + index } as never));
    const calls = requests.map(({ value, gas, ...rest }) => ({
      from: ALICE.address,
      ...rest,
      ...(value === undefined ? {} : { value: toHex(value) }),
      gas: toHex(gas),
    }));
    const [block] = await simulate({ blockStateCalls: [{ calls }] });
    await chain.advance(1);
    for (const [index, hash] of hashes.entries()) {
      const receipt = await clients.client.getTransactionReceipt({ hash });
      const simulated = block?.calls[index] as Outcome;
      expect(Number(simulated.status) === 1, `${index}`).toBe(receipt.status === "success");
      expect(BigInt(simulated.gasUsed), `${index}`).toBe(receipt.gasUsed);
      const plain = ({ address, topics, data }: { address: Hex; topics: Hex[]; data: Hex }) => ({
        ...{ address, topics, data },
      });
      expect(simulated.logs.map(plain), `${index}`).toEqual(receipt.logs.map(plain));
    }
  });

  test("nothing that is simulated stays", async () => {
    const before = await clients.client.getBlock();
    await simulate({ blockStateCalls: [{ calls: [{ from: ALICE.address, to: NOBODY, value: "0x1" }] }] });
    expect(await clients.client.getBalance({ address: NOBODY })).toBe(0n);
    await chain.advance(1);
    expect((await clients.client.getBlock()).parentHash).toBe(before.hash);
  });
});

describe("overrides of eth_call and eth_estimateGas", () => {
  test("balance, nonce, code, and single slots; the block's own base fee", async () => {
    const accounts = {
      [NOBODY]: { code: READER, stateDiff: { [ZERO_SLOT]: pad("0x07") } },
      [BOB.address]: { balance: "0x5", nonce: "0x9" },
    };
    const call = { from: BOB.address, to: NOBODY };
    const { baseFeePerGas, number } = await clients.client.getBlock();
    expect(words(await rpcResult(chain, "eth_call", [call, "latest", accounts]))).toEqual([
      5n,
      7n,
      baseFeePerGas,
      number,
    ]);
    const viaViem = await clients.client.call({
      ...{ account: BOB.address, to: NOBODY },
      stateOverride: [
        { address: NOBODY, code: READER, stateDiff: [{ slot: ZERO_SLOT, value: pad("0x08") }] },
      ],
    });
    expect(words(viaViem.data)[1]).toBe(8n);
  });

  test("a whole storage leaves nothing of the old one", async () => {
    const deposit = systemContracts().depositContract.address;
    const slot = (await rpcResult(chain, "eth_getStorageAt", [deposit, "0x20", "latest"])) as Hex;
    expect(BigInt(slot)).toBeGreaterThan(0n);
    // returns slot 0x20
    const code = "0x60205460005260206000f3";
    const read = (override: object) =>
      rpcResult(chain, "eth_call", [{ to: deposit }, "latest", { [deposit]: { code, ...override } }]);
    expect(await read({})).toBe(slot);
    expect(await read({ stateDiff: { [ZERO_SLOT]: pad("0x01") } })).toBe(slot);
    expect(await read({ state: { [ZERO_SLOT]: pad("0x01") } })).toBe(ZERO_SLOT);
  });

  test("an old block's state, number and fee", async () => {
    const accounts = { [NOBODY]: { code: READER } };
    const call = [{ from: ALICE.address, to: NOBODY }, "0x1", accounts];
    const { baseFeePerGas } = await clients.client.getBlock({ blockNumber: 1n });
    const balance = await clients.client.getBalance({ address: ALICE.address, blockNumber: 1n });
    expect(balance).not.toBe(await clients.client.getBalance({ address: ALICE.address }));
    expect(words(await rpcResult(chain, "eth_call", call))).toEqual([balance, 0n, baseFeePerGas, 1n]);
  });

  test("fields of the block", async () => {
    const accounts = { [NOBODY]: { code: READER } };
    const block = { number: "0x123456", baseFee: "0x7" };
    const result = await rpcResult(chain, "eth_call", [{ to: NOBODY }, "latest", accounts, block]);
    expect(words(result).slice(2)).toEqual([7n, 0x123456n]);
  });

  test("precompiles are replaced and moved", async () => {
    const identity = "0x0000000000000000000000000000000000000004";
    const call = (to: string, overrides: object) =>
      rpcResult(chain, "eth_call", [{ to, data: "0x1234" }, "latest", overrides]);
    const overrides = { [identity]: { movePrecompileToAddress: NOBODY, code: "0x60205ff3" } };
    expect(await call(NOBODY, overrides)).toBe("0x1234");
    expect(await call(identity, overrides)).toBe(ZERO_SLOT);
    const wrong = [{ to: NOBODY }, "latest", { [NOBODY]: { movePrecompileToAddress: identity } }];
    expect(await failure("eth_call", wrong)).toMatchObject({ code: -32602 });
  });

  test("an estimate with overrides suffices for the code it was made for", async () => {
    const code = await clients.client.getCode({ address: logger });
    const call = { from: BOB.address, to: NOBODY, data: ping };
    const estimate = await rpcResult(chain, "eth_estimateGas", [call, "latest", { [NOBODY]: { code } }]);
    const own = await rpcResult(chain, "eth_estimateGas", [{ ...call, to: logger }, "latest"]);
    expect(estimate).toBe(own);
  });

  test("wrong overrides and calls are refused, with the field that is wrong", async () => {
    const both = { [NOBODY]: { state: {}, stateDiff: {} } };
    expect(await failure("eth_call", [{}, "latest", both])).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/state or stateDiff/),
    });
    expect(
      await failure("eth_call", [{ to: NOBODY }, "latest", { [NOBODY]: { balanse: "0x1" } }]),
    ).toMatchObject({
      message: expect.stringMatching(/balanse/),
    });
    expect(await failure("eth_call", [{ to: NOBODY }, "0xffffff", UNRELATED])).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/beyond the head/),
    });
    const poor = [{ from: NOBODY, to: BOB.address, value: "0x1" }, "latest", UNRELATED];
    expect(await failure("eth_call", poor)).toMatchObject({
      code: -32000,
      message: expect.stringMatching(/^insufficient funds for gas/),
    });
  });
});

describe("eth_createAccessList", () => {
  test("a transaction with the list that was found uses what was said", async () => {
    const request = stakeLikeCall();
    const found = (await rpcResult(chain, "eth_createAccessList", [
      { from: ALICE.address, ...request, value: toHex(request.value) },
      "latest",
    ])) as { accessList: { address: Hex; storageKeys: Hex[] }[]; gasUsed: Hex };
    accessListShape.parse(found);
    expect(found.accessList).toMatchObject([{ address: request.to }]);
    expect(found.accessList[0]?.storageKeys.length).toBeGreaterThan(1);
    const { accessList } = found;
    expect(await clients.client.createAccessList({ account: ALICE, ...request })).toMatchObject({
      accessList,
    });
    const receipt = await clients.mined(
      clients.alice.sendTransaction({ ...request, accessList, gas: BigInt(found.gasUsed) }),
    );
    expect(receipt.gasUsed).toBe(BigInt(found.gasUsed));
  });

  test("a transaction that reverts has a list and an error", async () => {
    const found = await rpcResult(chain, "eth_createAccessList", [{ to: reverter }, "latest"]);
    expect(accessListShape.parse(found)).toMatchObject({ accessList: [], error: "execution reverted" });
    accessListShape.parse(await rpcResult(chain, "eth_createAccessList", []));
  });
});

describe("eth_simulateV1", () => {
  test("blocks stand on one another, gaps are filled, and calls see the numbers, times and hashes", async () => {
    // returns BLOCKHASH of the block before, NUMBER, TIMESTAMP
    const code = "0x600143034060005243602052426040526060 6000f3".replace(" ", "");
    const head = chain.headBlock;
    const calls = [{ from: BOB.address, to: NOBODY }];
    const blocks = await simulate({
      blockStateCalls: [
        { stateOverrides: { [NOBODY]: { code } }, calls },
        { blockOverrides: { number: toHex(head.blockNumber + 3) }, calls },
      ],
    });
    expect(blocks.map(({ number }) => Number(number) - head.blockNumber)).toEqual([1, 2, 3]);
    const seconds = chain.options.secondsPerSlot;
    expect(blocks.map(({ timestamp }) => Number(timestamp) - head.timestamp)).toEqual([
      seconds,
      2 * seconds,
      3 * seconds,
    ]);
    const [first, second, third] = blocks as [SimulatedBlock, SimulatedBlock, SimulatedBlock];
    const seen = (block: SimulatedBlock) => words(block.calls[0]?.returnData);
    expect(seen(first)).toEqual([head.executionHash, first.number, first.timestamp].map(BigInt));
    expect(seen(third)).toEqual([second.hash, third.number, third.timestamp].map(BigInt));
  });

  test("what one call leaves, the next one finds; reverts and other ends are told apart", async () => {
    const stop = "0x00000000000000000000000000000000000000ab";
    const [block] = await simulate({
      blockStateCalls: [
        {
          stateOverrides: { [NOBODY]: { balance: "0x10" }, [stop]: { code: "0xfe" } },
          calls: [
            { from: NOBODY, to: BOB.address, value: "0x10" },
            { to: reverter, data: "0x12345678" },
            { to: stop, gas: "0xffff" },
          ],
        },
      ],
    });
    expect(block?.calls.map(({ status }) => status)).toEqual(["0x1", "0x0", "0x0"]);
    expect(block?.calls[1]?.error).toMatchObject({
      code: 3,
      data: expect.stringMatching(/^0x[0-9a-f]{72}$/),
    });
    expect(block?.calls[2]).toMatchObject({ gasUsed: "0xffff", error: { code: -32015 } });
  });

  test("transfers of ether are logged when asked for, with the others in their order, not those that fail", async () => {
    // sends 1 wei to the caller, then logs, then sends 1 wei to the caller
    const send = "5f5f5f5f6001335af150";
    const code = `0x${send}5f5fa0${send}00`;
    const failing = `0x${send}5ffd`;
    const other = "0x00000000000000000000000000000000000000ac";
    const [block] = await simulate({
      traceTransfers: true,
      blockStateCalls: [
        {
          stateOverrides: { [NOBODY]: { code }, [other]: { code: failing } },
          calls: [
            { from: BOB.address, to: NOBODY, value: "0x2" },
            { from: BOB.address, to: other, value: "0x2" },
          ],
        },
      ],
    });
    const ether = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
    expect(
      block?.calls[0]?.logs.map(({ address, data }) => [address, BigInt(data === "0x" ? 0 : data)]),
    ).toEqual([
      [ether, 2n],
      [ether, 1n],
      [NOBODY, 0n],
      [ether, 1n],
    ]);
    expect(block?.calls[0]?.logs[1]?.topics.slice(1)).toEqual([
      pad(NOBODY),
      pad(BOB.address.toLowerCase() as Hex),
    ]);
    expect(block?.calls[1]?.logs).toEqual([]);
  });

  test("with validation fees and nonces count, each refusal with its published code", async () => {
    const code = async (call: object, more: object = {}) =>
      (
        (await failure("eth_simulateV1", [
          { validation: true, blockStateCalls: [{ calls: [call], ...more }] },
          "latest",
        ])) as { code: number }
      ).code;
    const fees = { maxFeePerGas: "0xffffffffff" };
    const base = { from: BOB.address, to: NOBODY, gas: "0x5208", ...fees };
    expect(await code({ ...base, maxFeePerGas: "0x0" })).toBe(-38012);
    expect(await code({ ...base, nonce: "0x9" })).toBe(-38011);
    expect(await code({ ...base, gas: "0x10" })).toBe(-38013);
    expect(await code({ ...base, from: NOBODY })).toBe(-38014);
    expect(await code({ ...base, gas: "0xffffffff" })).toBe(-38015);
    expect(await code(base, { blockOverrides: { number: "0x1" } })).toBe(-38020);
    expect(await code(base, { blockOverrides: { time: "0x1" } })).toBe(-38021);
    expect(await code({ ...base, from: ALICE.address, nonce: "0x0" })).toBe(-38010);
    const [block] = await simulate({
      ...{ validation: true, returnFullTransactions: true },
      blockStateCalls: [{ calls: [base] }],
    });
    expect(block?.transactions).toMatchObject([
      { from: BOB.address.toLowerCase(), type: "0x2", nonce: "0x0" },
    ]);
  });

  test("viem's simulateCalls works, with changes of assets", async () => {
    const { results, assetChanges } = await clients.client.simulateCalls({
      ...{ account: ALICE.address, traceAssetChanges: true },
      calls: [{ to: BOB.address, value: 5n }],
    });
    expect(results).toMatchObject([{ status: "success", gasUsed: 21_000n }]);
    expect(assetChanges.map(({ value }) => value.diff)).toEqual([-5n]);
  });
});

describe("authorizations of EIP-7702", () => {
  test("a call and an estimate run the code that is being set; the mined transaction uses that gas", async () => {
    const authorization = await clients.bob.signAuthorization({ contractAddress: logger });
    const call = { account: ALICE, to: BOB.address, data: ping, authorizationList: [authorization] };
    const list = {
      address: authorization.address,
      ...{
        chainId: toHex(authorization.chainId),
        nonce: "0x0",
        yParity: toHex(authorization.yParity as number),
      },
      ...{ r: toHex(BigInt(authorization.r)), s: toHex(BigInt(authorization.s)) },
    };
    const request = { from: ALICE.address, to: BOB.address, data: ping, authorizationList: [list] };
    const [simulated] = await simulate({ blockStateCalls: [{ calls: [request] }] });
    expect(simulated?.calls[0]?.logs).toMatchObject([{ address: BOB.address.toLowerCase() }]);
    expect(await rpcResult(chain, "eth_call", [request, "latest"])).toBe("0x");
    const reverting = await clients.bob.signAuthorization({ contractAddress: reverter });
    const fails = clients.client.call({ ...call, authorizationList: [reverting] });
    await expect(fails).rejects.toThrow(/reverted/);
    const gas = await clients.client.estimateGas(call);
    const receipt = await clients.mined(clients.alice.sendTransaction({ ...call, gas }));
    expect(receipt.gasUsed).toBe(BigInt(simulated?.calls[0]?.gasUsed as Hex));
    expect(receipt.logs).toHaveLength(1);
    expect(gas).toBeGreaterThanOrEqual(receipt.gasUsed);
  });
});
