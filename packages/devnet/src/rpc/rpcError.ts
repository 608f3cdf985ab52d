import type { Json, JsonRpcErrorObject } from "../execution/jsonRpcClient.ts";

export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL = -32603;
export const PARSE_FAILED = -32700;
export const SERVER_ERROR = -32000;
/** What clients take as "the contract reverted"; the data is in `error.data`. */
export const EXECUTION_REVERTED = 3;

/** An answer that is a JSON-RPC error object. Never leaves the proxy as an exception. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: Json | undefined;

  constructor(code: number, message: string, data?: Json) {
    super(message);
    this.code = code;
    this.data = data;
  }

  toJson(): JsonRpcErrorObject {
    return {
      code: this.code,
      message: this.message,
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}
