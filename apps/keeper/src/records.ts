import { validatorManagerAbi } from "@cairn/protocol";
import type { ContractFunctionReturnType, Hex } from "viem";
import type { Context } from "./context.ts";

/** IValidatorManager.Status. */
export const Status = { Unknown: 0, Predeposited: 1, Eligible: 2, Member: 3, Lost: 4, Dropped: 5 } as const;

export type ValidatorRecord = ContractFunctionReturnType<typeof validatorManagerAbi, "view", "validator">;

export type PartialRequest = ContractFunctionReturnType<typeof validatorManagerAbi, "view", "partialRequest">;

/** The contract's newest partial requests of these keys, in their order; amount 0 where none is open. */
export async function readPartials(
  { client, settings }: Context,
  keys: readonly { readonly pubkeyRoot: Hex }[],
): Promise<PartialRequest[]> {
  return Promise.all(
    keys.map((key) =>
      client.readContract({
        address: settings.addresses.validatorManager,
        abi: validatorManagerAbi,
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
