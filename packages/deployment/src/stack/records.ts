import { stackDeployerAbi } from "@cairn/protocol";
import { type Address, type Hex, hexToString, parseEventLogs } from "viem";
import { pagesBack } from "./logs.ts";
import { type ContractName, FIRST, nameOf } from "./places.ts";
import type { Site } from "./site.ts";

const NOTHING: Hex = `0x${"00".repeat(32)}`;

/** Whether there is a contract. */
export async function hasCode(site: Site, address: Address): Promise<boolean> {
  return ((await site.client.getCode({ address })) ?? "0x") !== "0x";
}

/** What the StackDeployer noted of `name`, or undefined when it is not deployed. */
export async function recordOf(
  site: Site,
  name: ContractName,
): Promise<{ initCodeHash: Hex; codeHash: Hex } | undefined> {
  if (!(await hasCode(site, site.stackDeployer))) return undefined;
  const [initCodeHash, codeHash] = await site.client.readContract({
    address: site.stackDeployer,
    abi: stackDeployerAbi,
    functionName: "deployed",
    args: [nameOf(name)],
  });
  return initCodeHash === NOTHING ? undefined : { initCodeHash, codeHash };
}

/** A contract of the deployment, and where in the chain the StackDeployer noted that it is there. */
interface Created {
  readonly name: ContractName;
  readonly block: bigint;
  /** Of the log, in its block. */
  readonly index: number;
}

/** What is created so far, oldest first. The StackDeployer takes names in any order. */
async function createdOf(site: Site): Promise<Created[]> {
  const names = Object.keys(site.at) as ContractName[];
  const records = await Promise.all(names.map((name) => recordOf(site, name)));
  const sought = new Set<string>(names.filter((_, i) => records[i]));
  const created: Created[] = [];
  for await (const logs of pagesBack(site.client, site.stackDeployer)) {
    const found = parseEventLogs({ abi: stackDeployerAbi, eventName: "ContractDeployed", logs });
    for (const { args, blockNumber, logIndex } of found) {
      const name = hexToString(args.name, { size: 32 });
      if (sought.delete(name))
        created.push({ name: name as ContractName, block: blockNumber, index: logIndex });
    }
    if (sought.size === 0) break;
  }
  return created.sort((a, b) => Number(a.block - b.block) || a.index - b.index);
}

/** How the deployment began. */
export interface Beginning {
  /** Of the oldest contract: no log of the deployment is in an earlier block. */
  readonly block: bigint;
  /** Unix seconds of the first contract. The guardians' mandate is counted from them, so that every start finds the same end. */
  readonly time: bigint;
  /** What was created so far, oldest first. */
  readonly created: readonly Created[];
}

/** How the deployment began, or undefined when its first contract is not there yet. */
export async function beginningOf(site: Site): Promise<Beginning | undefined> {
  if (!(await recordOf(site, FIRST))) return undefined;
  const created = await createdOf(site);
  const first = created.find(({ name }) => name === FIRST);
  if (!first) return undefined;
  const { timestamp } = await site.client.getBlock({ blockNumber: first.block });
  return { block: created[0]?.block ?? first.block, time: timestamp, created };
}
