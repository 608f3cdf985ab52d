import type { Json } from "../execution/jsonRpcClient.ts";
import { revertMessage } from "./revertError.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { simulatedCall } from "./simulatedCall.ts";

/** A list may change what is executed, and so itself; it only grows. */
const MAX_ROUNDS = 10;

/** Runs the transaction with the list that the run before it found, until the list stays the same. */
export const createAccessList: RpcHandler = async (params, context) => {
  let transaction = (params[0] ?? {}) as { [key: string]: Json };
  for (let round = 1; ; round++) {
    const result = await simulatedCall([transaction, ...params.slice(1)], context);
    const accessList = result.accessList as unknown as Json;
    if (round < MAX_ROUNDS && JSON.stringify(accessList) !== JSON.stringify(transaction.accessList ?? [])) {
      transaction = { ...transaction, accessList };
      continue;
    }
    const { succeeded, gasUsed, returnData, failure } = result;
    if (succeeded) return { accessList, gasUsed };
    const error = failure === "revert" ? revertMessage(returnData) : (failure as string);
    return { accessList, gasUsed, error };
  }
};
