import type { ForkName, Genesis, Spec } from "@cairn/beacon";
import { type Address, type Hex, keccak256, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { checkDescription, type NetworkDescription } from "./description.ts";
import { forkEntries } from "./forkEntries.ts";
import type { NetworkSettings } from "./publicNetworks.ts";
import {
  type CheckpointParameters,
  DEFAULT_SEED,
  DEFAULT_TERMS,
  type GovernanceTerms,
  instantExitFor,
  SHORT_GOVERNANCE,
  SHORTEST_RHYTHM,
  type ValidatorTerms,
} from "./terms.ts";

/** What only the running chain can say. */
export interface RunningChainFacts {
  readonly chainId: number;
  readonly genesisBlockHash: Hex;
  readonly spec: Pick<
    Spec,
    | "forks"
    | "slotsPerEpoch"
    | "secondsPerSlot"
    | "shardCommitteePeriod"
    | "epochsPerSlashingsVector"
    | "depositContractAddress"
  >;
  readonly genesis: Pick<Genesis, "genesisTime" | "genesisValidatorsRoot">;
}

export interface LocalSettings extends NetworkSettings {
  readonly checkpoints?: CheckpointParameters | undefined;
  readonly terms?: ValidatorTerms | undefined;
  readonly governance?: GovernanceTerms | undefined;
  readonly seed?: bigint | undefined;
  /** Forks that the table begins with, by name; all that are scheduled and can be read if none are given. */
  readonly knownForks?: readonly ForkName[] | undefined;
}

/** Private key of somebody on a development chain. It follows from the name: worth nothing anywhere else. */
export const developmentKey = (person: string): Hex => keccak256(toHex(`cairn person ${person}`));
const developmentAccount = (person: string): Address =>
  privateKeyToAccount(developmentKey(person)).address.toLowerCase() as Address;

/**
 * The description of a development chain: its constants are its own, its governance is quick, and its guardian and
 * treasury are the development accounts "guardian" and "treasury" unless others are given.
 */
export function describeLocal(chain: RunningChainFacts, settings: LocalSettings = {}): NetworkDescription {
  const { spec, genesis } = chain;
  const checkpoints = settings.checkpoints ?? SHORTEST_RHYTHM;
  const isKnown = (name: string) => settings.knownForks?.some((known) => known === name) ?? true;
  return checkDescription({
    name: "local",
    chainId: chain.chainId,
    genesisBlockHash: chain.genesisBlockHash,
    consensus: {
      genesisTime: genesis.genesisTime,
      secondsPerSlot: spec.secondsPerSlot,
      slotsPerEpoch: spec.slotsPerEpoch,
      shardCommitteePeriod: spec.shardCommitteePeriod,
      slashingsVector: spec.epochsPerSlashingsVector,
      genesisValidatorsRoot: genesis.genesisValidatorsRoot,
    },
    beaconDeposit: spec.depositContractAddress,
    forks: forkEntries({ ...spec, forks: spec.forks.filter(({ name }) => isKnown(name)) }),
    checkpoints,
    instantExit: instantExitFor(checkpoints),
    terms: settings.terms ?? DEFAULT_TERMS,
    seed: settings.seed ?? DEFAULT_SEED,
    governance: settings.governance ?? SHORT_GOVERNANCE,
    guardians: settings.guardians ?? [developmentAccount("guardian")],
    treasury: settings.treasury ?? developmentAccount("treasury"),
    release: settings.release ?? "cairn",
  });
}
