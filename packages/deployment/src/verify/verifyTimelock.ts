import { stakerGovernorAbi, timelockControllerAbi } from "@cairn/protocol";
import { type Address, type Hex, keccak256, toHex } from "viem";
import { compare, type Difference } from "./difference.ts";
import { eventsAt } from "./history.ts";
import { type Inspection, read } from "./inspection.ts";

const DEFAULT_ADMIN: Hex = `0x${"00".repeat(32)}`;
const TIMELOCK_ROLES: Readonly<Record<string, Hex>> = {
  DEFAULT_ADMIN_ROLE: DEFAULT_ADMIN,
  PROPOSER_ROLE: keccak256(toHex("PROPOSER_ROLE")),
  CANCELLER_ROLE: keccak256(toHex("CANCELLER_ROLE")),
  EXECUTOR_ROLE: keccak256(toHex("EXECUTOR_ROLE")),
};

/** The timelock obeys the governor alone and administers itself; the governor votes by the described terms. */
export async function verifyTimelock(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const delay = await read(inspection, at.timelock, timelockControllerAbi, "getMinDelay", []);
  return [
    ...compare("timelock: its delay in seconds", delay, description.governance.timelockDelay),
    ...(await verifyTimelockRoles(inspection)),
    ...(await verifyGovernor(inspection)),
  ];
}

async function verifyTimelockRoles(inspection: Inspection): Promise<Difference[]> {
  const { at, deployer } = inspection.site;
  const nameOf = (id: Hex) =>
    Object.entries(TIMELOCK_ROLES).find(([, role]) => role === id)?.[0] ?? `role ${id}`;
  const expected = new Set([
    `${DEFAULT_ADMIN} ${at.timelock}`,
    ...["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"].map(
      (role) => `${TIMELOCK_ROLES[role]} ${at.stakerGovernor}`,
    ),
  ]);
  const seen = new Set(expected);
  const logs = eventsAt(inspection, at.timelock, timelockControllerAbi);
  for (const { eventName, args } of logs)
    if (eventName === "RoleGranted") seen.add(`${args.role} ${args.account.toLowerCase()}`);
  const admins = logs.flatMap(({ eventName, args }) =>
    eventName === "RoleAdminChanged" && args.newAdminRole !== DEFAULT_ADMIN
      ? [`timelock: the admin of ${nameOf(args.role)} was set to ${nameOf(args.newAdminRole)}`]
      : [],
  );
  const members = await Promise.all(
    [...seen].map(async (key): Promise<Difference[]> => {
      const [role, account] = key.split(" ") as [Hex, Address];
      const holds = await read(inspection, at.timelock, timelockControllerAbi, "hasRole", [role, account]);
      if (holds === expected.has(key)) return [];
      const whose = account === deployer ? `the deployer ${account}` : account;
      return [
        `timelock: ${whose} ${holds ? "holds" : "does not hold"} ${nameOf(role)}, and should${holds ? " not" : ""}`,
      ];
    }),
  );
  return [...admins, ...members.flat()];
}

type GovernorTerm =
  | "votingDelay"
  | "votingPeriod"
  | "thresholdBps"
  | "quorumBps"
  | "lateQuorumVoteExtension"
  | "timelock";

async function verifyGovernor(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const terms = description.governance;
  const governor = (name: GovernorTerm) =>
    inspection.site.client.readContract({
      address: at.stakerGovernor,
      abi: stakerGovernorAbi,
      functionName: name,
    });
  return [
    ...compare("stakerGovernor: voting delay in seconds", await governor("votingDelay"), terms.votingDelay),
    ...compare(
      "stakerGovernor: voting period in seconds",
      await governor("votingPeriod"),
      terms.votingPeriod,
    ),
    ...compare(
      "stakerGovernor: vote extension in seconds",
      await governor("lateQuorumVoteExtension"),
      terms.voteExtension,
    ),
    ...compare(
      "stakerGovernor: threshold in basis points",
      await governor("thresholdBps"),
      terms.thresholdBps,
    ),
    ...compare("stakerGovernor: quorum in basis points", await governor("quorumBps"), terms.quorumBps),
    ...compare("stakerGovernor: its timelock", await governor("timelock"), at.timelock),
  ];
}
