import { penaltiesAbi, validatorManagerAbi, withdrawalsAbi } from "@cairn/protocol";
import type { ContractFunctionReturnType, Hex } from "viem";
import type { Context } from "./context.ts";

export type ValidatorRecord = ContractFunctionReturnType<typeof validatorManagerAbi, "view", "validator">;

export type PartialRequest = ContractFunctionReturnType<typeof withdrawalsAbi, "view", "partialRequest">;

/** The contract's newest partial requests of these keys, in their order; amount 0 where none is open. */
export async function readPartials(
  { client, settings }: Context,
  keys: readonly { readonly pubkeyRoot: Hex }[],
): Promise<PartialRequest[]> {
  return Promise.all(
    keys.map((key) =>
      client.readContract({
        address: settings.addresses.withdrawals,
        abi: withdrawalsAbi,
        functionName: "partialRequest",
        args: [key.pubkeyRoot],
      }),
    ),
  );
}

/** The contract's newest records of these keys, in their order. */
export async function readRecords(
  { client, settings }: Context,
  keys: readonly { readonly pubkeyRoot: Hex }[],
): Promise<ValidatorRecord[]> {
  return Promise.all(
    keys.map((key) =>
      client.readContract({
        address: settings.addresses.validatorManager,
        abi: validatorManagerAbi,
        functionName: "validator",
        args: [key.pubkeyRoot],
      }),
    ),
  );
}

/** IPenalties.Phase. */
export const Phase = { None: 0, Open: 1, Settled: 2, Forfeited: 3 } as const;

export type Slashing = ContractFunctionReturnType<typeof penaltiesAbi, "view", "slashing">;

/** The contract's newest records of these keys' slashings, in their order. */
export async function readSlashings(
  { client, settings }: Context,
  keys: readonly { readonly pubkeyRoot: Hex }[],
): Promise<Slashing[]> {
  return Promise.all(
    keys.map((key) =>
      client.readContract({
        address: settings.addresses.penalties,
        abi: penaltiesAbi,
        functionName: "slashing",
        args: [key.pubkeyRoot],
      }),
    ),
  );
}
