import { decodeErrorResult } from "viem";
import { BLOCK_GAS_LIMIT } from "../execution/genesisFile.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import { quantity } from "./quantity.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { EXECUTION_REVERTED, INVALID_PARAMS, RpcError, SERVER_ERROR } from "./rpcError.ts";

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** The text of `require(…, "text")` and of `Error(string)`, if that is what the data holds. */
function reasonIn(data: Json | undefined): string | undefined {
  if (typeof data !== "string" || !data.startsWith("0x08c379a0")) return undefined;
  try {
    return String(decodeErrorResult({ data: data as `0x${string}`, abi: [] }).args?.[0]);
  } catch {
    return undefined;
  }
}

/** Gives a failed execution the code, message and data every client library understands. */
function revertError(error: RpcError): RpcError {
  if (error.code !== EXECUTION_REVERTED) return error;
  if (error.message !== "revert") return new RpcError(SERVER_ERROR, error.message);
  const reason = reasonIn(error.data);
  return new RpcError(
    EXECUTION_REVERTED,
    `execution reverted${reason === undefined ? "" : `: ${reason}`}`,
    error.data ?? "0x",
  );
}

/** Runs a call at a plain block. Fee fields are left out: the client reads them without `type` as a legacy price. */
export async function runCall(params: Json[], context: RpcContext): Promise<Json> {
  const [transaction, block] = withPlainBlock(context.chain, "eth_call", params);
  if (typeof transaction !== "object" || transaction === null || Array.isArray(transaction)) {
    throw new RpcError(INVALID_PARAMS, "a call is an object");
  }
  const { to, from, value, gas } = transaction;
  const data = transaction.data ?? transaction.input;
  const call = Object.fromEntries(
    Object.entries({ to, from, value, data }).filter(([, field]) => !isEmpty(field)),
  );
  try {
    // Without a limit the client would stop at 16.7 million gas.
    return await context.forward("eth_call", [
      { ...call, gas: gas ?? quantity(BLOCK_GAS_LIMIT) },
      block as Json,
    ]);
  } catch (error) {
    throw error instanceof RpcError ? revertError(error) : error;
  }
}

/** `eth_call`: the client would silently ignore overrides, so they are refused. */
export const call: RpcHandler = (params, context) => {
  if (!isEmpty(params[2]) || !isEmpty(params[3])) {
    throw new RpcError(
      INVALID_PARAMS,
      "state and block overrides are not supported on this devnet: call without them",
    );
  }
  return runCall(params, context);
};
