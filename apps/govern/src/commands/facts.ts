import { type AbiFunction, formatEther, formatGwei, getAbiItem } from "viem";
import { ABIS, abiOf, isContractName, placeOf } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import { coerceArguments } from "../proposal.ts";
import { type Session, timeOf, word } from "../session.ts";
import { jsonOf } from "../words.ts";

/** Prints what a view of a contract says, as JSON that a proposal can take. */
export async function show(session: Session): Promise<void> {
  const usage = "show CONTRACT.VIEW [ARGUMENTS AS JSON]";
  const call = word(session, 1, usage);
  const [name = "", functionName = ""] = call.split(".");
  if (!isContractName(name))
    throw new GovernError("badArguments", `there is no contract ${name}; usage: ${usage}`);
  const abi = abiOf(name);
  const item = getAbiItem({ abi, name: functionName }) as AbiFunction | undefined;
  if (item?.type !== "function" || !["view", "pure"].includes(item.stateMutability)) {
    throw new GovernError("badArguments", `${call} is no view; usage: ${usage}`);
  }
  const args = coerceArguments(call, item, JSON.parse(session.words[2] ?? "[]") as unknown[]);
  const address = placeOf(session.book, name);
  const value = await session.client.readContract({ address, abi, functionName, args });
  session.print(jsonOf(value, 2));
}

const CONDITIONS = [
  { name: "loss", unit: "ppm of the pool" },
  { name: "slashing", unit: "gwei not covered by bonds" },
  { name: "overdue", unit: "seconds since the last snapshot" },
] as const;

/** The pool and the safeguard's conditions. */
export async function showPool({ client, book, print }: Session): Promise<void> {
  const token = { address: book.stakedEther, abi: ABIS.stakedEther } as const;
  const checkpoints = { address: book.checkpoints, abi: ABIS.checkpoints } as const;
  const [pool, conditions, opensAt, isOpen] = await Promise.all([
    client.readContract({ ...token, functionName: "getTotalPooledEther" }),
    client.readContract({ ...checkpoints, functionName: "safeguard" }),
    client.readContract({ ...checkpoints, functionName: "opensAt" }),
    client.readContract({ ...token, functionName: "checkpointOpen" }),
  ]);
  print(
    `pool ${formatEther(pool)} ETH; ${isOpen ? "a checkpoint is open" : `the next checkpoint opens ${timeOf(opensAt)}`}`,
  );
  for (const [i, { value, threshold, endsAt }] of conditions.entries()) {
    const { name, unit } = CONDITIONS[i] ?? { name: `condition ${i}`, unit: "" };
    const state = endsAt === 0n ? "off" : `ON until ${timeOf(endsAt)} at the latest`;
    print(`safeguard, ${name}: ${state} (${value} ${unit}, threshold ${threshold})`);
  }
}

/** IValidatorManager.Status, in its order. */
const STATUSES = [
  "unknown",
  "predeposited",
  "eligible",
  "member",
  "to exit",
  "exiting",
  "slashed",
  "left",
  "lost",
  "dropped",
];

/** The keys of an operator, and where each stands. */
export async function keys(session: Session): Promise<void> {
  const text = word(session, 1, "keys OPERATOR");
  if (!/^\d+$/.test(text)) throw new GovernError("badArguments", `"${text}" is no operator's number`);
  const { client, book, print } = session;
  const manager = { address: book.validatorManager, abi: ABIS.validatorManager } as const;
  const logs = await client.getContractEvents({
    ...manager,
    eventName: "Predeposited",
    args: { operatorId: Number(text) },
    fromBlock: BigInt(book.deployedAtBlock),
    strict: true,
  });
  for (const { args } of logs) {
    const record = await client.readContract({
      ...manager,
      functionName: "validator",
      args: [args.pubkeyRoot],
    });
    const status = STATUSES[record.status] ?? record.status;
    const index = record.index === 0 ? "" : ` validator ${record.index},`;
    print(`${args.pubkeyRoot}${index} ${status}, principal ${formatGwei(record.principalGwei)} ETH`);
  }
  if (logs.length === 0) print(`operator ${text} has no keys`);
}
