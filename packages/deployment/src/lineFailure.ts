import { BaseError, HttpRequestError, RpcRequestError, TimeoutError } from "viem";

/** Codes of JSON-RPC that tell of the node and not of the chain (EIP-1474): limits, missing resources, internal errors. */
const NODE_CODES = new Set([-32_001, -32_002, -32_005, -32_603]);

/** Whether the node could not be asked: then nothing is known of the chain. */
export function isLineFailure(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const found = error.walk(
    (cause) =>
      cause instanceof HttpRequestError ||
      cause instanceof TimeoutError ||
      (cause instanceof RpcRequestError && NODE_CODES.has(cause.code)),
  );
  return found !== null;
}
