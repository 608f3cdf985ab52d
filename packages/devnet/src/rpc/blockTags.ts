import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { quantity } from "./quantity.ts";
import { INVALID_PARAMS, RpcError, SERVER_ERROR } from "./rpcError.ts";

/** Position of the block parameter of every method that has one. */
const BLOCK_PARAMETER: Record<string, number> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getProof: 2,
  eth_getStorageAt: 2,
  eth_getTransactionCount: 1,
};

/**
 * The number a block parameter stands for. `safe` and `finalized` come from the consensus side, genesis before the first
 * checkpoint; `pending` is the newest block; absent is `latest`. Numbers beyond the head pass unchanged.
 */
export function blockNumberOf(chain: Devnet, parameter: Json | undefined): number {
  if (parameter === undefined || parameter === null) return chain.head.blockNumber;
  if (typeof parameter === "object" && !Array.isArray(parameter)) return numberOfObject(chain, parameter);
  switch (parameter) {
    case "latest":
    case "pending":
      return chain.head.blockNumber;
    case "earliest":
      return 0;
    case "safe":
      return chain.justifiedBlock.blockNumber;
    case "finalized":
      return chain.finalizedBlock.blockNumber;
    default:
      if (typeof parameter === "string" && /^0x[0-9a-fA-F]{64}$/.test(parameter))
        return numberOfHash(chain, parameter);
      if (typeof parameter === "string" && /^0x[0-9a-fA-F]{1,13}$/.test(parameter)) return Number(parameter);
      throw new RpcError(INVALID_PARAMS, `not a block: ${JSON.stringify(parameter)}`);
  }
}

/** EIP-1898: `{blockNumber}` or `{blockHash}`. */
function numberOfObject(chain: Devnet, parameter: { [key: string]: Json }): number {
  if (parameter.blockHash !== undefined) return numberOfHash(chain, String(parameter.blockHash));
  return blockNumberOf(chain, parameter.blockNumber);
}

function numberOfHash(chain: Devnet, hash: string): number {
  const entry = chain.blocks.byExecutionHash(hash.toLowerCase());
  if (entry === undefined) throw new RpcError(SERVER_ERROR, `unknown block ${hash}`);
  return entry.blockNumber;
}

/** The same of a block that is there. @throws RpcError for one beyond the head */
export function knownBlockOf(chain: Devnet, parameter: Json | undefined): number {
  const number = blockNumberOf(chain, parameter);
  if (number > chain.head.blockNumber)
    throw new RpcError(INVALID_PARAMS, `block ${number} is beyond the head`);
  return number;
}

/** Replaces a method's block parameter by a plain number, which is all the execution client is asked for. */
export function withPlainBlock(chain: Devnet, method: string, params: Json[]): Json[] {
  const position = BLOCK_PARAMETER[method];
  if (position === undefined) return params;
  const plain = [...params];
  plain[position] = quantity(blockNumberOf(chain, params[position]));
  return plain;
}
