import {
  beaconProofsAbi,
  checkpointsAbi,
  feeSplitAbi,
  operatorRegistryAbi,
  stakerGovernorAbi,
  withdrawalsAbi,
} from "@cairn/protocol";
import type { Abi } from "viem";
import type { ContractName } from "../stack/places.ts";
import type { Difference } from "./difference.ts";
import { eventsAt, isSince } from "./history.ts";
import type { Inspection } from "./inspection.ts";

/**
 * All that was done with governance's power since the contracts are there, by whomever: whoever holds ADMIN while deploying may
 * do all of it, and what was put back again may have had its use meanwhile. The state itself is compared elsewhere.
 */
export function verifyDeeds(inspection: Inspection): Difference[] {
  return [
    ...changedTerms(inspection),
    ...since(inspection, "operatorRegistry", operatorRegistryAbi).flatMap(({ eventName, args, block }) =>
      eventName === "TierGranted"
        ? [`operatorRegistry: operator ${args.operatorId} was given tier ${args.tier} ${block}`]
        : [],
    ),
    ...since(inspection, "withdrawals", withdrawalsAbi).flatMap(({ eventName, args, block }) =>
      eventName === "ExitOrdered"
        ? [`withdrawals: the exit of the validator ${args.pubkeyRoot} was ordered ${block}`]
        : [],
    ),
    ...since(inspection, "stakerGovernor", stakerGovernorAbi).flatMap(({ eventName, args, block }) =>
      eventName === "ProposalVetoed"
        ? [`stakerGovernor: the proposal ${args.proposalId} was vetoed ${block}, the only time for its calls`]
        : [],
    ),
  ];
}

function changedTerms(inspection: Inspection): Difference[] {
  return [
    ...since(inspection, "checkpoints", checkpointsAbi).flatMap(({ eventName, block }) =>
      eventName === "ParametersChanged" ? [`checkpoints: the parameters were set ${block}`] : [],
    ),
    ...since(inspection, "feeSplit", feeSplitAbi).flatMap(({ eventName, args, block }) =>
      eventName === "TreasuryChanged" ? [`feeSplit: the treasury was set to ${args.treasury} ${block}`] : [],
    ),
    ...since(inspection, "operatorRegistry", operatorRegistryAbi).flatMap(({ eventName, args, block }) =>
      eventName === "TierTermsChanged"
        ? [`operatorRegistry: the terms of tier ${args.tier} were set ${block}`]
        : [],
    ),
    ...since(inspection, "beaconProofs", beaconProofsAbi).flatMap(({ eventName, args, block }) =>
      eventName === "ForkProposed" ? [`beaconProofs: fork ${args.entry} was proposed ${block}`] : [],
    ),
  ];
}

/** What a contract logged since its constructor ended, each with its block in words. */
function since<const abi extends Abi>(inspection: Inspection, name: ContractName, abi: abi) {
  return eventsAt(inspection, inspection.site.at[name], abi)
    .filter((log) => isSince(inspection, name, log))
    .map((log) => ({ ...log, block: `in block ${log.blockNumber}` }));
}
