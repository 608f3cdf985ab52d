import { type Address, isAddress } from "viem";
import { ProtocolError } from "./protocolError.ts";

/** The contracts of a deployment. */
const CONTRACTS = [
  "stakedEther",
  "withdrawalQueue",
  "withdrawalVault",
  "executionRewardsVault",
  "operatorRegistry",
  "beaconProofs",
  "validatorManager",
  "checkpoints",
  "wrappedStakedEther",
  "leavingQuote",
  "withdrawals",
  "penalties",
  "depositsInFlight",
  "exposure",
  "feeSplit",
  /** Roles: holds who may do what. What modules call their governance. */
  "accessManager",
  "timelock",
  "stakerGovernor",
  "lockedVotes",
  "emergencyBrake",
  /** Created all of the above; says from what. */
  "stackDeployer",
] as const;

/** Where one deployment of the stack lives. */
export interface AddressBook extends Readonly<Record<(typeof CONTRACTS)[number], Address>> {
  readonly chainId: number;
  /** Block of the first contract: no log of the stack is older. */
  readonly deployedAtBlock: number;
}

/**
 * An address book from JSON, its addresses in lower case.
 *
 * @throws ProtocolError `addressBookWrong` that names every wrong field.
 */
export function parseAddressBook(json: unknown): AddressBook {
  const given = (typeof json === "object" && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const wrong: string[] = [];
  const number = (field: "chainId" | "deployedAtBlock", least: number): number => {
    const value = given[field];
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    wrong.push(`${field} must be a whole number from ${least} on`);
    return 0;
  };
  const address = (field: string): Address => {
    const value = given[field];
    if (typeof value === "string" && isAddress(value, { strict: false }))
      return value.toLowerCase() as Address;
    wrong.push(`${field} must be an address`);
    return "0x";
  };
  const places = Object.fromEntries(CONTRACTS.map((name) => [name, address(name)]));
  const book = {
    chainId: number("chainId", 1),
    ...(places as Record<(typeof CONTRACTS)[number], Address>),
    deployedAtBlock: number("deployedAtBlock", 0),
  };
  if (wrong.length === 0) return book;
  throw new ProtocolError("addressBookWrong", `this is no address book of Cairn: ${wrong.join(", ")}`);
}
