/**
 * One more method of the client: a block's receipts as they were stored when it was executed. The client's own
 * `eth_getBlockReceipts` executes the block once more, counts logs wrongly and takes the tip for the whole price of gas.
 */
import type { Block } from "@ethereumjs/block";
import type { TypedTransaction } from "@ethereumjs/tx";
import { bigIntToHex, bytesToHex, createContractAddress, intToHex } from "@ethereumjs/util";
import type { RpcReceipt } from "../../storage/receiptTypes.ts";
import { addClientMethod } from "../addClientMethod.ts";

/** As the client keeps it; gas of this and all transactions before it in the block. */
interface StoredReceipt {
  status: number;
  cumulativeBlockGasUsed: bigint;
  bitvector: Uint8Array;
  logs: [address: Uint8Array, topics: Uint8Array[], data: Uint8Array][];
}

/** The private parts of the module that are used here. */
interface EthInternals {
  _chain: { getBlock(number: bigint): Promise<Block> };
  receiptsManager: {
    getReceipts(blockHash: Uint8Array, withBloom: true): Promise<StoredReceipt[]>;
  };
}

function receiptsOf(block: Block, stored: StoredReceipt[]): RpcReceipt[] {
  const { number, baseFeePerGas = 0n, timestamp } = block.header;
  const place = { blockHash: bytesToHex(block.hash()), blockNumber: bigIntToHex(number) };
  let gasBefore = 0n;
  let logIndex = 0;
  return stored.map((receipt, index) => {
    const tx = block.transactions[index] as TypedTransaction;
    const sender = tx.getSenderAddress();
    const here = { ...place, transactionHash: bytesToHex(tx.hash()), transactionIndex: intToHex(index) };
    const gasUsed = receipt.cumulativeBlockGasUsed - gasBefore;
    gasBefore = receipt.cumulativeBlockGasUsed;
    return {
      ...here,
      from: sender.toString(),
      to: tx.to?.toString() ?? null,
      cumulativeGasUsed: bigIntToHex(receipt.cumulativeBlockGasUsed),
      effectiveGasPrice: bigIntToHex(baseFeePerGas + tx.getEffectivePriorityFee(baseFeePerGas)),
      gasUsed: bigIntToHex(gasUsed),
      contractAddress: tx.to === undefined ? createContractAddress(sender, tx.nonce).toString() : null,
      logs: receipt.logs.map(([address, topics, data]) => ({
        ...here,
        address: bytesToHex(address),
        topics: topics.map((topic) => bytesToHex(topic)),
        data: bytesToHex(data),
        blockTimestamp: bigIntToHex(timestamp),
        logIndex: intToHex(logIndex++),
        removed: false,
      })),
      logsBloom: bytesToHex(receipt.bitvector),
      status: intToHex(receipt.status),
      type: intToHex(tx.type),
    };
  });
}

addClientMethod<EthInternals, string>("blockReceipts", async ({ _chain, receiptsManager }, blockNumber) => {
  const block = await _chain.getBlock(BigInt(blockNumber));
  return receiptsOf(block, await receiptsManager.getReceipts(block.hash(), true));
});
