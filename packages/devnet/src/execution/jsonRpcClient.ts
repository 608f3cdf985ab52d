import http from "node:http";
import { DevnetError } from "../errors/devnetError.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface JsonRpcRequest {
  jsonrpc?: string;
  id?: number | string | null;
  method: string;
  params?: Json[];
}

export interface JsonRpcErrorObject {
  code: number;
  message: string;
  data?: Json;
}

export interface JsonRpcResponse {
  jsonrpc: "2.0";
  id: number | string | null;
  result?: Json;
  error?: JsonRpcErrorObject;
}

/** JSON-RPC over one kept-alive connection pool to the execution client on loopback. */
export class JsonRpcClient {
  readonly url: string;
  readonly #agent: http.Agent;
  #nextId = 1;

  constructor(url: string, maxSockets = 8) {
    this.url = url;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets });
  }

  /**
   * One call; the result is trusted to have the shape `T`, for the other side is our own child process.
   * @throws DevnetError `execution-client-refused` with `details.error` = the JSON-RPC error object
   */
  async call<T = Json>(method: string, params: unknown[] = []): Promise<T> {
    const response = await this.send({ jsonrpc: "2.0", method, params: params as Json[] });
    if (response.error !== undefined) {
      throw new DevnetError("execution-client-refused", `${method}: ${response.error.message}`, {
        details: { error: response.error },
      });
    }
    return response.result as T;
  }

  /** One request; errors of the other side come back as the JSON-RPC answer they are. */
  send(request: JsonRpcRequest): Promise<JsonRpcResponse> {
    const body = JSON.stringify({ ...request, jsonrpc: "2.0", id: this.#nextId++ });
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) =>
        reject(
          new DevnetError(
            "execution-client-failed",
            `the execution client did not answer ${request.method}`,
            {
              cause,
              retryable: true,
            },
          ),
        );
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const call = http.request(this.url, { method: "POST", agent: this.#agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", fail);
        answer.on("end", () => {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString()) as JsonRpcResponse);
          } catch (cause) {
            fail(cause);
          }
        });
      });
      call.on("error", fail);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
