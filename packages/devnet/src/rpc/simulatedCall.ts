import type { Json } from "../execution/jsonRpcClient.ts";
import type { CallRequest, CallResult, SimulatedTransaction } from "../execution/simulation/request.ts";
import { knownBlockOf } from "./blockTags.ts";
import { blockOverridesSchema, stateOverridesSchema, transactionSchema } from "./callSchemas.ts";
import { parseParam } from "./parseParam.ts";
import { quantity } from "./quantity.ts";
import { plainRefusalOf } from "./refusals.ts";
import type { RpcContext } from "./rpcContext.ts";
import { RpcError } from "./rpcError.ts";

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** Whether a call has what the client's own methods silently ignore: overrides, or authorizations of EIP-7702. */
export function needsSimulation(params: Json[]): boolean {
  const transaction = (params[0] ?? {}) as { [key: string]: Json };
  return !isEmpty(params[2]) || !isEmpty(params[3]) || !isEmpty(transaction.authorizationList);
}

/** Fees are left out: a simulated call pays the base fee out of what it is given for it. */
function transactionOf(value: Json | undefined): SimulatedTransaction {
  const { input, data, gasPrice, maxFeePerGas, maxPriorityFeePerGas, nonce, ...rest } = parseParam(
    transactionSchema,
    value ?? {},
  );
  const bytes = data ?? input;
  return bytes === undefined ? rest : { ...rest, data: bytes };
}

/**
 * Runs `[transaction, block, state overrides, block overrides]` in the client's process, as a transaction in that block.
 * @throws RpcError when it could not be one; one that ran and failed is a result
 */
export async function simulatedCall(params: Json[], context: RpcContext): Promise<CallResult> {
  const request: CallRequest = {
    blockNumber: quantity(knownBlockOf(context.chain, params[1])),
    transaction: transactionOf(params[0]),
    accounts: parseParam(stateOverridesSchema, params[2] ?? {}),
    block: parseParam(blockOverridesSchema, params[3] ?? {}),
  };
  try {
    return (await context.forward("eth_simulateCall", [request as unknown as Json])) as unknown as CallResult;
  } catch (error) {
    throw error instanceof RpcError ? plainRefusalOf(error) : error;
  }
}
