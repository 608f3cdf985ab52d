import {
  beaconProofsAbi,
  checkpointsAbi,
  emergencyBrakeAbi,
  feeSplitAbi,
  operatorRegistryAbi,
  stakedEtherAbi,
} from "@cairn/protocol";
import { compare, compareFields, type Difference } from "./difference.ts";
import { type Inspection, orUnreadable, read } from "./inspection.ts";

/** Zones of the brake, by number. */
const ZONES = ["Deposit", "Validators", "Accounting"] as const;

/** All that governance may change later is as described: parameters, terms, forks, treasury, brake. */
export async function verifyParameters(inspection: Inspection): Promise<Difference[]> {
  return (
    await Promise.all([
      orUnreadable("checkpoints' parameters", verifyCheckpoints(inspection)),
      orUnreadable("feeSplit's treasury", verifyTreasury(inspection)),
      orUnreadable("operatorRegistry's terms", verifyTiers(inspection)),
      orUnreadable("beaconProofs' constants and forks", verifyForks(inspection)),
      orUnreadable("emergencyBrake's state", verifyBrake(inspection)),
    ])
  ).flat();
}

async function verifyCheckpoints(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const parameters = await read(inspection, at.checkpoints, checkpointsAbi, "parameters", []);
  return compareFields("checkpoints", parameters, description.checkpoints);
}

async function verifyTreasury(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const treasury = await read(inspection, at.feeSplit, feeSplitAbi, "treasury", []);
  return compare("feeSplit: the treasury", treasury, description.treasury);
}

async function verifyTiers(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const { permissionless, curated } = description.terms;
  const terms = (tier: number) =>
    read(inspection, at.operatorRegistry, operatorRegistryAbi, "tierTerms", [tier]);
  return [
    ...compareFields("operatorRegistry: permissionless tier", await terms(0), permissionless),
    ...compareFields("operatorRegistry: curated tier", await terms(1), curated),
  ];
}

async function verifyForks(inspection: Inspection): Promise<Difference[]> {
  const { at, description } = inspection.site;
  const proofs = at.beaconProofs;
  const constants = await read(inspection, proofs, beaconProofsAbi, "chainConstants", []);
  const count = Number(await read(inspection, proofs, beaconProofsAbi, "forkCount", []));
  const entries = await Promise.all(
    description.forks.slice(0, count).map(async (fork, i) => {
      const found = await read(inspection, proofs, beaconProofsAbi, "forkEntry", [BigInt(i)]);
      const isUsable = await read(inspection, proofs, beaconProofsAbi, "forkUsable", [BigInt(i)]);
      return [
        ...compareFields(`beaconProofs: fork ${i}`, found, fork),
        ...compare(`beaconProofs: fork ${i}: usable`, isUsable, true),
      ];
    }),
  );
  return [
    ...compareFields("beaconProofs", constants, description.consensus),
    ...compare("beaconProofs: number of forks", count, description.forks.length),
    ...entries.flat(),
  ];
}

async function verifyBrake(inspection: Inspection): Promise<Difference[]> {
  const { at, description, client } = inspection.site;
  const { timestamp } = await client.getBlock();
  const mandate = inspection.beginning.time + BigInt(description.governance.mandateSeconds);
  const zones = await Promise.all(
    ZONES.map(async (zone, i) => {
      const isArmed = await read(inspection, at.emergencyBrake, emergencyBrakeAbi, "isArmed", [i]);
      const until = await read(inspection, at.stakedEther, stakedEtherAbi, "brakedUntil", [i]);
      return [
        ...compare(`emergencyBrake: armed for the zone ${zone}`, isArmed, true),
        ...compare(`stakedEther: zone ${zone} stopped`, BigInt(until) > timestamp, false),
      ];
    }),
  );
  return [
    ...compare(
      "emergencyBrake: its authority",
      await read(inspection, at.emergencyBrake, emergencyBrakeAbi, "authority", []),
      at.accessManager,
    ),
    ...compare(
      "emergencyBrake: end of the guardians' mandate (Unix seconds)",
      BigInt(await read(inspection, at.emergencyBrake, emergencyBrakeAbi, "mandateEndsAt", [])),
      mandate,
    ),
    ...zones.flat(),
  ];
}
