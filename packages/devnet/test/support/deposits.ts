import type { Hex, TransactionReceipt } from "viem";
import { createValidatorKey, type Devnet, signDeposit, systemContracts } from "../../src/index.ts";
import type { Clients } from "./testChain.ts";

export const DEPOSIT_ABI = [
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

/** 0x01 or 0x02 credentials to an address. */
export const credentialsTo = (prefix: "01" | "02", address: string): Hex =>
  `0x${prefix}${"00".repeat(11)}${address.slice(2).toLowerCase()}`;

/** Deposits through the real contract in the next block. @returns the public key */
export async function deposit(
  chain: Devnet,
  { alice, mined }: Clients,
  input: { seed: string; credentials: Hex; amountEth: number; forkVersion?: Hex },
): Promise<{ pubkey: Hex; receipt: TransactionReceipt }> {
  const { secretKey, pubkey } = createValidatorKey(input.seed);
  const signed = signDeposit({
    secretKey,
    withdrawalCredentials: input.credentials,
    amountGwei: BigInt(input.amountEth) * 10n ** 9n,
    genesisForkVersion: input.forkVersion ?? chain.genesisForkVersion,
  });
  const receipt = await mined(
    alice.writeContract({
      address: systemContracts().depositContract.address,
      abi: DEPOSIT_ABI,
      functionName: "deposit",
      args: [pubkey, input.credentials, signed.signature, signed.depositDataRoot],
      value: BigInt(input.amountEth) * 10n ** 18n,
    }),
  );
  return { pubkey, receipt };
}

/** Index of a validator in the head state, or null. */
export function indexOf(chain: Devnet, pubkey: Hex): number | null {
  const index = chain.state.epochCtx.pubkeyCache.getIndex(Buffer.from(pubkey.slice(2), "hex"));
  return index === null || index >= chain.state.validators.length ? null : index;
}
