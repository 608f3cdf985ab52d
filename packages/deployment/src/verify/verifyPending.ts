import { rolesAbi, stakerGovernorAbi, timelockControllerAbi } from "@cairn/protocol";
import { slice } from "viem";
import type { Difference } from "./difference.ts";
import { eventsAt } from "./history.ts";
import { type Inspection, nameAt, read } from "./inspection.ts";

/** What may still come of a proposal, by the governor's number of its state. */
const UNDER_WAY: Readonly<Record<number, string>> = { 0: "pending", 1: "active" };
const PASSED: Readonly<Record<number, string>> = { 4: "passed", 5: "queued" };

/** All that is decided or being decided and not yet done: it will change what is compared here. */
export async function verifyPending(inspection: Inspection): Promise<Difference[]> {
  const each = await Promise.all([scheduled(inspection), delayed(inspection), proposed(inspection)]);
  return each.flat();
}

/** Calls that wait in the timelock, whoever put them there. */
async function scheduled(inspection: Inspection): Promise<Difference[]> {
  const { site } = inspection;
  const { timelock } = site.at;
  const calls = new Map(
    eventsAt(inspection, timelock, timelockControllerAbi).flatMap(({ eventName, args }) =>
      eventName === "CallScheduled" ? [[`${args.id} ${args.index}`, args]] : [],
    ),
  );
  const each = [...calls.values()].map(async ({ id, target, data }) => {
    if (!(await read(inspection, timelock, timelockControllerAbi, "isOperationPending", [id]))) return [];
    return [
      `timelock: a call of ${nameAt(site, target)} (${selectorOf(data)}) is scheduled by operation ${id}`,
    ];
  });
  return (await Promise.all(each)).flat();
}

/** Calls that wait in the manager, for members whose role has a delay. */
async function delayed(inspection: Inspection): Promise<Difference[]> {
  const { site } = inspection;
  const { accessManager } = site.at;
  const calls = new Map(
    eventsAt(inspection, accessManager, rolesAbi).flatMap(({ eventName, args }) =>
      eventName === "OperationScheduled" ? [[args.operationId, args]] : [],
    ),
  );
  const each = [...calls.values()].map(async ({ operationId, caller, target, data }) => {
    if ((await read(inspection, accessManager, rolesAbi, "getSchedule", [operationId])) === 0) return [];
    return [
      `accessManager: a call of ${nameAt(site, target)} (${selectorOf(data)}) by ${caller} is scheduled by operation ${operationId}`,
    ];
  });
  return (await Promise.all(each)).flat();
}

/**
 * Proposals that stakers may still vote on or that have passed. While deploying only the latter: anybody with stake may propose,
 * and could otherwise keep the deployer from giving up its role.
 */
async function proposed(inspection: Inspection): Promise<Difference[]> {
  const { stakerGovernor } = inspection.site.at;
  const told = inspection.whileDeploying ? PASSED : { ...UNDER_WAY, ...PASSED };
  const ids = eventsAt(inspection, stakerGovernor, stakerGovernorAbi).flatMap(({ eventName, args }) =>
    eventName === "ProposalCreated" ? [args.proposalId] : [],
  );
  const each = ids.map(async (id) => {
    const state = told[await read(inspection, stakerGovernor, stakerGovernorAbi, "state", [id])];
    return state ? [`stakerGovernor: the proposal ${id} is ${state}`] : [];
  });
  return (await Promise.all(each)).flat();
}

const selectorOf = (data: `0x${string}`) => (data.length >= 10 ? slice(data, 0, 4) : "no function");
