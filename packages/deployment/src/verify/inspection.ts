import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  ContractFunctionExecutionError,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  type Log,
} from "viem";
import { isLineFailure } from "../lineFailure.ts";
import type { Creation } from "../stack/creations.ts";
import type { Beginning } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import type { Difference } from "./difference.ts";

/** A deployment being compared with its description. */
export interface Inspection {
  readonly site: Site;
  readonly beginning: Beginning;
  /** What should have been created. */
  readonly creations: readonly Creation[];
  /** All logs of the watched events since the oldest contract, oldest first. */
  readonly history: readonly Log<bigint, number, false>[];
  /** The deployer may still hold ADMIN. */
  readonly whileDeploying: boolean;
}

/** Reads one value. */
export function read<
  const abi extends Abi,
  name extends ContractFunctionName<abi, "view" | "pure">,
  const args extends ContractFunctionArgs<abi, "view" | "pure", name>,
>(
  { site }: Inspection,
  address: Address,
  abi: abi,
  functionName: name,
  args: args,
): Promise<ContractFunctionReturnType<abi, "view" | "pure", name, args>> {
  return site.client.readContract({ address, abi, functionName, args } as never) as never;
}

/** The differences that a check finds; when what it reads reverts or makes no sense, that is one. */
export async function orUnreadable(what: string, check: Promise<Difference[]>): Promise<Difference[]> {
  try {
    return await check;
  } catch (error) {
    if (!(error instanceof ContractFunctionExecutionError) || isLineFailure(error)) throw error;
    return [`${what} cannot be read: ${error.functionName} of ${error.contractAddress} fails`];
  }
}

/** The name of a contract of the deployment, or the address itself. */
export function nameAt({ at }: Site, address: Address): string {
  const found = Object.entries(at).find(([, place]) => place === address.toLowerCase());
  return found ? found[0] : address;
}
