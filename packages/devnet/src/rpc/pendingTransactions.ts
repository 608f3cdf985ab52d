import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from "viem";
import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { quantity, type RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError, SERVER_ERROR } from "./rpcError.ts";

const MAX_KEPT = 10_000;

/** Transactions that were sent and are in no block yet: the execution client does not show them. */
export class PendingTransactions {
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

  /** As `eth_getTransactionByHash` shows a transaction that waits. */
  async describe(hash: string): Promise<Json> {
    const raw = this.#raw.get(hash);
    if (raw === undefined) return null;
    const serializedTransaction = raw as TransactionSerialized;
    const tx = parseTransaction(serializedTransaction);
    const type = { legacy: 0, eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4 }[tx.type as "legacy"];
    return {
      hash,
      blockHash: null,
      blockNumber: null,
      transactionIndex: null,
      from: (await recoverTransactionAddress({ serializedTransaction })).toLowerCase(),
      to: tx.to ?? null,
      value: quantity(tx.value ?? 0n),
      input: tx.data ?? "0x",
      nonce: quantity(tx.nonce ?? 0),
      gas: quantity(tx.gas ?? 0n),
      gasPrice: quantity(tx.maxFeePerGas ?? tx.gasPrice ?? 0n),
      ...(tx.maxFeePerGas === undefined ? {} : { maxFeePerGas: quantity(tx.maxFeePerGas) }),
      ...(tx.maxFeePerGas === undefined
        ? {}
        : { maxPriorityFeePerGas: quantity(tx.maxPriorityFeePerGas ?? 0n) }),
      ...(tx.chainId === undefined ? {} : { chainId: quantity(tx.chainId) }),
      type: quantity(type ?? 0),
      v: quantity(tx.v ?? BigInt(tx.yParity ?? 0)),
      r: tx.r ?? "0x0",
      s: tx.s ?? "0x0",
    };
  }
}

/** Phrases of the execution client, and the ones that client libraries look for. */
const PHRASES: [RegExp, string][] = [
  [/nonce too low/, "nonce too low"],
  [/insufficient balance/, "insufficient funds for gas * price + value"],
  [/already in the TxPool/, "already known"],
  [/replacement (blob )?gas too low/, "replacement transaction underpriced"],
  [/exceeds block gas limit/, "exceeds block gas limit"],
  [/base cost|intrinsic|minimum.*gas/i, "intrinsic gas too low"],
];

export const sendRawTransaction: RpcHandler = async (params, context) => {
  const raw = params[0];
  if (typeof raw !== "string" || !/^0x([0-9a-fA-F]{2})+$/.test(raw)) {
    throw new RpcError(INVALID_PARAMS, "a raw transaction is 0x text");
  }
  try {
    const hash = String(await context.forward("eth_sendRawTransaction", [raw]));
    context.pending.add(hash, raw);
    context.chain.events.emit("transaction", hash);
    return hash;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const phrase = PHRASES.find(([pattern]) => pattern.test(error.message))?.[1];
    throw new RpcError(SERVER_ERROR, phrase === undefined ? error.message : `${phrase}: ${error.message}`, {
      hash: keccak256(raw as `0x${string}`),
    });
  }
};

/** Also finds what waits in the pool, and shows the price a mined transaction really paid. */
export const getTransactionByHash: RpcHandler = async (params, context) => {
  const hash = String(params[0]).toLowerCase();
  const receipt = context.chain.receipts.ofTransaction(hash);
  if (receipt === undefined) return context.pending.describe(hash);
  const transaction = (await context.forward("eth_getTransactionByHash", [hash])) as {
    [key: string]: Json;
  } | null;
  return transaction === null ? null : { ...transaction, gasPrice: receipt.effectiveGasPrice };
};
