import { type OwnRule, ROLE_TABLE, type RoleName } from "@cairn/protocol";
import { type Address, type Hex, toFunctionSelector } from "viem";
import { DeploymentError } from "../deploymentError.ts";
import { MODULES, type Places, proxyAdminOf } from "./places.ts";
import type { Site } from "./site.ts";

/** Role ids of the contract Roles. */
export const ROLES: Readonly<Record<RoleName, bigint>> = {
  ADMIN: 0n,
  GUARDIAN: 1n,
  RELEASER: 2n,
  PARAMETERS: 3n,
  FORKS: 4n,
  OPERATORS: 5n,
  UPGRADES: 6n,
  OSSIFY: 7n,
};
export const ROLE_NAMES = Object.keys(ROLES) as RoleName[];

/** A function that only one role may call. */
export interface RestrictedFunction {
  readonly contract: string;
  readonly target: Address;
  readonly signature: string;
  readonly selector: Hex;
  readonly role: RoleName;
}

/** Where a name of the table is: a key of the address book, or a module's ProxyAdmin. */
function targetOf(contract: string, at: Places): Address {
  const module = MODULES.find((name) => contract === `${name}.proxyAdmin`);
  if (module) return proxyAdminOf(at[module]);
  const target = (at as Readonly<Record<string, Address>>)[contract];
  if (target) return target;
  throw new DeploymentError(
    "badDescription",
    `contracts/roles.json names "${contract}", which is not deployed`,
  );
}

const isOfManager = (role: RoleName | OwnRule): role is RoleName => Object.hasOwn(ROLES, role);

/**
 * The rows of contracts/roles.json for which the manager decides, with the addresses of this deployment. The timelock and
 * the governor know each other by themselves: that is compared apart.
 */
export function restrictedFunctions(at: Places): RestrictedFunction[] {
  return ROLE_TABLE.flatMap(({ contract, function: signature, role }) => {
    if (!isOfManager(role)) return [];
    const selector = toFunctionSelector(`function ${signature}`);
    return [{ contract, target: targetOf(contract, at), signature, selector, role }];
  });
}

/** Who holds a role. All without a delay: the timelock's own stands before what it does. */
export interface RoleMember {
  readonly role: RoleName;
  readonly account: Address;
}

/** Everybody who holds a role once the deployer has given up its own. */
export function roleMembers({ at, description }: Pick<Site, "at" | "description">): RoleMember[] {
  const ofTimelock = ROLE_NAMES.filter((role) => role !== "GUARDIAN");
  return [
    ...ofTimelock.map((role) => ({ role, account: at.timelock })),
    ...description.guardians.flatMap((account) => [
      { role: "GUARDIAN" as const, account },
      { role: "RELEASER" as const, account },
    ]),
  ];
}
