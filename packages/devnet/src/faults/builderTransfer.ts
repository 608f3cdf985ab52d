import type { JsonRpcClient } from "../execution/jsonRpcClient.ts";
import { BUILDER_ACCOUNT } from "./devAccounts.ts";
import type { PendingReward } from "./faultState.ts";

/** Enough for a vault's receive function with an event; a plain transfer needs 21,000. */
const GAS = 100_000n;
const MAX_FEE_WEI = 1_000_000_000_000n;

/**
 * Hands the builder's payment to the execution client's pool, once.
 * Its tip is zero, so the fee recipient gets exactly `wei` from it and nothing besides.
 */
export async function sendBuilderTransfer(
  rpc: JsonRpcClient,
  chainId: number,
  reward: PendingReward,
): Promise<void> {
  if (reward.rawTransaction !== undefined) return;
  const sender = BUILDER_ACCOUNT.address.toLowerCase();
  const nonce = Number(await rpc.call<string>("eth_getTransactionCount", [sender, "pending"]));
  const raw = await BUILDER_ACCOUNT.signTransaction({
    type: "eip1559",
    chainId,
    nonce,
    to: reward.feeRecipient as `0x${string}`,
    value: reward.wei,
    gas: GAS,
    maxFeePerGas: MAX_FEE_WEI,
    maxPriorityFeePerGas: 0n,
  });
  await rpc.call("eth_sendRawTransaction", [raw]);
  reward.rawTransaction = raw;
}
