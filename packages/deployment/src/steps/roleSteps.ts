import { rolesAbi } from "@cairn/protocol";
import { encodeFunctionData, type Hex } from "viem";
import { hasCode } from "../stack/records.ts";
import { ROLES, restrictedFunctions, roleMembers } from "../stack/roles.ts";
import type { Site } from "../stack/site.ts";
import type { Step } from "./step.ts";

/** Name of the last step. */
export const RENOUNCE = "renounce";
const CALL_GAS = 55_000n;

const managerOf = ({ at }: Site) => ({ address: at.accessManager, abi: rolesAbi }) as const;

/** Grants that are still needed. */
async function missingGrants(site: Site): Promise<Hex[]> {
  const each = roleMembers(site).map(async ({ role, account }) => {
    const args = [ROLES[role], account] as const;
    const [isMember, delay] = await site.client.readContract({
      ...managerOf(site),
      functionName: "hasRole",
      args,
    });
    if (isMember && delay === 0) return [];
    return [encodeFunctionData({ abi: rolesAbi, functionName: "grantRole", args: [...args, 0] })];
  });
  return (await Promise.all(each)).flat();
}

/** Functions of contracts/roles.json that still have another role. */
async function missingFunctions(site: Site): Promise<Hex[]> {
  const each = restrictedFunctions(site.at).map(async ({ target, selector, role }) => {
    const found = await site.client.readContract({
      ...managerOf(site),
      functionName: "getTargetFunctionRole",
      args: [target, selector],
    });
    if (found === ROLES[role]) return [];
    const args = [target, [selector], ROLES[role]] as const;
    return [encodeFunctionData({ abi: rolesAbi, functionName: "setTargetFunctionRole", args })];
  });
  return (await Promise.all(each)).flat();
}

/** Grants first: they come in one transaction with the rest, so a deployment that has none needs no closer look. */
async function isWired(site: Site): Promise<boolean> {
  if (!(await hasCode(site, site.at.accessManager)) || (await missingGrants(site)).length > 0) return false;
  return (await missingFunctions(site)).length === 0;
}

/** Names of the roles, as explorers show them. ADMIN has its own. */
function labelCalls(): Hex[] {
  return Object.entries(ROLES)
    .filter(([, id]) => id !== 0n)
    .map(([label, id]) =>
      encodeFunctionData({ abi: rolesAbi, functionName: "labelRole", args: [id, label] }),
    );
}

/** Who may call what, all in one transaction; then the deployer gives up its own role. */
export const roleSteps = (site: Site): Step[] => [wiring(site), renunciation(site)];

function wiring(site: Site): Step {
  const functions = restrictedFunctions(site.at);
  const members = roleMembers(site);
  const accounts = new Set(members.map(({ account }) => account)).size;
  const calls = functions.length + members.length + labelCalls().length;
  return {
    name: "roles",
    what: `${functions.length} functions get their role, ${accounts} accounts theirs`,
    gas: 30_000n + BigInt(calls) * CALL_GAS,
    value: 0n,
    isDone: () => isWired(site),
    transaction: async () => ({
      to: site.at.accessManager,
      // labels cannot be read back: they go with whatever is missing, in one transaction
      data: encodeFunctionData({
        abi: rolesAbi,
        functionName: "multicall",
        args: [[...(await missingFunctions(site)), ...(await missingGrants(site)), ...labelCalls()]],
      }),
      value: 0n,
    }),
  };
}

function renunciation(site: Site): Step {
  const { at, deployer, client } = site;
  const args = [ROLES.ADMIN, deployer] as const;
  return {
    name: RENOUNCE,
    what: `${deployer} gives up ADMIN: from here on only the timelock rules`,
    gas: 40_000n,
    value: 0n,
    isDone: async () => {
      if (!(await hasCode(site, at.accessManager))) return false;
      const [isAdmin] = await client.readContract({ ...managerOf(site), functionName: "hasRole", args });
      return !isAdmin;
    },
    transaction: async () => ({
      to: at.accessManager,
      data: encodeFunctionData({ abi: rolesAbi, functionName: "renounceRole", args }),
      value: 0n,
    }),
  };
}
