import { z } from "zod";
import type { Json } from "../execution/jsonRpcClient.ts";
import type {
  BlockRequest,
  BlockResult,
  BlocksRequest,
  SimulatedTransaction,
  TransactionResult,
} from "../execution/simulation/request.ts";
import { knownBlockOf } from "./blockTags.ts";
import { blockOverridesSchema, stateOverridesSchema, transactionSchema } from "./callSchemas.ts";
import { parseParam } from "./parseParam.ts";
import { quantity } from "./quantity.ts";
import { refusalOf } from "./refusals.ts";
import { revertMessage } from "./revertError.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { EXECUTION_REVERTED, INVALID_PARAMS, RpcError } from "./rpcError.ts";

const payloadSchema = z.object({
  blockStateCalls: z
    .array(
      z.object({
        blockOverrides: blockOverridesSchema.optional(),
        stateOverrides: stateOverridesSchema.optional(),
        calls: z.array(transactionSchema).nullish(),
      }),
    )
    .min(1, "must have a block")
    .max(256, "must be at most 256 blocks"),
  traceTransfers: z.boolean().optional(),
  validation: z.boolean().optional(),
  returnFullTransactions: z.boolean().optional(),
});

type Payload = z.output<typeof payloadSchema>;

/** Published code of a call that the machine stopped for another reason than a revert. */
const EXECUTION_ERROR = -32015;

/** Blocks of calls on top of a block, each on the state that the one before left. */
export const simulateV1: RpcHandler = async (params, context) => {
  const payload = parseParam(payloadSchema, params[0]);
  const request: BlocksRequest = {
    blockNumber: quantity(knownBlockOf(context.chain, params[1])),
    blocks: payload.blockStateCalls.map(blockRequest),
    validation: payload.validation ?? false,
    traceTransfers: payload.traceTransfers ?? false,
    returnFullTransactions: payload.returnFullTransactions ?? false,
    secondsPerBlock: context.chain.options.secondsPerSlot,
  };
  return (await simulate(request, context)).map(showBlock);
};

async function simulate(request: BlocksRequest, context: RpcContext): Promise<BlockResult[]> {
  try {
    const blocks = await context.forward("eth_simulateBlocks", [request as unknown as Json]);
    return blocks as unknown as BlockResult[];
  } catch (error) {
    throw error instanceof RpcError ? refusalOf(error) : error;
  }
}

function blockRequest(input: Payload["blockStateCalls"][number]): BlockRequest {
  if (input.blockOverrides?.blobBaseFee !== undefined) {
    const message = "blobBaseFee is not served here, for it is no field of a block: eth_call takes it";
    throw new RpcError(INVALID_PARAMS, message);
  }
  return {
    block: input.blockOverrides ?? {},
    accounts: input.stateOverrides ?? {},
    transactions: (input.calls ?? []).map(transactionRequest),
  };
}

/** Unlike in a call, fees and nonces count. */
function transactionRequest(input: z.output<typeof transactionSchema>): SimulatedTransaction {
  const { input: bytes, data = bytes, gasPrice, ...rest } = input;
  const fees = gasPrice === undefined ? {} : { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
  return { ...rest, ...fees, ...(data === undefined ? {} : { data }) };
}

function showBlock({ block, results }: BlockResult): Json {
  let logIndex = 0;
  const calls = results.map((result, index) => {
    const logs = result.logs.map((log) => ({
      ...log,
      blockHash: block.hash,
      blockNumber: block.number,
      blockTimestamp: block.timestamp,
      transactionHash: result.hash,
      transactionIndex: quantity(index),
      logIndex: quantity(logIndex++),
      removed: false,
    }));
    return { ...outcome(result), logs };
  });
  return { ...(block as { [key: string]: Json }), calls };
}

function outcome(result: TransactionResult): { [key: string]: Json } {
  const { succeeded, returnData, gasUsed, maxUsedGas, failure } = result;
  const base = { status: succeeded ? "0x1" : "0x0", returnData, gasUsed, maxUsedGas };
  if (failure === undefined) return base;
  if (failure !== "revert") {
    return { ...base, error: { code: EXECUTION_ERROR, message: `vm execution error: ${failure}` } };
  }
  const error = { code: EXECUTION_REVERTED, message: revertMessage(returnData), data: returnData };
  return { ...base, error };
}
