import { type RoleName, rolesAbi } from "@cairn/protocol";
import type { Address, Hex, parseEventLogs } from "viem";
import { ROLE_NAMES, ROLES, restrictedFunctions, roleMembers } from "../stack/roles.ts";
import { compare, type Difference } from "./difference.ts";
import { eventsAt } from "./history.ts";
import { type Inspection, nameAt, read } from "./inspection.ts";

const nameOfRole = (id: bigint): string =>
  ROLE_NAMES.find((name) => ROLES[name] === id) ?? `role ${id} (which nothing of the stack uses)`;

type ManagerLogs = ReturnType<typeof parseEventLogs<typeof rolesAbi, true, undefined>>;

/**
 * The manager's state is exactly the table: members and functions are rebuilt from all of its logs, so that nothing beside
 * the table can hide, and read from its storage too.
 */
export async function verifyRoles(inspection: Inspection): Promise<Difference[]> {
  const logs = eventsAt(inspection, inspection.site.at.accessManager, rolesAbi);
  return [
    ...(await verifyMembers(inspection, logs)),
    ...(await verifyFunctions(inspection, logs)),
    ...(await verifyDelays(inspection)),
    ...changedSettings(inspection, logs),
    ...verifyLabels(logs),
  ];
}

const keyOf = (role: bigint, account: Address) => `${role} ${account.toLowerCase()}`;

async function verifyMembers(inspection: Inspection, logs: ManagerLogs): Promise<Difference[]> {
  const expected = new Set(roleMembers(inspection.site).map((m) => keyOf(ROLES[m.role], m.account)));
  const logged = new Set<string>();
  const seen = new Set(expected);
  for (const { eventName, args } of logs) {
    if (eventName !== "RoleGranted" && eventName !== "RoleRevoked") continue;
    const key = keyOf(args.roleId, args.account);
    seen.add(key);
    if (eventName === "RoleGranted") logged.add(key);
    else logged.delete(key);
  }
  const each = await Promise.all(
    [...seen].map(async (key) => {
      const [id = "", account = ""] = key.split(" ");
      const args = [BigInt(id), account as Address] as const;
      const { accessManager } = inspection.site.at;
      const [since, delay] = await read(inspection, accessManager, rolesAbi, "getAccess", args);
      const isMember = since !== 0 && logged.has(key);
      return memberDifferences(inspection, { id: BigInt(id), account }, expected.has(key), {
        isMember,
        isStored: since !== 0,
        isLogged: logged.has(key),
        delay,
      });
    }),
  );
  return each.flat();
}

function memberDifferences(
  { site, whileDeploying }: Inspection,
  { id, account }: { id: bigint; account: string },
  should: boolean,
  found: { isMember: boolean; isStored: boolean; isLogged: boolean; delay: number },
): Difference[] {
  const whose = account === site.deployer ? `the deployer ${account}` : account;
  const role = nameOfRole(id);
  if (found.isStored !== found.isLogged)
    return [`${role}: the logs and the storage of the manager disagree about ${whose}`];
  if (should && !found.isMember) return [`${role} is not held by ${whose}, who should hold it`];
  if (!should && found.isMember) {
    const isDeploying = whileDeploying && account === site.deployer && id === ROLES.ADMIN;
    return isDeploying ? [] : [`${role} is held by ${whose}, who should not hold it`];
  }
  return should ? compare(`${role}: delay of ${whose} in seconds`, found.delay, 0) : [];
}

async function verifyFunctions(inspection: Inspection, logs: ManagerLogs): Promise<Difference[]> {
  const { at } = inspection.site;
  const table = restrictedFunctions(at);
  const known = new Set(table.map(({ target, selector }) => `${target} ${selector}`));
  const others = new Map<string, { target: Address; selector: Hex; role: bigint }>();
  for (const { eventName, args } of logs) {
    if (eventName !== "TargetFunctionRoleUpdated") continue;
    const key = `${args.target.toLowerCase()} ${args.selector}`;
    if (!known.has(key)) others.set(key, { ...args, role: args.roleId });
  }
  const each = await Promise.all(
    table.map(async ({ contract, target, selector, signature, role }) => {
      const found = await read(inspection, at.accessManager, rolesAbi, "getTargetFunctionRole", [
        target,
        selector,
      ]);
      return compare(`${contract}.${signature}: the role that may call it`, nameOfRole(found), role);
    }),
  );
  return [
    ...each.flat(),
    ...[...others.values()].map(
      ({ target, selector, role }) =>
        `${nameOfRole(role)} was given the function ${selector} of ${nameAt(inspection.site, target)}, which is not in the table`,
    ),
  ];
}

async function verifyDelays(inspection: Inspection): Promise<Difference[]> {
  const { at } = inspection.site;
  const manager = at.accessManager;
  const targets = [...new Map(restrictedFunctions(at).map((row) => [row.target, row.contract]))];
  const ofRoles = ROLE_NAMES.map(async (role) => [
    ...compare(
      `${role}: delay of a grant`,
      await read(inspection, manager, rolesAbi, "getRoleGrantDelay", [ROLES[role]]),
      0,
    ),
    ...compare(
      `${role}: its admin`,
      nameOfRole(await read(inspection, manager, rolesAbi, "getRoleAdmin", [ROLES[role]])),
      "ADMIN",
    ),
    ...compare(
      `${role}: its guardian, who may cancel what is scheduled`,
      nameOfRole(await read(inspection, manager, rolesAbi, "getRoleGuardian", [ROLES[role]])),
      "ADMIN",
    ),
  ]);
  const ofTargets = targets.map(async ([target, contract]) => [
    ...compare(
      `${contract}: delay of its administration`,
      await read(inspection, manager, rolesAbi, "getTargetAdminDelay", [target]),
      0,
    ),
    ...compare(
      `${contract}: closed`,
      await read(inspection, manager, rolesAbi, "isTargetClosed", [target]),
      false,
    ),
  ]);
  return (await Promise.all([...ofRoles, ...ofTargets])).flat(2);
}

/** Settings that nobody should have touched: of whatever role or target, and even when they only act later. */
function changedSettings(inspection: Inspection, logs: ManagerLogs): Difference[] {
  return logs.flatMap(({ eventName, args }): Difference[] => {
    if (eventName === "TargetClosed" && args.closed)
      return [`${nameAt(inspection.site, args.target)} was closed`];
    if (eventName === "RoleGrantDelayChanged" && args.delay !== 0 && args.since !== 0)
      return [`${nameOfRole(args.roleId)}: the delay of a grant was set to ${args.delay} s`];
    if (eventName === "TargetAdminDelayUpdated" && args.delay !== 0)
      return [
        `${nameAt(inspection.site, args.target)}: the delay of its administration was set to ${args.delay} s`,
      ];
    if (eventName === "RoleAdminChanged" && args.admin !== 0n)
      return [`${nameOfRole(args.roleId)}: its admin was set to ${nameOfRole(args.admin)}`];
    if (eventName === "RoleGuardianChanged" && args.guardian !== 0n)
      return [`${nameOfRole(args.roleId)}: its guardian was set to ${nameOfRole(args.guardian)}`];
    return [];
  });
}

function verifyLabels(logs: ManagerLogs): Difference[] {
  const labels = new Map<bigint, string>();
  for (const { eventName, args } of logs) if (eventName === "RoleLabel") labels.set(args.roleId, args.label);
  const named = ROLE_NAMES.filter((name: RoleName) => ROLES[name] !== 0n);
  return named.flatMap((name) => compare(`${name}: its label`, labels.get(ROLES[name]) ?? "", name));
}
