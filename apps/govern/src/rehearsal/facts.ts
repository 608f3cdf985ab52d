import { ADMIN_SLOT, addressInSlot, IMPLEMENTATION_SLOT, MODULES } from "@cairn/deployment";
import type { AddressBook } from "@cairn/protocol";
import { type Address, formatEther, type PublicClient } from "viem";
import { ABIS, abiOf, type ContractName, placeOf, proxyAdminAbi } from "../contracts.ts";
import { jsonOf } from "../words.ts";

/** What governance can change, by name, as people read it. */
export type Facts = Readonly<Record<string, string>>;

/** Views that show each parameter of the stack. */
const VIEWS: readonly (readonly [ContractName, string, readonly unknown[]])[] = [
  ["checkpoints", "parameters", []],
  ["operatorRegistry", "tierTerms", [0]],
  ["operatorRegistry", "tierTerms", [1]],
  ["feeSplit", "treasury", []],
  ["beaconProofs", "forkCount", []],
  ["stakerGovernor", "votingDelay", []],
  ["stakerGovernor", "votingPeriod", []],
  ["stakerGovernor", "lateQuorumVoteExtension", []],
  ["stakerGovernor", "thresholdBps", []],
  ["stakerGovernor", "quorumBps", []],
  ["stakerGovernor", "timelock", []],
  ["timelock", "getMinDelay", []],
  ["emergencyBrake", "mandateEndsAt", []],
  ["emergencyBrake", "isArmed", [0]],
  ["emergencyBrake", "isArmed", [1]],
  ["emergencyBrake", "isArmed", [2]],
  ["stakedEther", "brakedUntil", [0]],
  ["stakedEther", "brakedUntil", [1]],
  ["stakedEther", "brakedUntil", [2]],
  ["stakedEther", "getTotalShares", []],
  ["stakedEther", "getTotalPooledEther", []],
  ["withdrawalQueue", "unfinalizedShares", []],
  ["withdrawalQueue", "getLastRequestId", []],
];

const show = (value: unknown) => (typeof value === "object" ? jsonOf(value) : String(value));

async function upgradeFacts(client: PublicClient, book: AddressBook): Promise<Facts> {
  const facts: Record<string, string> = {};
  for (const module of MODULES) {
    const proxy = placeOf(book, module);
    facts[`${module}: implementation`] = await addressInSlot(client, proxy, IMPLEMENTATION_SLOT);
    const address = await addressInSlot(client, proxy, ADMIN_SLOT);
    facts[`${module}: who may upgrade it`] = await client.readContract({
      address,
      abi: proxyAdminAbi,
      functionName: "owner",
    });
  }
  return facts;
}

/** Reads everything that governance can change, and the ether and shares of every contract of the stack. */
export async function readFacts(client: PublicClient, book: AddressBook): Promise<Facts> {
  const facts: Record<string, string> = {};
  for (const [contract, functionName, args] of VIEWS) {
    const call = { address: placeOf(book, contract), abi: abiOf(contract), functionName, args };
    facts[`${contract}.${functionName}(${args.join(", ")})`] = show(await client.readContract(call));
  }
  Object.assign(facts, await upgradeFacts(client, book));
  for (const [name, address] of contractsOf(book)) {
    facts[`${name}: ether`] = `${formatEther(await client.getBalance({ address }))} ETH`;
    const call = { address: book.stakedEther, abi: ABIS.stakedEther, functionName: "sharesOf" } as const;
    facts[`${name}: shares`] = show(await client.readContract({ ...call, args: [address] }));
  }
  return facts;
}

/** Names and addresses of the book. */
export function contractsOf(book: AddressBook): [string, Address][] {
  return Object.entries(book).filter((entry): entry is [string, Address] => typeof entry[1] === "string");
}

/** What differs, a line each. */
export function differences(before: Facts, after: Facts): string[] {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name]} → ${after[name]}`);
}
