import type { SecretKey } from "@chainsafe/blst";
import { DOMAIN_DEPOSIT } from "@lodestar/params";
import { computeDomain, computeSigningRoot } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";

export interface DepositToSign {
  secretKey: SecretKey;
  /** 32 bytes, 0x. */
  withdrawalCredentials: string;
  /** 1 ETH (10^9) or more. */
  amountGwei: number | bigint;
  /** 4 bytes, 0x: `chain.genesisForkVersion`. */
  genesisForkVersion: string;
}

export interface SignedDeposit {
  pubkey: `0x${string}`;
  signature: `0x${string}`;
  depositDataRoot: `0x${string}`;
}

/** Signs a deposit with a real proof of possession, ready for the deposit contract. */
export function signDeposit(deposit: DepositToSign): SignedDeposit {
  const message = {
    pubkey: deposit.secretKey.toPublicKey().toBytes(),
    withdrawalCredentials: fromHex(deposit.withdrawalCredentials),
    amount: Number(deposit.amountGwei),
  };
  // Deposits are valid across forks and before genesis: the domain has no genesis root.
  const domain = computeDomain(DOMAIN_DEPOSIT, fromHex(deposit.genesisForkVersion), new Uint8Array(32));
  const signature = deposit.secretKey
    .sign(computeSigningRoot(ssz.phase0.DepositMessage, message, domain))
    .toBytes();
  const root = ssz.phase0.DepositData.hashTreeRoot({ ...message, signature });
  return {
    pubkey: toHex(message.pubkey) as `0x${string}`,
    signature: toHex(signature) as `0x${string}`,
    depositDataRoot: toHex(root) as `0x${string}`,
  };
}
