import { randomBytes } from "node:crypto";
import type { BlockEvent } from "../chain/chainEvents.ts";
import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { matchesLog } from "../storage/logIndex.ts";
import { parseLogMatch } from "./getLogs.ts";
import { quantity } from "./quantity.ts";
import type { RpcHandler, SocketSubscriptions } from "./rpcContext.ts";
import { INVALID_PARAMS, METHOD_NOT_FOUND, RpcError } from "./rpcError.ts";

type Notify = (subscription: string, result: Json) => void;

const BODY_FIELDS = ["transactions", "uncles", "withdrawals", "size", "totalDifficulty"];

/** `eth_subscribe` of one WebSocket connection. Notifications of a block come in order, after it is readable. */
export class Subscriptions implements SocketSubscriptions {
  readonly #chain: Devnet;
  readonly #notify: Notify;
  readonly #cancels = new Map<string, () => void>();

  constructor(chain: Devnet, notify: Notify) {
    this.#chain = chain;
    this.#notify = notify;
  }

  add(kind: Json | undefined, filter: Json | undefined): string {
    const id = `0x${randomBytes(16).toString("hex")}`;
    if (kind === "newHeads") this.#cancels.set(id, this.#heads(id));
    else if (kind === "logs") this.#cancels.set(id, this.#logs(id, filter));
    else if (kind === "newPendingTransactions") this.#cancels.set(id, this.#transactions(id));
    else throw new RpcError(INVALID_PARAMS, `cannot subscribe to ${JSON.stringify(kind)}`);
    return id;
  }

  remove(id: Json | undefined): boolean {
    const cancel = this.#cancels.get(String(id));
    cancel?.();
    return this.#cancels.delete(String(id));
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #heads(id: string): () => void {
    const { events, executionRpc } = this.#chain;
    // One after the other: the header is fetched, and fetches may overtake each other.
    let queue: Promise<void> = Promise.resolve();
    const listener = ({ entry }: BlockEvent): void => {
      queue = queue
        .then(async () => {
          const params = [quantity(entry.blockNumber), false];
          const block = await executionRpc.call<{ [key: string]: Json }>("eth_getBlockByNumber", params);
          this.#notify(
            id,
            Object.fromEntries(Object.entries(block).filter(([key]) => !BODY_FIELDS.includes(key))),
          );
        })
        .catch((error: unknown) =>
          this.#chain.logger.warn({ err: error }, "a newHeads notification was lost"),
        );
    };
    events.on("block", listener);
    return () => events.off("block", listener);
  }

  #logs(id: string, filter: Json | undefined): () => void {
    const match = parseLogMatch(filter);
    const { events } = this.#chain;
    const listener = ({ receipts }: BlockEvent): void => {
      for (const receipt of receipts) {
        for (const log of receipt.logs) if (matchesLog(log, match)) this.#notify(id, log as unknown as Json);
      }
    };
    events.on("block", listener);
    return () => events.off("block", listener);
  }

  #transactions(id: string): () => void {
    const { events } = this.#chain;
    const listener = (hash: string): void => this.#notify(id, hash);
    events.on("transaction", listener);
    return () => events.off("transaction", listener);
  }
}

export const subscriptionMethods: Record<string, RpcHandler> = {
  eth_subscribe: (params, { subscriptions }) => overSocket(subscriptions).add(params[0], params[1]),
  eth_unsubscribe: (params, { subscriptions }) => overSocket(subscriptions).remove(params[0]),
};

function overSocket(subscriptions: SocketSubscriptions | undefined): SocketSubscriptions {
  if (subscriptions === undefined)
    throw new RpcError(METHOD_NOT_FOUND, "subscriptions need a WebSocket connection");
  return subscriptions;
}
