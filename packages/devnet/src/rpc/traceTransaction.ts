import type { Json } from "../execution/jsonRpcClient.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/** The client fails without a configuration, and on tracers by name with its own words. */
export const traceTransaction: RpcHandler = (params, { forward }) => {
  const config = (params[1] ?? {}) as { [key: string]: Json };
  if (config.tracer !== undefined) {
    const message = `the tracer ${JSON.stringify(config.tracer)} is not served: only steps of opcodes are, without "tracer"`;
    throw new RpcError(INVALID_PARAMS, message);
  }
  // The client copies the whole storage of the contract at every step, not what the step touched: seconds to minutes.
  return forward("debug_traceTransaction", [params[0] as Json, { disableStorage: true, ...config }]);
};
