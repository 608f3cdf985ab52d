import {
  beaconProofsAbi,
  checkpointsAbi,
  feeSplitAbi,
  moduleProxyAbi,
  operatorRegistryAbi,
  proxyAdminAbi,
  rolesAbi,
  stakerGovernorAbi,
  timelockControllerAbi,
  withdrawalsAbi,
} from "@cairn/protocol";
import { type Abi, type AbiEvent, type Address, type Log, parseEventLogs, toEventSelector } from "viem";
import { logsFrom } from "../stack/logs.ts";
import { type ContractName, MODULES, proxyAdminOf } from "../stack/places.ts";
import type { Beginning } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import type { Inspection } from "./inspection.ts";

type Logs = readonly Log<bigint, number, false>[];

/** Everything that tells of power and its use. What people do every day is not among it. */
const WATCHED: readonly AbiEvent[] = [
  ...eventsIn(rolesAbi),
  ...eventsIn(timelockControllerAbi),
  ...eventsIn(moduleProxyAbi),
  ...eventsIn(proxyAdminAbi),
  ...eventsIn(stakerGovernorAbi, "ProposalCreated", "ProposalVetoed"),
  ...eventsIn(checkpointsAbi, "ParametersChanged", "Initialized"),
  ...eventsIn(feeSplitAbi, "TreasuryChanged"),
  ...eventsIn(operatorRegistryAbi, "TierTermsChanged", "TierGranted"),
  ...eventsIn(withdrawalsAbi, "ExitOrdered"),
  ...eventsIn(beaconProofsAbi, "ForkProposed"),
];

/** Events of an ABI: those named, or all. */
function eventsIn(abi: Abi, ...names: string[]): AbiEvent[] {
  const events = abi.filter((item) => item.type === "event");
  return names.length === 0 ? events : events.filter(({ name }) => names.includes(name));
}

/** Reads the watched logs of all contracts that have any, from the oldest contract on. */
export function readHistory({ client, at }: Site, beginning: Beginning): Promise<Logs> {
  const addresses = [
    at.accessManager,
    at.timelock,
    at.stakerGovernor,
    ...MODULES.flatMap((module) => [at[module], proxyAdminOf(at[module])]),
  ];
  const events = new Map(WATCHED.map((event) => [toEventSelector(event), event]));
  return logsFrom(client, addresses, [...events.values()], beginning.block);
}

/** The watched events of one contract, oldest first. */
export function eventsAt<const abi extends Abi>({ history }: Inspection, address: Address, abi: abi) {
  const logs = history.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  return parseEventLogs({ abi, logs });
}

/**
 * Whether a log is newer than the creation of `name`. The StackDeployer notes a contract right after its constructor: what is
 * older is the constructor's own, of which the creation code's hash tells.
 */
export function isSince(
  { beginning }: Inspection,
  name: ContractName,
  log: { blockNumber: bigint; logIndex: number },
): boolean {
  const creation = beginning.created.find((created) => created.name === name);
  if (!creation || log.blockNumber > creation.block) return true;
  return log.blockNumber === creation.block && log.logIndex > creation.index;
}
