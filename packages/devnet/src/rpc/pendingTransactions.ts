import { recoverTransactionAddress, type TransactionSerialized } from "viem";
import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { Pending, RpcHandler } from "./rpcContext.ts";
import { transactionJson } from "./transactionJson.ts";

const MAX_KEPT = 10_000;

/** Transactions that were sent and are in no block yet: the execution client does not show them. */
export class PendingTransactions implements Pending {
  readonly #raw = new Map<string, string>();

  constructor(chain: Devnet) {
    chain.events.on("block", ({ receipts }) => {
      for (const receipt of receipts) this.#raw.delete(receipt.transactionHash);
    });
  }

  add(hash: string, raw: string): void {
    this.#raw.set(hash, raw);
    if (this.#raw.size > MAX_KEPT) this.#raw.delete(this.#raw.keys().next().value as string);
  }

  async describe(hash: string): Promise<Json> {
    const raw = this.#raw.get(hash);
    if (raw === undefined) return null;
    const serializedTransaction = raw as TransactionSerialized;
    const from = (await recoverTransactionAddress({ serializedTransaction })).toLowerCase();
    return transactionJson(hash, from, raw);
  }

  list(): Promise<Json[]> {
    return Promise.all([...this.#raw.keys()].map((hash) => this.describe(hash)));
  }
}

/** Of everybody: the node has no accounts of its own, to whose transactions others limit the answer. */
export const pendingTransactions: RpcHandler = (_params, { pending }) => pending.list();
