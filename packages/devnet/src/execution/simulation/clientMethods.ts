/** Adds two methods to the client's JSON-RPC, for the proxy alone: it passes them on for nobody. */
import type { Block } from "@ethereumjs/block";
import { Eth } from "@ethereumjs/client/dist/esm/src/rpc/modules/eth.js";
import type { VM } from "@ethereumjs/vm";
import type { BlocksRequest, CallRequest } from "./request.ts";
import { simulateBlocks } from "./simulateBlocks.ts";
import { simulateCall } from "./simulateCall.ts";
import { asSimulationError } from "./simulationError.ts";

/** The private parts of the module that are used here. */
interface EthInternals {
  _chain: { getBlock(number: bigint): Promise<Block> };
  _vm: VM;
}

/** The client binds methods to something else than their module, so each is made by a getter that keeps it. */
function add<Request extends { blockNumber: string }>(
  name: string,
  run: (vm: VM, parent: Block, request: Request) => Promise<unknown>,
): void {
  Object.defineProperty(Eth.prototype, name, {
    get(this: EthInternals) {
      return async ([request]: [Request]) => {
        try {
          return await run(this._vm, await this._chain.getBlock(BigInt(request.blockNumber)), request);
        } catch (error) {
          const { code, message } = asSimulationError(error);
          throw { code, message };
        }
      };
    },
  });
}

add<CallRequest>("simulateCall", simulateCall);
add<BlocksRequest>("simulateBlocks", simulateBlocks);
