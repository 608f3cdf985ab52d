import { BLOCK_GAS_LIMIT } from "../execution/genesisFile.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import { runCall } from "./call.ts";
import { quantity } from "./quantity.ts";
import { failedCall } from "./revertError.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { RpcError } from "./rpcError.ts";
import { needsSimulation, simulatedCall } from "./simulatedCall.ts";

const FEE_FIELDS = [
  "gasPrice",
  "maxFeePerGas",
  "maxPriorityFeePerGas",
  "maxFeePerBlobGas",
  "nonce",
  "type",
  "chainId",
];
const PLAIN_TRANSFER_GAS = 21_000n;

type Fields = { [key: string]: Json };

/** Two ways to try a transaction: the client's methods, or a simulation of what those ignore. */
interface Trial {
  /** Gas of one run with all the gas there is. @throws RpcError when it reverts */
  used(): Promise<bigint>;
  /** Whether it succeeds with a gas limit of so much. */
  suffices(gas: bigint): Promise<boolean>;
}

/**
 * What one run used after refunds is too little for nested calls (63/64 rule), sometimes by half. So: go up from 1.5 times
 * that until the transaction succeeds with just so much.
 */
export const estimateGas: RpcHandler = async (params, context) => {
  const trial = needsSimulation(params) ? simulatedTrial(params, context) : clientTrial(params, context);
  const used = await trial.used();
  if (used === PLAIN_TRANSFER_GAS) return quantity(used);
  const { floor } = dataGas(params[0] as Fields);
  let estimate = (used * 3n) / 2n;
  if (estimate < floor) estimate = floor;
  while (estimate < BLOCK_GAS_LIMIT && !(await trial.suffices(estimate))) estimate = (estimate * 3n) / 2n;
  return quantity(estimate < BLOCK_GAS_LIMIT ? estimate : BLOCK_GAS_LIMIT);
};

/** The client fails on fee fields without a type, and reports no reverts: so it is run as a call first. */
function clientTrial(params: Json[], context: RpcContext): Trial {
  const plain = plainTransaction(params[0]);
  return {
    async used() {
      await runCall(params.slice(0, 2), context);
      const block = withPlainBlock(context.chain, "eth_estimateGas", params)[1] as Json;
      return BigInt(String(await context.forward("eth_estimateGas", [plain, block])));
    },
    // A call has no intrinsic costs: its gas is what a transaction has left for execution.
    suffices: (gas) =>
      succeeds(() =>
        runCall(
          [{ ...plain, gas: quantity(gas - dataGas(plain).intrinsic) }, ...params.slice(1, 2)],
          context,
        ),
      ),
  };
}

function simulatedTrial(params: Json[], context: RpcContext): Trial {
  const run = async (gas?: bigint): Promise<bigint> => {
    const fields = params[0] as Fields;
    const limited = gas === undefined ? fields : { ...fields, gas: quantity(gas) };
    const result = await simulatedCall([limited, ...params.slice(1)], context);
    if (!result.succeeded) throw failedCall(result.failure as string, result.returnData);
    return BigInt(result.gasUsed);
  };
  return { used: () => run(), suffices: (gas) => succeeds(() => run(gas)) };
}

/** With unlimited gas it succeeded: what fails now fails for want of gas. */
async function succeeds(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

const plainTransaction = (transaction: Json | undefined): Fields =>
  Object.fromEntries(
    Object.entries(transaction as Fields)
      .filter(([key, value]) => !FEE_FIELDS.includes(key) && value !== null)
      .map(([key, value]) => [key === "input" ? "data" : key, value]),
  );

/** Costs of a transaction before it runs: EIP-2028 data, EIP-3860 creation; and the floor of EIP-7623. */
function dataGas(transaction: Fields): { intrinsic: bigint; floor: bigint } {
  const data = Buffer.from(String(transaction.data ?? transaction.input ?? "0x").slice(2), "hex");
  const zeros = data.filter((byte) => byte === 0).length;
  const tokens = BigInt(zeros + 4 * (data.length - zeros));
  const creation = transaction.to ? 0n : 32_000n + 2n * BigInt(Math.ceil(data.length / 32));
  return { intrinsic: PLAIN_TRANSFER_GAS + 4n * tokens + creation, floor: PLAIN_TRANSFER_GAS + 10n * tokens };
}
