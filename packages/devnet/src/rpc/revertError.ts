import { decodeErrorResult } from "viem";
import type { Json } from "../execution/jsonRpcClient.ts";
import { EXECUTION_REVERTED, RpcError, SERVER_ERROR } from "./rpcError.ts";

/** The text of `require(…, "text")` and of `Error(string)`, if that is what the data holds. */
function reasonIn(data: Json | undefined): string | undefined {
  if (typeof data !== "string" || !data.startsWith("0x08c379a0")) return undefined;
  try {
    return String(decodeErrorResult({ data: data as `0x${string}`, abi: [] }).args?.[0]);
  } catch {
    return undefined;
  }
}

/** What every client library looks for in a call that reverted. */
export function revertMessage(data: Json | undefined): string {
  const reason = reasonIn(data);
  return `execution reverted${reason === undefined ? "" : `: ${reason}`}`;
}

/** A failed execution with the code, message and data that client libraries understand. @param failure the machine's word */
export function failedCall(failure: string, data: Json | undefined): RpcError {
  if (failure !== "revert") return new RpcError(SERVER_ERROR, failure);
  return new RpcError(EXECUTION_REVERTED, revertMessage(data), data ?? "0x");
}
