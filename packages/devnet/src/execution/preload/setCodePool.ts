/** Teaches the client's pool transactions of type 4 (EIP-7702): it executes them, but refuses to keep them. */
import { TxPool } from "@ethereumjs/client/dist/esm/src/service/txpool.js";

const SET_CODE_TYPE = 4;

interface PooledTransaction {
  type: number;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** The private part of the pool that is touched here; prices in wei. */
interface PoolInternals {
  txGasPrice(tx: PooledTransaction): { maxFee: bigint; tip: bigint };
}

const pool = TxPool.prototype as unknown as PoolInternals;
const priceOf = pool.txGasPrice;

pool.txGasPrice = function (this: PoolInternals, tx: PooledTransaction) {
  if (tx.type === SET_CODE_TYPE) return { maxFee: tx.maxFeePerGas, tip: tx.maxPriorityFeePerGas };
  return priceOf.call(this, tx);
};
