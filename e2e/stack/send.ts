import { describeError } from "@cairn/protocol";
import {
  type Abi,
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  type TransactionReceipt,
} from "viem";
import { E2eError } from "./e2eError.ts";
import type { RunningChain } from "./stack.ts";
import { type Person, walletOf } from "./wallets.ts";

/** A slot is a matter of milliseconds. */
const BACKSTOP_MS = 15 * 60_000;

export interface Call {
  readonly address: Address;
  readonly abi: Abi | readonly unknown[];
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

/** A person sends one call; resolves with its receipt. The chain must be making slots. */
export async function send(running: RunningChain, person: Person, call: Call): Promise<TransactionReceipt> {
  const wallet = walletOf(running.chain, person);
  let hash: Hex;
  try {
    hash = await wallet.writeContract(call as never);
  } catch (error) {
    throw new E2eError(`${person} cannot call ${call.functionName}: ${sentenceOf(error)}`, { cause: error });
  }
  return confirm(running, `${person}'s ${call.functionName}`, hash);
}

/** Waits for a transaction that must succeed. */
async function confirm(running: RunningChain, what: string, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await running.client.waitForTransactionReceipt({ hash, timeout: BACKSTOP_MS });
  if (receipt.status !== "success") throw new E2eError(`${what} reverted in ${hash}`);
  return receipt;
}

/** The protocol's own sentence for a refused call, if it is one of ours. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
  const revert = error.walk((e) => e instanceof ContractFunctionRevertedError);
  const raw = revert instanceof ContractFunctionRevertedError ? revert.raw : undefined;
  return (raw && describeError(raw)?.sentence) ?? error.shortMessage;
}
