import { computeEpochAtSlot } from "@lodestar/state-transition";
import type { JsonRpcClient } from "../execution/jsonRpcClient.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import type { ReceiptStore } from "../storage/receiptStore.ts";
import type { RpcReceipt } from "../storage/receiptTypes.ts";
import type { BlockEvent } from "./chainEvents.ts";

/** Gets a block's receipts, from disk when an earlier process had them. The block must be canonical in the client. */
export async function receiptsOf(
  rpc: JsonRpcClient,
  store: ReceiptStore,
  entry: BlockEntry,
): Promise<RpcReceipt[]> {
  if (entry.transactionCount === 0) return [];
  const stored = store.stored(entry.executionHash);
  if (stored !== undefined) return stored;
  return rpc.call<RpcReceipt[]>("eth_blockReceipts", [`0x${entry.blockNumber.toString(16)}`]);
}

export function blockEvent(entry: BlockEntry, previousSlot: number, receipts: RpcReceipt[]): BlockEvent {
  return {
    entry,
    receipts,
    epochTransition: computeEpochAtSlot(entry.slot) > computeEpochAtSlot(previousSlot),
  };
}
