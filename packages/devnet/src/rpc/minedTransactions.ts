import { toHex } from "@lodestar/utils";
import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import { blockNumberOf } from "./blockTags.ts";
import { quantity } from "./quantity.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";
import { transactionJson } from "./transactionJson.ts";

/**
 * All transactions of a block, from its bytes and our receipts: the client leaves out authorization lists, times and the
 * price that was really paid.
 */
export function minedTransactions(chain: Devnet, entry: BlockEntry): Json[] {
  if (entry.record === undefined || entry.transactionCount === 0) return [];
  const bytes = chain.blocks.decode(entry.record).message.body.executionPayload.transactions;
  return chain.receipts.ofBlock(entry.executionHash).map((receipt, index) =>
    transactionJson(receipt.transactionHash, receipt.from, toHex(bytes[index] as Uint8Array), {
      blockHash: entry.executionHash,
      blockNumber: quantity(entry.blockNumber),
      blockTimestamp: quantity(entry.timestamp),
      transactionIndex: quantity(index),
      gasPrice: receipt.effectiveGasPrice,
    }),
  );
}

function at(chain: Devnet, entry: BlockEntry | undefined, index: Json | undefined): Json {
  if (typeof index !== "string" || !/^0x[0-9a-fA-F]{1,8}$/.test(index)) {
    throw new RpcError(INVALID_PARAMS, `an index is a 0x quantity, not ${JSON.stringify(index)}`);
  }
  return entry === undefined ? null : (minedTransactions(chain, entry)[Number(index)] ?? null);
}

export const getTransactionByBlockHashAndIndex: RpcHandler = (params, { chain }) =>
  at(chain, chain.blocks.byExecutionHash(String(params[0]).toLowerCase()), params[1]);

export const getTransactionByBlockNumberAndIndex: RpcHandler = (params, { chain }) =>
  at(chain, chain.blocks.byNumber(blockNumberOf(chain, params[0])), params[1]);

/** Also finds what waits in the pool. */
export const getTransactionByHash: RpcHandler = (params, { chain, pending }) => {
  const hash = String(params[0]).toLowerCase();
  const receipt = chain.receipts.ofTransaction(hash);
  if (receipt === undefined) return pending.describe(hash);
  return at(chain, chain.blocks.byExecutionHash(receipt.blockHash), receipt.transactionIndex);
};
