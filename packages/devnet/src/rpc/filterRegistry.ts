import { randomBytes } from "node:crypto";
import type { BlockEvent } from "../chain/chainEvents.ts";
import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { type LogFilter, matchesLog } from "../storage/logIndex.ts";
import { parseLogFilter } from "./getLogs.ts";
import type { FilterKind, Filters, RpcHandler } from "./rpcContext.ts";
import { RpcError, SERVER_ERROR } from "./rpcError.ts";

interface Filter {
  kind: FilterKind;
  changes: Json[];
  /** For getFilterLogs. */
  definition: Json | undefined;
  match: LogFilter | undefined;
  usedAt: number;
}

/** A filter nobody asked for this long is forgotten. */
const IDLE_MS = 5 * 60_000;

/** Polled filters, which the execution client does not have. */
export class FilterRegistry implements Filters {
  readonly #chain: Devnet;
  readonly #filters = new Map<string, Filter>();

  constructor(chain: Devnet) {
    this.#chain = chain;
    chain.events.on("block", (event) => this.#onBlock(event));
    chain.events.on("transaction", (hash) => {
      for (const filter of this.#filters.values())
        if (filter.kind === "transactions") filter.changes.push(hash);
    });
  }

  create(kind: FilterKind, definition?: Json): string {
    const match = kind === "logs" ? parseLogFilter(this.#chain, openEnded(definition)) : undefined;
    const id = `0x${randomBytes(16).toString("hex")}`;
    this.#filters.set(id, { kind, changes: [], definition, match, usedAt: Date.now() });
    return id;
  }

  changes(id: Json | undefined): Json[] {
    return this.#get(id).changes.splice(0);
  }

  logs(id: Json | undefined): Json[] {
    const filter = this.#get(id);
    if (filter.kind !== "logs") throw new RpcError(SERVER_ERROR, "filter not found: it is not a log filter");
    return this.#chain.receipts.logs.find(
      parseLogFilter(this.#chain, filter.definition),
    ) as unknown as Json[];
  }

  remove(id: Json | undefined): boolean {
    return this.#filters.delete(String(id));
  }

  #get(id: Json | undefined): Filter {
    const filter = this.#filters.get(String(id));
    if (filter === undefined) throw new RpcError(SERVER_ERROR, "filter not found");
    filter.usedAt = Date.now();
    return filter;
  }

  #onBlock(event: BlockEvent): void {
    const now = Date.now();
    for (const [id, filter] of this.#filters) {
      if (now - filter.usedAt > IDLE_MS) this.#filters.delete(id);
      else if (filter.kind === "blocks") filter.changes.push(event.entry.executionHash);
      else if (filter.match !== undefined) this.#collect(filter, filter.match, event);
    }
  }

  #collect(filter: Filter, match: LogFilter, event: BlockEvent): void {
    const number = event.entry.blockNumber;
    if (number < match.fromBlock || number > match.toBlock) return;
    for (const receipt of event.receipts) {
      for (const log of receipt.logs) if (matchesLog(log, match)) filter.changes.push(log as unknown as Json);
    }
  }
}

/** `toBlock: "latest"` of a filter means "from now on", not "up to the block that is newest now". */
function openEnded(definition: Json | undefined): Json {
  const object = { ...((definition ?? {}) as { [key: string]: Json }) };
  if (object.toBlock === undefined || object.toBlock === "latest" || object.toBlock === "pending") {
    object.toBlock = "0xfffffffffffff";
  }
  return object;
}

export const filterMethods: Record<string, RpcHandler> = {
  eth_newFilter: (params, { filters }) => filters.create("logs", params[0]),
  eth_newBlockFilter: (_params, { filters }) => filters.create("blocks"),
  eth_newPendingTransactionFilter: (_params, { filters }) => filters.create("transactions"),
  eth_getFilterChanges: (params, { filters }) => filters.changes(params[0]),
  eth_getFilterLogs: (params, { filters }) => filters.logs(params[0]),
  eth_uninstallFilter: (params, { filters }) => filters.remove(params[0]),
};
