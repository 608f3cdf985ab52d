import { quantity } from "./quantity.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";

/** Where tips of the newest block went: the client itself is given no address of its own. */
async function coinbase({ chain, forward }: RpcContext): Promise<string> {
  const block = await forward("eth_getBlockByNumber", [quantity(chain.head.blockNumber), false]);
  return String((block as { miner: string }).miner);
}

const EVERYTHING = { disabled: false, oldestBlock: "0x0" };

/** What tools ask of the node rather than of the chain. */
export const nodeMethods: Record<string, RpcHandler> = {
  eth_accounts: () => [],
  eth_blockNumber: (_params, { chain }) => quantity(chain.head.blockNumber),
  /** Nothing is ever thrown away. */
  eth_capabilities: (_params, { chain }) => ({
    head: { number: quantity(chain.head.blockNumber), hash: chain.head.executionHash },
    ...{ state: EVERYTHING, tx: EVERYTHING, logs: EVERYTHING, receipts: EVERYTHING },
    ...{ blocks: EVERYTHING, stateproofs: EVERYTHING },
  }),
  eth_coinbase: (_params, context) => coinbase(context),
  eth_hashrate: () => "0x0",
  eth_mining: () => false,
  eth_syncing: () => false,
};
