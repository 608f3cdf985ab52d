import type { Block } from "@ethereumjs/block";
import { toJSONRPCTx } from "@ethereumjs/client/dist/esm/src/rpc/helpers.js";
import type { TypedTransaction } from "@ethereumjs/tx";
import { bytesToHex, intToHex } from "@ethereumjs/util";
import type { BlockResult } from "./request.ts";

/** A simulated block as `eth_getBlockByNumber` shows one. @param transactions with their senders, which the block lost */
export function blockJson(
  block: Block,
  transactions: TypedTransaction[],
  whole: boolean,
): BlockResult["block"] {
  const { header, withdrawals } = block.toJSON();
  const { uncleHash, transactionsTrie, receiptTrie, coinbase, ...fields } = header as Record<string, string>;
  return {
    ...fields,
    number: fields.number as string,
    timestamp: fields.timestamp as string,
    hash: bytesToHex(block.hash()),
    sha3Uncles: uncleHash,
    transactionsRoot: transactionsTrie,
    receiptsRoot: receiptTrie,
    miner: coinbase,
    size: intToHex(block.serialize().length),
    transactions: transactions.map((tx, index) =>
      whole
        ? { ...toJSONRPCTx(tx, block, index), blockTimestamp: fields.timestamp, yParity: "0x0" }
        : bytesToHex(tx.hash()),
    ),
    withdrawals,
    uncles: [],
  };
}
