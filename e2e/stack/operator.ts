import { createHash } from "node:crypto";
import { createValidatorKey, signDeposit, type ValidatorKey } from "@cairn/devnet";
import { operatorRegistryAbi, stakedEtherAbi, validatorManagerAbi } from "@cairn/protocol";
import { fromHex, toHex } from "@lodestar/utils";
import { type Hex, parseEther, parseEventLogs, type TransactionReceipt } from "viem";
import { E2eError } from "./e2eError.ts";
import { send } from "./send.ts";
import type { Stack } from "./stack.ts";
import { accountOf, type Person } from "./wallets.ts";

const PREDEPOSIT_GWEI = 1_000_000_000n;

/** hash_tree_root of a public key: its name in the contracts. */
export function pubkeyRootOf(pubkey: Hex): Hex {
  const padded = Buffer.concat([fromHex(pubkey), Buffer.alloc(16)]);
  return toHex(createHash("sha256").update(padded).digest()) as Hex;
}

/** Joins the registry. */
export async function joinRegistry(
  stack: Stack,
  person: Person,
): Promise<{ id: number; receipt: TransactionReceipt }> {
  const receipt = await send(stack, person, {
    address: stack.addresses.operatorRegistry,
    abi: operatorRegistryAbi,
    functionName: "join",
    args: [accountOf(person).address],
  });
  const [joined] = parseEventLogs({
    abi: operatorRegistryAbi,
    logs: receipt.logs,
    eventName: "OperatorJoined",
  });
  if (!joined) throw new E2eError("joining emitted no OperatorJoined");
  return { id: joined.args.operatorId, receipt };
}

/** Stakes `wei` of the operator's own as bond. */
export async function postBond(
  stack: Stack,
  person: Person,
  operatorId: number,
  wei: bigint,
): Promise<TransactionReceipt> {
  return send(stack, person, {
    address: stack.addresses.operatorRegistry,
    abi: operatorRegistryAbi,
    functionName: "topUpBondWithEther",
    args: [operatorId],
    value: wei,
  });
}

/**
 * Makes real keys from seeds and predeposits 1 ETH of the operator's own for each; with a target a ticket for pool ether
 * is drawn as soon as one is proven.
 */
export async function predepositKeys(
  stack: Stack,
  person: Person,
  operatorId: number,
  seeds: readonly string[],
  targetGwei = 0n,
): Promise<{ keys: ValidatorKey[]; receipt: TransactionReceipt }> {
  const withdrawalCredentials = await stack.client.readContract({
    address: stack.addresses.stakedEther,
    abi: stakedEtherAbi,
    functionName: "withdrawalCredentials",
  });
  const keys = seeds.map((seed) => createValidatorKey(seed));
  const { genesisForkVersion } = stack.devnet;
  const deposits = keys.map(({ secretKey }) =>
    signDeposit({ secretKey, withdrawalCredentials, amountGwei: PREDEPOSIT_GWEI, genesisForkVersion }),
  );
  const receipt = await send(stack, person, {
    address: stack.addresses.validatorManager,
    abi: validatorManagerAbi,
    functionName: "predeposit",
    args: [operatorId, deposits.map((d) => d.pubkey), deposits.map((d) => d.signature), targetGwei],
    value: parseEther("1") * BigInt(keys.length),
  });
  return { keys, receipt };
}

/** Asks for pool ether for one proven key, up to `targetGwei` (bond included). */
export async function requestFunding(
  stack: Stack,
  person: Person,
  operatorId: number,
  pubkey: Hex,
  targetGwei: bigint,
): Promise<TransactionReceipt> {
  return send(stack, person, {
    address: stack.addresses.validatorManager,
    abi: validatorManagerAbi,
    functionName: "requestFunding",
    args: [operatorId, pubkeyRootOf(pubkey), targetGwei],
  });
}
