import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import type { RpcReceipt } from "../storage/receiptTypes.ts";
import { knownBlockOf } from "./blockTags.ts";
import { quantity } from "./quantity.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/** 1 gwei, in wei. */
const SUGGESTED_TIP = 1_000_000_000n;
const ELASTICITY = 2n;
const CHANGE_DENOMINATOR = 8n;
const MAX_BLOCKS = 1024;

/** EIP-1559: the base fee of the block after this one, in wei. */
export function nextBaseFee(entry: Pick<BlockEntry, "baseFeePerGas" | "gasUsed" | "gasLimit">): bigint {
  const target = BigInt(entry.gasLimit) / ELASTICITY;
  const used = BigInt(entry.gasUsed);
  const base = entry.baseFeePerGas;
  if (used === target) return base;
  if (used < target) return base - (base * (target - used)) / target / CHANGE_DENOMINATOR;
  const rise = (base * (used - target)) / target / CHANGE_DENOMINATOR;
  return base + (rise > 0n ? rise : 1n);
}

/** Of the next block, in wei. */
export const baseFee: RpcHandler = (_params, { chain }) => quantity(nextBaseFee(chain.headBlock));

/** The client has no such method. */
export const maxPriorityFeePerGas: RpcHandler = () => quantity(SUGGESTED_TIP);

/** The client's own fails when the newest block holds a legacy transaction. */
export const gasPrice: RpcHandler = (_params, { chain }) =>
  quantity(nextBaseFee(chain.headBlock) + SUGGESTED_TIP);

/** Tip per gas of a block at each percentile of its gas, in wei. */
function rewardsAt(entry: BlockEntry, receipts: RpcReceipt[], percentiles: number[]): string[] {
  const sorted = receipts
    .map((receipt) => ({
      tip: BigInt(receipt.effectiveGasPrice) - entry.baseFeePerGas,
      gas: Number(receipt.gasUsed),
    }))
    .sort((a, b) => (a.tip < b.tip ? -1 : 1));
  return percentiles.map((percentile) => {
    let gas = 0;
    for (const { tip, gas: used } of sorted) {
      gas += used;
      if (gas >= (entry.gasUsed * percentile) / 100) return quantity(tip);
    }
    return "0x0";
  });
}

function blocksUpTo(chain: Devnet, newest: number, count: number): BlockEntry[] {
  const first = Math.max(0, newest - count + 1);
  return Array.from({ length: newest - first + 1 }, (_, i) => chain.blocks.byNumber(first + i) as BlockEntry);
}

/** From our own index: the client fails when more blocks are asked for than there are. */
export const feeHistory: RpcHandler = (params, { chain }) => {
  const count = Math.min(Number(params[0]), MAX_BLOCKS);
  const newest = knownBlockOf(chain, params[1]);
  if (!(count >= 1)) throw new RpcError(INVALID_PARAMS, "the block count must be 1 or more");
  const blocks = blocksUpTo(chain, newest, count);
  const percentiles = Array.isArray(params[2]) ? params[2].map(Number) : [];
  const last = blocks.at(-1) as BlockEntry;
  const history: { [key: string]: Json } = {
    oldestBlock: quantity((blocks[0] as BlockEntry).blockNumber),
    baseFeePerGas: [...blocks.map((entry) => quantity(entry.baseFeePerGas)), quantity(nextBaseFee(last))],
    gasUsedRatio: blocks.map((entry) => entry.gasUsed / entry.gasLimit),
    baseFeePerBlobGas: Array.from({ length: blocks.length + 1 }, () => "0x1"),
    blobGasUsedRatio: blocks.map(() => 0),
  };
  if (percentiles.length > 0) {
    history.reward = blocks.map((entry) =>
      rewardsAt(entry, chain.receipts.ofBlock(entry.executionHash), percentiles),
    );
  }
  return history;
};
