import type { RpcHandler } from "./rpcContext.ts";
import { METHOD_NOT_FOUND, RpcError } from "./rpcError.ts";

const NO_KEYS = "this node holds no keys: sign in a wallet and send the bytes with eth_sendRawTransaction";
const NO_COMPILER = "nodes carry no compilers any more: compile with solc";
const NO_MINING = "nothing is mined under proof of stake: blocks come from this chain's own driver";
const NO_CONTROL =
  "the execution client follows the consensus side alone: steer the chain through its control port";

/** Methods that other nodes have, or had, and that have nothing to say here: each with what to use instead. */
const REFUSED: Record<string, string> = {
  eth_sendTransaction: NO_KEYS,
  eth_sign: NO_KEYS,
  eth_signTransaction: NO_KEYS,
  eth_signTypedData_v4: NO_KEYS,
  eth_fillTransaction:
    "not served: ask eth_getTransactionCount, eth_estimateGas and eth_feeHistory for what is missing",
  eth_config: "not served: the forks are those of /eth/v1/config/fork_schedule of the Beacon API",
  eth_getBlockAccessList:
    "not served: blocks have no access lists before Amsterdam, and this chain is at Prague",
  eth_compileSolidity: NO_COMPILER,
  eth_compileLLL: NO_COMPILER,
  eth_compileSerpent: NO_COMPILER,
  eth_getCompilers: NO_COMPILER,
  eth_getWork: NO_MINING,
  eth_submitWork: NO_MINING,
  eth_submitHashrate: NO_MINING,
  debug_setHead: NO_CONTROL,
  debug_verbosity: NO_CONTROL,
  debug_traceBlockByHash: "not served: trace its transactions one by one with debug_traceTransaction",
  debug_traceBlockByNumber: "not served: trace its transactions one by one with debug_traceTransaction",
};

export const refusedMethods: Record<string, RpcHandler> = Object.fromEntries(
  Object.entries(REFUSED).map(([method, reason]) => [
    method,
    () => {
      throw new RpcError(METHOD_NOT_FOUND, `${method}: ${reason}`);
    },
  ]),
);
