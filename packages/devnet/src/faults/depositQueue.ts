import { encodeFunctionData } from "viem";
import type { JsonRpcClient } from "../execution/jsonRpcClient.ts";
import { systemContracts } from "../execution/systemContracts.ts";
import { signDeposit } from "../keys/signDeposit.ts";
import { createValidatorKey } from "../keys/validatorKey.ts";
import { STRANGER_ACCOUNT } from "./devAccounts.ts";

const DEPOSIT_ABI = [
  {
    type: "function",
    name: "deposit",
    stateMutability: "payable",
    inputs: [
      { name: "pubkey", type: "bytes" },
      { name: "withdrawal_credentials", type: "bytes" },
      { name: "signature", type: "bytes" },
      { name: "deposit_data_root", type: "bytes32" },
    ],
    outputs: [],
  },
] as const;

const AMOUNT_ETH = 32n;
const GAS = 120_000n;
const MAX_FEE_WEI = 1_000_000_000_000n;
const CREDENTIALS = `0x01${"00".repeat(11)}${"22".repeat(20)}` as const;

/**
 * Hands `count` deposits of 32 ETH by strangers to the execution client's pool, each with a real proof of possession.
 * About 500 fit in a block.
 */
export async function sendForeignDeposits(
  rpc: JsonRpcClient,
  chainId: number,
  genesisForkVersion: string,
  count: number,
): Promise<void> {
  const sender = STRANGER_ACCOUNT.address.toLowerCase();
  const first = Number(await rpc.call<string>("eth_getTransactionCount", [sender, "pending"]));
  for (let nonce = first; nonce < first + count; nonce++) {
    // The nonce never repeats, so neither do the keys, across restarts too.
    const { secretKey } = createValidatorKey(`stranger ${nonce}`);
    const deposit = { secretKey, withdrawalCredentials: CREDENTIALS, amountGwei: AMOUNT_ETH * 10n ** 9n };
    const { pubkey, signature, depositDataRoot } = signDeposit({ ...deposit, genesisForkVersion });
    const raw = await STRANGER_ACCOUNT.signTransaction({
      type: "eip1559",
      chainId,
      nonce,
      to: systemContracts().depositContract.address,
      value: AMOUNT_ETH * 10n ** 18n,
      data: encodeFunctionData({ abi: DEPOSIT_ABI, args: [pubkey, CREDENTIALS, signature, depositDataRoot] }),
      gas: GAS,
      maxFeePerGas: MAX_FEE_WEI,
      maxPriorityFeePerGas: 1n,
    });
    await rpc.call("eth_sendRawTransaction", [raw]);
  }
}
