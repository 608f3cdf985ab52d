import { decodeErrorResult, formatEther, formatGwei, type Hex } from "viem";
import { errorsAbi } from "./generated/abis.ts";
import { type ContractErrorName, SENTENCES, type SentenceUnit } from "./sentences.ts";

/** A custom error of Cairn's contracts, decoded. */
export interface DescribedError {
  readonly name: ContractErrorName;
  /** Values by the name of their argument. */
  readonly args: Readonly<Record<string, unknown>>;
  /** One sentence for people. */
  readonly sentence: string;
}

function show(value: unknown, unit: SentenceUnit | undefined): string {
  if (unit === "eth") return formatEther(BigInt(value as bigint));
  if (unit === "gwei") return formatGwei(BigInt(value as bigint));
  if (unit === "time") return new Date(Number(value) * 1000).toISOString().replace(".000Z", "Z");
  return String(value);
}

/** The sentence of `name` with `args` filled in. An argument that is missing stays visible as `{name}`. */
export function errorSentence(name: ContractErrorName, args: Readonly<Record<string, unknown>>): string {
  return SENTENCES[name].replace(
    /\{(\w+)(?::(eth|gwei|time))?\}/g,
    (whole, key: string, unit?: SentenceUnit) => (key in args ? show(args[key], unit) : whole),
  );
}

/**
 * Decodes revert data of any of Cairn's contracts.
 *
 * @param data Revert data, 4-byte selector first.
 * @returns The error with its sentence, or undefined if it is not one of ours.
 */
export function describeError(data: Hex): DescribedError | undefined {
  let decoded: { errorName: string; args?: readonly unknown[] | undefined };
  try {
    decoded = decodeErrorResult({ abi: errorsAbi, data });
  } catch {
    return undefined;
  }
  const item = errorsAbi.find((entry) => entry.name === decoded.errorName);
  if (!item) return undefined;
  const args = Object.fromEntries(item.inputs.map((input, i) => [input.name, decoded.args?.[i]]));
  return { name: item.name, args, sentence: errorSentence(item.name, args) };
}
