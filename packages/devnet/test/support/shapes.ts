/** The published shapes of Ethereum's JSON-RPC, as far as the tests here meet them, in our own words. */
import { z } from "zod";

const quantity = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]*)$/);
const bytes = z.string().regex(/^0x([0-9a-f]{2})*$/);
const fixed = (length: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${length * 2}}$`));
const address = fixed(20);
const hash = fixed(32);

const accessList = z.array(z.strictObject({ address, storageKeys: z.array(hash) }));

export const logShape = z.strictObject({
  address,
  topics: z.array(hash).max(4),
  data: bytes,
  blockNumber: quantity,
  blockHash: hash,
  blockTimestamp: quantity,
  transactionHash: hash,
  transactionIndex: quantity,
  logIndex: quantity,
  removed: z.boolean(),
});

const authorization = z.strictObject({
  ...{ chainId: quantity, address, nonce: quantity },
  ...{ yParity: quantity, r: quantity, s: quantity },
});

const common = {
  hash,
  from: address,
  nonce: quantity,
  to: address.nullable(),
  gas: quantity,
  value: quantity,
  input: bytes,
  gasPrice: quantity,
  ...{ v: quantity, r: quantity, s: quantity },
  ...{ blockHash: hash, blockNumber: quantity, blockTimestamp: quantity, transactionIndex: quantity },
};
const typed = { ...common, chainId: quantity, accessList, yParity: quantity };
const feeMarket = { ...typed, maxFeePerGas: quantity, maxPriorityFeePerGas: quantity };

/** A mined transaction of any type. */
export const transactionShape = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("0x0"), ...common, chainId: quantity.optional() }),
  z.strictObject({ type: z.literal("0x1"), ...typed }),
  z.strictObject({ type: z.literal("0x2"), ...feeMarket }),
  z.strictObject({ type: z.literal("0x4"), ...feeMarket, authorizationList: z.array(authorization) }),
]);

const withdrawal = z.strictObject({ index: quantity, validatorIndex: quantity, address, amount: quantity });

const block = z.object({
  ...{ hash, parentHash: hash, sha3Uncles: hash, miner: address, stateRoot: hash },
  ...{ transactionsRoot: hash, receiptsRoot: hash, logsBloom: fixed(256), number: quantity },
  ...{ gasLimit: quantity, gasUsed: quantity, timestamp: quantity, extraData: bytes, mixHash: hash },
  ...{ nonce: fixed(8), baseFeePerGas: quantity, withdrawalsRoot: hash, blobGasUsed: quantity },
  ...{ excessBlobGas: quantity, parentBeaconBlockRoot: hash, requestsHash: hash, size: quantity },
  uncles: z.array(hash).length(0),
  withdrawals: z.array(withdrawal),
});

export const blockShape = block.extend({ transactions: z.array(hash) });
export const wholeBlockShape = block.extend({ transactions: z.array(transactionShape) });

export const accessListShape = z.strictObject({
  accessList,
  gasUsed: quantity,
  error: z.string().optional(),
});

const outcome = { returnData: bytes, gasUsed: quantity, maxUsedGas: quantity, logs: z.array(logShape) };

const failures = z.union([
  z.object({ code: z.literal(3), message: z.string().regex(/^execution reverted/) }),
  z.object({ code: z.literal(-32015), message: z.string().regex(/^vm execution error/) }),
]);

/** What `eth_simulateV1` answers: blocks with the outcome of each call. */
export const simulatedShape = z.array(
  block.extend({
    transactions: z.union([z.array(hash), z.array(transactionShape)]),
    calls: z.array(
      z.discriminatedUnion("status", [
        z.strictObject({ status: z.literal("0x1"), ...outcome }),
        z.strictObject({ status: z.literal("0x0"), ...outcome, error: failures }),
      ]),
    ),
  }),
);
