import type { SpecFork } from "@cairn/beacon";
import type { Address, Hex } from "viem";
import { DeploymentError } from "../deploymentError.ts";
import { type ConsensusConstants, checkDescription, type NetworkDescription } from "./description.ts";
import { forkEntries } from "./forkEntries.ts";
import { DEFAULT_GOVERNANCE, DEFAULT_RHYTHM, DEFAULT_SEED, DEFAULT_TERMS, instantExitFor } from "./terms.ts";

/** What a public network's description leaves to whoever deploys. */
export interface NetworkSettings {
  readonly guardians?: readonly Address[] | undefined;
  readonly treasury?: Address | undefined;
  /** Default "cairn". */
  readonly release?: string | undefined;
}

/** What is known of a public network, whoever deploys. */
export interface PublicNetwork {
  readonly name: "hoodi" | "mainnet";
  readonly chainId: number;
  readonly genesisBlockHash: Hex;
  readonly consensus: ConsensusConstants;
  readonly beaconDeposit: Address;
  readonly forks: readonly SpecFork[];
}

/**
 * The description of a public network.
 *
 * @throws DeploymentError `badDescription` when guardians or treasury are not given, or a field is out of its bounds.
 */
export function describePublic(network: PublicNetwork, settings: NetworkSettings): NetworkDescription {
  const { guardians, treasury, release } = settings;
  if (!guardians?.length || !treasury) {
    const missing = [guardians?.length ? [] : ["guardians"], treasury ? [] : ["treasury"]]
      .flat()
      .join(" and ");
    throw new DeploymentError(
      "badDescription",
      `${network.name} has no accounts of its own: give its ${missing} by settings`,
    );
  }
  return checkDescription({
    ...network,
    forks: forkEntries({ forks: [...network.forks], slotsPerEpoch: network.consensus.slotsPerEpoch }),
    checkpoints: DEFAULT_RHYTHM,
    instantExit: instantExitFor(DEFAULT_RHYTHM),
    terms: DEFAULT_TERMS,
    seed: DEFAULT_SEED,
    governance: DEFAULT_GOVERNANCE,
    guardians,
    treasury,
    release: release ?? "cairn",
  });
}
