import { withPlainBlock } from "./blockTags.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/**
 * `pending` must count what waits in the pool, or two quick sends get one nonce. The client does count,
 * but finds the sender only when the address is in lower case.
 */
export const getTransactionCount: RpcHandler = (params, context) => {
  const [address, block] = params;
  if (typeof address !== "string") throw new RpcError(INVALID_PARAMS, "an address is 0x text");
  const plain = [address.toLowerCase(), block ?? "latest"];
  if (block === "pending") return context.forward("eth_getTransactionCount", plain);
  return context.forward(
    "eth_getTransactionCount",
    withPlainBlock(context.chain, "eth_getTransactionCount", plain),
  );
};
