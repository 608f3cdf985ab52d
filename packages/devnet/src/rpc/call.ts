import { BLOCK_GAS_LIMIT } from "../execution/genesisFile.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import { quantity } from "./quantity.ts";
import { failedCall } from "./revertError.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { EXECUTION_REVERTED, INVALID_PARAMS, RpcError } from "./rpcError.ts";
import { needsSimulation, simulatedCall } from "./simulatedCall.ts";

/** Runs a call at a plain block. Fee fields are left out: the client reads them without `type` as a legacy price. */
export async function runCall(params: Json[], context: RpcContext): Promise<Json> {
  const [transaction, block] = withPlainBlock(context.chain, "eth_call", params);
  if (typeof transaction !== "object" || transaction === null || Array.isArray(transaction)) {
    throw new RpcError(INVALID_PARAMS, "a call is an object");
  }
  const { to, from, value, gas } = transaction;
  const data = transaction.data ?? transaction.input;
  const call = Object.fromEntries(
    Object.entries({ to, from, value, data }).filter(([, field]) => field !== undefined && field !== null),
  );
  try {
    // Without a limit the client would stop at 16.7 million gas.
    return await context.forward("eth_call", [
      { ...call, gas: gas ?? quantity(BLOCK_GAS_LIMIT) },
      block as Json,
    ]);
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== EXECUTION_REVERTED) throw error;
    throw failedCall(error.message, error.data);
  }
}

/** `eth_call`: the client's own, unless there is something in the call that it would silently ignore. */
export const call: RpcHandler = async (params, context) => {
  if (!needsSimulation(params)) return runCall(params, context);
  const { succeeded, failure, returnData } = await simulatedCall(params, context);
  if (!succeeded) throw failedCall(failure as string, returnData);
  return returnData;
};
