import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import type { BlockEntry } from "./blockStore.ts";
import { LogIndex } from "./logIndex.ts";
import type { RpcReceipt } from "./receiptTypes.ts";

interface StoredBlock {
  blockHash: string;
  receipts: RpcReceipt[];
}

/** Receipts of all transactions and the index of their logs; on disk one JSON line for each block that has some. */
export class ReceiptStore {
  readonly logs = new LogIndex();
  readonly #file: number;
  readonly #byBlock = new Map<string, RpcReceipt[]>();
  readonly #byTransaction = new Map<string, RpcReceipt>();
  /** Read from disk, not yet claimed by a block of the chain. */
  readonly #stored = new Map<string, RpcReceipt[]>();

  constructor(path: string) {
    if (existsSync(path)) this.#load(readFileSync(path, "utf8"));
    this.#file = openSync(path, "a");
  }

  /** Receipts kept for a block by an earlier process. */
  stored(blockHash: string): RpcReceipt[] | undefined {
    return this.#stored.get(blockHash);
  }

  /** Adds a block's receipts in the order of blocks. Those of blocks that were stored before are not written again. */
  add(entry: BlockEntry, receipts: RpcReceipt[]): void {
    if (receipts.length === 0) return;
    if (!this.#stored.delete(entry.executionHash)) {
      const line: StoredBlock = { blockHash: entry.executionHash, receipts };
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
    }
    this.#byBlock.set(entry.executionHash, receipts);
    for (const receipt of receipts) {
      this.#byTransaction.set(receipt.transactionHash, receipt);
      this.logs.add(receipt.logs);
    }
  }

  ofTransaction(hash: string): RpcReceipt | undefined {
    return this.#byTransaction.get(hash);
  }

  ofBlock(blockHash: string): RpcReceipt[] {
    return this.#byBlock.get(blockHash) ?? [];
  }

  close(): void {
    closeSync(this.#file);
  }

  #load(text: string): void {
    for (const line of text.split("\n")) {
      if (line === "") continue;
      try {
        const block = JSON.parse(line) as StoredBlock;
        this.#stored.set(block.blockHash, block.receipts);
      } catch {
        // A line torn by a crash: that block's receipts are asked for again.
      }
    }
  }
}
