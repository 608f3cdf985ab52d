import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { FilterRegistry } from "./filterRegistry.ts";
import type { PendingTransactions } from "./pendingTransactions.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What a method's handler may use. */
export interface RpcContext {
  chain: Devnet;
  filters: FilterRegistry;
  pending: PendingTransactions;
  /** Asks the execution client. @throws RpcError with its error object */
  forward(method: string, params: Json[]): Promise<Json>;
  /** Only over WebSocket. */
  subscriptions?: Subscriptions;
}

export type RpcHandler = (params: Json[], context: RpcContext) => Promise<Json> | Json;

export const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;
