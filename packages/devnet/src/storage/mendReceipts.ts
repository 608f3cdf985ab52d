import { parseTransaction } from "viem";
import type { BlockEntry } from "./blockStore.ts";
import type { RpcReceipt } from "./receiptTypes.ts";

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/** Price actually paid per gas, in wei. EthereumJS reports the tip alone for fee-market transactions. */
function effectiveGasPrice(raw: string, baseFeePerGas: bigint): bigint {
  const tx = parseTransaction(raw as `0x${string}`);
  if (tx.maxFeePerGas === undefined) return tx.gasPrice ?? 0n;
  const withTip = baseFeePerGas + (tx.maxPriorityFeePerGas ?? 0n);
  return withTip < tx.maxFeePerGas ? withTip : tx.maxFeePerGas;
}

/**
 * Puts right what the execution client gets wrong in the receipts of a block:
 * log indices count through the block (not from the transaction's index), prices include the base fee,
 * and logs carry the block's timestamp.
 */
export function mendReceipts(
  entry: BlockEntry,
  rawTransactions: string[],
  receipts: RpcReceipt[],
): RpcReceipt[] {
  let logIndex = 0;
  return receipts.map((receipt, index) => ({
    ...receipt,
    effectiveGasPrice: hex(effectiveGasPrice(rawTransactions[index] as string, entry.baseFeePerGas)),
    logs: receipt.logs.map((log) => ({
      ...log,
      logIndex: hex(logIndex++),
      blockTimestamp: hex(entry.timestamp),
    })),
  }));
}
