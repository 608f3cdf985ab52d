import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from "viem";
import type { PendingTransaction, RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError, SERVER_ERROR } from "./rpcError.ts";

/** First byte of a blob transaction (EIP-4844). */
const BLOB_TYPE = "0x03";

/** Phrases of the execution client, and the ones that client libraries look for. */
const PHRASES: [RegExp, string][] = [
  [/nonce too low/, "nonce too low"],
  [/insufficient balance/, "insufficient funds for gas * price + value"],
  [/already in the TxPool/, "already known"],
  [/replacement (blob )?gas too low/, "replacement transaction underpriced"],
  [/exceeds block gas limit/, "exceeds block gas limit"],
  [/base cost|intrinsic|minimum.*gas/i, "intrinsic gas too low"],
];

/** @throws RpcError when the bytes are no signed transaction */
async function signedTransaction(raw: string): Promise<PendingTransaction> {
  const serializedTransaction = raw as TransactionSerialized;
  try {
    const { nonce } = parseTransaction(serializedTransaction);
    const from = await recoverTransactionAddress({ serializedTransaction });
    return { raw, from: from.toLowerCase(), nonce: nonce ?? 0 };
  } catch (error) {
    const { shortMessage, message } = error as Error & { shortMessage?: string };
    throw new RpcError(SERVER_ERROR, `not a signed transaction: ${shortMessage ?? message}`);
  }
}

/** @throws RpcError in the words that client libraries know */
export const sendRawTransaction: RpcHandler = async (params, context) => {
  const raw = params[0];
  if (typeof raw !== "string" || !/^0x([0-9a-fA-F]{2})+$/.test(raw)) {
    throw new RpcError(INVALID_PARAMS, "a raw transaction is 0x text");
  }
  if (raw.startsWith(BLOB_TYPE)) {
    throw new RpcError(
      INVALID_PARAMS,
      "blob transactions are not served: no block of this chain carries blobs",
    );
  }
  // before it is sent: once the client has it, it may be mined at any time
  const transaction = await signedTransaction(raw);
  try {
    const hash = String(await context.forward("eth_sendRawTransaction", [raw]));
    context.pending.add(hash, transaction);
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
