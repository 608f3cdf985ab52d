import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import { blockNumberOf } from "./blockTags.ts";
import { minedTransactions } from "./minedTransactions.ts";
import { quantity } from "./quantity.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";

/** The block if it can be seen already: the client has one before it is published. */
const visible = (chain: Devnet, entry: BlockEntry | undefined): BlockEntry | undefined =>
  entry !== undefined && entry.blockNumber <= chain.head.blockNumber ? entry : undefined;

const byHash = (chain: Devnet, hash: Json | undefined): BlockEntry | undefined =>
  visible(chain, chain.blocks.byExecutionHash(String(hash).toLowerCase()));

const byNumber = (chain: Devnet, block: Json | undefined): BlockEntry | undefined =>
  visible(chain, chain.blocks.byNumber(blockNumberOf(chain, block)));

/** The client's block; whole transactions are our own, for the client's lack fields. */
async function show(
  context: RpcContext,
  entry: BlockEntry | undefined,
  whole: Json | undefined,
): Promise<Json> {
  if (entry === undefined) return null;
  const block = await context.forward("eth_getBlockByNumber", [quantity(entry.blockNumber), false]);
  if (whole !== true || typeof block !== "object" || block === null || Array.isArray(block)) return block;
  return { ...block, transactions: minedTransactions(context.chain, entry) };
}

export const getBlockByHash: RpcHandler = (params, context) =>
  show(context, byHash(context.chain, params[0]), params[1]);

export const getBlockByNumber: RpcHandler = (params, context) =>
  show(context, byNumber(context.chain, params[0]), params[1]);

export const getBlockTransactionCountByHash: RpcHandler = (params, { chain }) =>
  countOf(byHash(chain, params[0]));

export const getBlockTransactionCountByNumber: RpcHandler = (params, { chain }) =>
  countOf(byNumber(chain, params[0]));

const countOf = (entry: BlockEntry | undefined): Json =>
  entry === undefined ? null : quantity(entry.transactionCount);

/** Proof of stake has no uncles; an unknown block has no count either. */
const noUncles = (entry: BlockEntry | undefined): Json => (entry === undefined ? null : "0x0");

export const uncleMethods: Record<string, RpcHandler> = {
  eth_getUncleCountByBlockHash: (params, { chain }) => noUncles(byHash(chain, params[0])),
  eth_getUncleCountByBlockNumber: (params, { chain }) => noUncles(byNumber(chain, params[0])),
  eth_getUncleByBlockHashAndIndex: () => null,
  eth_getUncleByBlockNumberAndIndex: () => null,
};
