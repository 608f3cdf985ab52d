import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";

export type FilterKind = "logs" | "blocks" | "transactions";

/** Polled filters. @throws RpcError for an unknown id or a wrong definition */
export interface Filters {
  create(kind: FilterKind, definition?: Json): string;
  /** What happened since the last call. */
  changes(id: Json | undefined): Json[];
  /** All logs of a log filter, from its first block on. */
  logs(id: Json | undefined): Json[];
  remove(id: Json | undefined): boolean;
}

export interface PendingTransaction {
  raw: string;
  /** Lower case. */
  from: string;
  nonce: number;
}

/** Transactions that were sent and are in no block yet. */
export interface Pending {
  /** Takes the place of one with the same sender and nonce, as the client has it. */
  add(hash: string, transaction: PendingTransaction): void;
  /** As `eth_getTransactionByHash` shows one; null when it does not wait. */
  describe(hash: string): Json;
  /** All of them, in the order in which they were sent. */
  list(): Json[];
}

/** Subscriptions of one WebSocket connection. */
export interface SocketSubscriptions {
  add(kind: Json | undefined, filter: Json | undefined): string;
  remove(id: Json | undefined): boolean;
}

/** What a method's handler may use. The parts are declared here and made elsewhere, so that nothing imports in a circle. */
export interface RpcContext {
  chain: Devnet;
  filters: Filters;
  pending: Pending;
  /** Asks the execution client. @throws RpcError with its error object */
  forward(method: string, params: Json[]): Promise<Json>;
  /** Only over WebSocket. */
  subscriptions?: SocketSubscriptions;
}

export type RpcHandler = (params: Json[], context: RpcContext) => Promise<Json> | Json;
