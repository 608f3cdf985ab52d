import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { Pending, PendingTransaction, RpcHandler } from "./rpcContext.ts";
import { transactionJson } from "./transactionJson.ts";

const MAX_KEPT = 10_000;

const turnOf = ({ from, nonce }: PendingTransaction): string => `${from} ${nonce}`;

/** Transactions that were sent and are in no block yet: the execution client does not show them. */
export class PendingTransactions implements Pending {
  readonly #byHash = new Map<string, PendingTransaction>();
  /** Hash by sender and nonce: who takes another's turn takes its place. */
  readonly #byTurn = new Map<string, string>();

  constructor(chain: Devnet) {
    chain.events.on("block", ({ receipts }) => {
      for (const receipt of receipts) this.#remove(receipt.transactionHash);
    });
  }

  add(hash: string, transaction: PendingTransaction): void {
    const replaced = this.#byTurn.get(turnOf(transaction));
    if (replaced !== undefined) this.#remove(replaced);
    this.#byHash.set(hash, transaction);
    this.#byTurn.set(turnOf(transaction), hash);
    if (this.#byHash.size > MAX_KEPT) this.#remove(this.#byHash.keys().next().value as string);
  }

  describe(hash: string): Json {
    const transaction = this.#byHash.get(hash);
    return transaction === undefined ? null : transactionJson(hash, transaction.from, transaction.raw);
  }

  list(): Json[] {
    return [...this.#byHash.keys()].map((hash) => this.describe(hash));
  }

  #remove(hash: string): void {
    const transaction = this.#byHash.get(hash);
    if (transaction === undefined) return;
    this.#byHash.delete(hash);
    this.#byTurn.delete(turnOf(transaction));
  }
}

/** Of everybody: the node has no accounts of its own, to whose transactions others limit the answer. */
export const pendingTransactions: RpcHandler = (_params, { pending }) => pending.list();
