import type { AddressBook } from "@cairn/protocol";
import { type Abi, type Address, decodeFunctionData, formatEther, type Hex } from "viem";
import { ABIS, type ContractName, isContractName, proxyAdminAbi } from "./contracts.ts";
import type { Proposal } from "./proposal.ts";

/** Text from the chain or a file without what a terminal obeys: nobody writes over what was printed before. */
export function plain(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, "�"))
    .join("\n");
}

/** JSON in which large numbers are text, as a proposal's file takes them. */
export const jsonOf = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one), indent) ?? "";

function decoded(abi: Abi, name: string, data: Hex): string | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi, data });
    return `${name}.${functionName}(${(args ?? []).map((arg) => jsonOf(arg)).join(", ")})`;
  } catch {
    return undefined;
  }
}

/** One call in words: what the AccessManager is asked to execute is shown itself. */
export function callWords(book: AddressBook, target: Address, data: Hex, value: bigint): string {
  const [found] =
    Object.entries(book).find(([, at]) => String(at).toLowerCase() === target.toLowerCase()) ?? [];
  const name = found ?? target;
  const paid = value > 0n ? ` with ${formatEther(value)} ETH` : "";
  if (name === "accessManager") {
    try {
      const call = decodeFunctionData({ abi: ABIS.accessManager, data });
      if (call.functionName === "execute") return `${callWords(book, call.args[0], call.args[1], 0n)}${paid}`;
    } catch {
      // no function of it: shown as it is
    }
  }
  const known = isContractName(name) ? decoded(ABIS[name as ContractName] as Abi, name, data) : undefined;
  const admin = found === undefined ? decoded(proxyAdminAbi as Abi, `ProxyAdmin ${target}`, data) : undefined;
  return `${known ?? admin ?? `${name} ${data}`}${paid}`;
}

/** What a proposal would call, a line each. */
export function actionLines(book: AddressBook, { targets, values, calldatas }: Proposal): string[] {
  return targets.map(
    (target, i) => `  ${i + 1}. ${callWords(book, target, calldatas[i] ?? "0x", values[i] ?? 0n)}`,
  );
}
