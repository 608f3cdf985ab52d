import { BLOCK_GAS_LIMIT } from "../execution/genesisFile.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import { runCall } from "./call.ts";
import { quantity } from "./quantity.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { RpcError } from "./rpcError.ts";

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

/**
 * The client fails on fee fields without a type, reports no reverts, and returns what one run used after refunds, which is
 * too little for nested calls (63/64 rule) and sometimes by half. So: run it as a call first for the revert, then go up
 * from 1.5 times its figure until a call with just that much succeeds.
 */
export const estimateGas: RpcHandler = async (params, context) => {
  await runCall(params.slice(0, 2), context);
  const [transaction, block] = withPlainBlock(context.chain, "eth_estimateGas", params);
  const plain = Object.fromEntries(
    Object.entries(transaction as { [key: string]: Json })
      .filter(([key, value]) => !FEE_FIELDS.includes(key) && value !== null)
      .map(([key, value]) => [key === "input" ? "data" : key, value]),
  );
  const used = BigInt(String(await context.forward("eth_estimateGas", [plain, block as Json])));
  if (used === PLAIN_TRANSFER_GAS) return quantity(used);
  const { intrinsic, floor } = dataGas(plain);
  let estimate = (used * 3n) / 2n;
  if (estimate < floor) estimate = floor;
  while (estimate < BLOCK_GAS_LIMIT && !(await suffices(plain, estimate - intrinsic, params, context))) {
    estimate = (estimate * 3n) / 2n;
  }
  return quantity(estimate < BLOCK_GAS_LIMIT ? estimate : BLOCK_GAS_LIMIT);
};

/** A call has no intrinsic costs: `gas` is what a transaction would have left for execution. */
async function suffices(
  transaction: { [key: string]: Json },
  gas: bigint,
  params: Json[],
  context: RpcContext,
): Promise<boolean> {
  try {
    await runCall([{ ...transaction, gas: quantity(gas) }, ...params.slice(1, 2)], context);
    return true;
  } catch (error) {
    // with unlimited gas it succeeded: what fails now fails for want of gas
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** Costs of a transaction before it runs: EIP-2028 data, EIP-3860 creation; and the floor of EIP-7623. */
function dataGas(transaction: { [key: string]: Json }): { intrinsic: bigint; floor: bigint } {
  const data = Buffer.from(String(transaction.data ?? "0x").slice(2), "hex");
  const zeros = data.filter((byte) => byte === 0).length;
  const tokens = BigInt(zeros + 4 * (data.length - zeros));
  const creation = transaction.to ? 0n : 32_000n + 2n * BigInt(Math.ceil(data.length / 32));
  return { intrinsic: PLAIN_TRANSFER_GAS + 4n * tokens + creation, floor: PLAIN_TRANSFER_GAS + 10n * tokens };
}
