/** Simulation as two more methods of the client. */
import type { Block } from "@ethereumjs/block";
import type { VM } from "@ethereumjs/vm";
import { addClientMethod } from "../addClientMethod.ts";
import type { BlocksRequest, CallRequest } from "./request.ts";
import { simulateBlocks } from "./simulateBlocks.ts";
import { simulateCall } from "./simulateCall.ts";
import { asSimulationError } from "./simulationError.ts";

/** The private parts of the module that are used here. */
interface EthInternals {
  _chain: { getBlock(number: bigint): Promise<Block> };
  _vm: VM;
}

function add<Request extends { blockNumber: string }>(
  name: string,
  run: (vm: VM, parent: Block, request: Request) => Promise<unknown>,
): void {
  addClientMethod<EthInternals, Request>(name, async ({ _vm, _chain }, request) => {
    try {
      return await run(_vm, await _chain.getBlock(BigInt(request.blockNumber)), request);
    } catch (error) {
      const { code, message } = asSimulationError(error);
      throw { code, message };
    }
  });
}

add<CallRequest>("simulateCall", simulateCall);
add<BlocksRequest>("simulateBlocks", simulateBlocks);
