import type { IncomingHttpHeaders } from "node:http";
import type { Devnet } from "../chain/devnet.ts";
import { badRequest } from "./apiError.ts";

export interface ApiRequest {
  chain: Devnet;
  /** Named parts of the path, decoded. */
  path: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Parsed JSON of a POST; undefined when there was none. */
  body: unknown;
  /** What the Accept header prefers. */
  wantsSsz: boolean;
}

export interface ApiReply {
  /** 200 when absent. */
  status?: number;
  json?: unknown;
  ssz?: Uint8Array;
  headers?: Record<string, string>;
}

export interface Route {
  method: "GET" | "POST";
  /** With parts such as {state_id}. */
  path: string;
  handle(request: ApiRequest): ApiReply | Promise<ApiReply>;
}

/** Values of a query parameter that may be repeated or separated by commas. */
export function queryList(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(","))
    .filter((value) => value !== "");
}

/** A number of the query, or undefined. @throws ApiError 400 */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Invalid ${name}: ${text}`);
  return Number(text);
}
