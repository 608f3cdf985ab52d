import type { Json } from "../execution/jsonRpcClient.ts";
import { blockNumberOf } from "./blockTags.ts";
import type { RpcHandler } from "./rpcContext.ts";

/** From the kept receipts: the client runs the whole block again for each one, and gets prices and log indices wrong. */
export const getTransactionReceipt: RpcHandler = (params, { chain }) => {
  const receipt = chain.receipts.ofTransaction(String(params[0]).toLowerCase());
  return (receipt ?? null) as unknown as Json;
};

export const getBlockReceipts: RpcHandler = (params, { chain }) => {
  const number = blockNumberOf(chain, params[0]);
  const entry = number <= chain.head.blockNumber ? chain.blocks.byNumber(number) : undefined;
  if (entry === undefined) return null;
  return chain.receipts.ofBlock(entry.executionHash) as unknown as Json;
};
