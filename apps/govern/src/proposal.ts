import { readFileSync } from "node:fs";
import { ADMIN_SLOT, addressInSlot, ROLES } from "@cairn/deployment";
import type { AddressBook, RoleName } from "@cairn/protocol";
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  isAddress,
  isHex,
  keccak256,
  type PublicClient,
  stringToHex,
  zeroAddress,
} from "viem";
import { z } from "zod";
import { ABIS, abiOf, type ContractName, isContractName, placeOf, proxyAdminAbi } from "./contracts.ts";
import { GovernError } from "./governError.ts";

const address = z.string().refine((text) => isAddress(text, { strict: false }), "not an address");
const hex = z.string().refine((text) => isHex(text), "not hexadecimal");
const action = z.union([
  /** `contract.function` with its arguments as JSON; numbers above 2^53 as strings. */
  z.strictObject({ call: z.string().regex(/^\w+\.\w+$/), args: z.array(z.unknown()).default([]) }),
  z.strictObject({ upgrade: z.string(), implementation: address, initialization: hex.default("0x") }),
  z.strictObject({ ossify: z.string() }),
  z.strictObject({ target: address, data: hex, value: z.string().regex(/^\d+$/).default("0") }),
]);
const proposalFile = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().default(""),
  /** The only account that can make it; without it anybody can, and then cancel it. */
  proposer: address.optional(),
  actions: z.array(action).min(1),
});

export type ProposalFile = z.infer<typeof proposalFile>;

/** What the governor is told. */
export interface Proposal {
  readonly targets: readonly Address[];
  readonly values: readonly bigint[];
  readonly calldatas: readonly Hex[];
  readonly description: string;
}

/** @throws GovernError `badProposal` naming each wrong field. */
export function parseProposal(text: string, source: string): ProposalFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GovernError("badProposal", `${source} is not JSON`, { cause });
  }
  const parsed = proposalFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`);
  throw new GovernError("badProposal", `${source}: ${wrong.join("; ")}`);
}

export function readProposal(path: string): ProposalFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new GovernError("badArguments", `the proposal ${path} cannot be read`, { cause });
  }
  return parseProposal(text, path);
}

/** A JSON value as viem wants it for an ABI type. */
function coerce(value: unknown, parameter: AbiParameter, path: string): unknown {
  const { type } = parameter;
  const refuse = (what: string) => new GovernError("badProposal", `${path} must be ${what}`);
  if (type.endsWith("]")) {
    if (!Array.isArray(value)) throw refuse("a list");
    const item = { ...parameter, type: type.slice(0, type.lastIndexOf("[")) };
    return value.map((one, i) => coerce(one, item, `${path}[${i}]`));
  }
  if (type === "tuple") {
    const { components } = parameter as { components: readonly AbiParameter[] };
    if (typeof value !== "object" || value === null) throw refuse("an object");
    const given = value as Record<string, unknown>;
    const unknown = Object.keys(given).find((key) => !components.some((c) => c.name === key));
    if (unknown) throw new GovernError("badProposal", `${path} has no field ${unknown}`);
    return Object.fromEntries(
      components.map((c) => [c.name, coerce(given[c.name ?? ""], c, `${path}.${c.name}`)]),
    );
  }
  if (type.startsWith("uint") || type.startsWith("int")) {
    const named = parameter.name === "roleId" ? ROLES[String(value) as RoleName] : undefined;
    if (named !== undefined) return named;
    if (!/^-?\d+$/.test(String(value))) throw refuse("a whole number");
    if (typeof value === "number" && !Number.isSafeInteger(value))
      throw refuse("text: it is too large for a JSON number");
    const bits = Number(/\d+/.exec(type)?.[0]);
    return bits <= 48 ? Number(value) : BigInt(String(value));
  }
  if (value === undefined) throw refuse(type);
  return value;
}

/** Arguments from JSON as viem wants them. @throws GovernError `badProposal` naming the wrong one. */
export function coerceArguments(call: string, item: AbiFunction, args: readonly unknown[]): unknown[] {
  if (item.inputs.length !== args.length) {
    throw new GovernError("badProposal", `${call} takes ${item.inputs.length} arguments, not ${args.length}`);
  }
  return item.inputs.map((input, i) => coerce(args[i], input, `${call}: ${input.name || i}`));
}

function encodeCall(abi: Abi, call: string, name: string, args: readonly unknown[]): Hex {
  const item = getAbiItem({ abi, name }) as AbiFunction | undefined;
  if (item?.type !== "function") throw new GovernError("badProposal", `${call}: there is no such function`);
  const values = coerceArguments(call, item, args);
  try {
    return encodeFunctionData({ abi: [item], functionName: name, args: values });
  } catch (cause) {
    throw new GovernError("badProposal", `${call}: ${(cause as Error).message.split("\n")[0]}`, { cause });
  }
}

/** Contracts that the timelock calls itself; all others hear governance through the AccessManager. */
const DIRECT: readonly ContractName[] = ["accessManager", "timelock", "stakerGovernor"];

async function proxyAdminOf(client: PublicClient, book: AddressBook, module: string): Promise<Address> {
  if (!isContractName(module)) throw new GovernError("badProposal", `${module} is no contract of the stack`);
  const admin = await addressInSlot(client, placeOf(book, module), ADMIN_SLOT);
  if (admin !== zeroAddress) return admin;
  throw new GovernError("badProposal", `${module} has no proxy: it cannot change`);
}

/** The calls of a proposal as the timelock will make them. */
export async function encodeProposal(
  client: PublicClient,
  book: AddressBook,
  file: ProposalFile,
): Promise<Proposal> {
  const calls: { target: Address; value: bigint; data: Hex }[] = [];
  const through = (target: Address, data: Hex) =>
    calls.push({
      target: placeOf(book, "accessManager"),
      value: 0n,
      data: encodeFunctionData({ abi: ABIS.accessManager, functionName: "execute", args: [target, data] }),
    });
  for (const one of file.actions) {
    if ("target" in one) {
      calls.push({ target: one.target as Address, value: BigInt(one.value), data: one.data as Hex });
    } else if ("call" in one) {
      const [name = "", fn = ""] = one.call.split(".");
      if (!isContractName(name))
        throw new GovernError("badProposal", `${one.call}: there is no contract ${name}`);
      const data = encodeCall(abiOf(name), one.call, fn, one.args);
      if (DIRECT.includes(name)) calls.push({ target: placeOf(book, name), value: 0n, data });
      else through(placeOf(book, name), data);
    } else if ("upgrade" in one) {
      const proxy = placeOf(book, one.upgrade as ContractName);
      const args = [proxy, one.implementation as Address, one.initialization as Hex] as const;
      const admin = await proxyAdminOf(client, book, one.upgrade);
      through(admin, encodeFunctionData({ abi: proxyAdminAbi, functionName: "upgradeAndCall", args }));
    } else {
      const admin = await proxyAdminOf(client, book, one.ossify);
      through(admin, encodeFunctionData({ abi: proxyAdminAbi, functionName: "renounceOwnership" }));
    }
  }
  return {
    targets: calls.map((call) => call.target),
    values: calls.map((call) => call.value),
    calldatas: calls.map((call) => call.data),
    description:
      `# ${file.title}\n\n${file.description}`.trim() + (file.proposer ? `\n#proposer=${file.proposer}` : ""),
  };
}

/** OpenZeppelin Governor's hashProposal: keccak256 of targets, values, calldatas and the description's hash. */
export function proposalIdOf({ targets, values, calldatas, description }: Proposal): bigint {
  const encoded = encodeAbiParameters(
    [{ type: "address[]" }, { type: "uint256[]" }, { type: "bytes[]" }, { type: "bytes32" }],
    [targets, values, calldatas, keccak256(stringToHex(description))],
  );
  return BigInt(keccak256(encoded));
}
