import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/** A storage key as 32 bytes; short quantities such as 0x0 are allowed, the client wants whole bytes. */
function storageKey(value: Json | undefined): string {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) {
    throw new RpcError(INVALID_PARAMS, "a storage key is 0x text of at most 32 bytes");
  }
  return `0x${value.slice(2).padStart(64, "0")}`;
}

export const getStorageAt: RpcHandler = (params, context) => {
  const plain = withPlainBlock(context.chain, "eth_getStorageAt", params);
  plain[1] = storageKey(params[1]);
  return context.forward("eth_getStorageAt", plain);
};

export const getProof: RpcHandler = (params, context) => {
  const plain = withPlainBlock(context.chain, "eth_getProof", params);
  plain[1] = Array.isArray(params[1]) ? params[1].map(storageKey) : [];
  return context.forward("eth_getProof", plain);
};
