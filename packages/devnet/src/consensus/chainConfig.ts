import { type ChainConfig, createChainForkConfig } from "@lodestar/config";
import { mainnetChainConfig } from "@lodestar/config/configs";
import type { PresetName } from "@lodestar/params";
import { fromHex } from "@lodestar/utils";
import { systemContracts } from "../execution/systemContracts.ts";

export interface ChainConfigOptions {
  preset: "minimal" | "mainnet";
  chainId: number;
  secondsPerSlot: number;
  delays: "short" | "mainnet";
  fuluEpoch?: number | undefined;
}

/** Version bytes 1 to 3 of every fork; own ones, so that a deposit signed for this chain is worth nothing on mainnet. */
const VERSION_TAIL = "323832";

const FORKS = [
  "GENESIS",
  "ALTAIR",
  "BELLATRIX",
  "CAPELLA",
  "DENEB",
  "ELECTRA",
  "FULU",
  "GLOAS",
  "HEZE",
] as const;

/**
 * Short waiting times: exits two epochs after activation, withdrawable four epochs after the exit.
 * Four epochs are also the least for which the minimal preset still applies the correlation penalty.
 */
const SHORT_DELAYS = { SHARD_COMMITTEE_PERIOD: 2, MIN_VALIDATOR_WITHDRAWABILITY_DELAY: 4 };

/** Mainnet's configuration with what this chain must have differently. `deviations` lists every difference. */
export function chainConfig(options: ChainConfigOptions): ReturnType<typeof createChainForkConfig> {
  const versions = Object.fromEntries(
    FORKS.map((fork, index) => [`${fork}_FORK_VERSION`, fromHex(`0x0${index}${VERSION_TAIL}`)]),
  ) as Pick<ChainConfig, "GENESIS_FORK_VERSION">;
  return createChainForkConfig({
    ...mainnetChainConfig,
    ...versions,
    PRESET_BASE: options.preset as PresetName,
    CONFIG_NAME: "cairn-devnet",
    ALTAIR_FORK_EPOCH: 0,
    BELLATRIX_FORK_EPOCH: 0,
    CAPELLA_FORK_EPOCH: 0,
    DENEB_FORK_EPOCH: 0,
    ELECTRA_FORK_EPOCH: 0,
    FULU_FORK_EPOCH: options.fuluEpoch ?? Number.POSITIVE_INFINITY,
    BLOB_SCHEDULE: [],
    TERMINAL_TOTAL_DIFFICULTY: 0n,
    SECONDS_PER_SLOT: options.secondsPerSlot,
    SLOT_DURATION_MS: options.secondsPerSlot * 1000,
    MIN_GENESIS_TIME: 0,
    GENESIS_DELAY: 0,
    DEPOSIT_CHAIN_ID: options.chainId,
    DEPOSIT_NETWORK_ID: options.chainId,
    DEPOSIT_CONTRACT_ADDRESS: fromHex(systemContracts().depositContract.address),
    ...(options.delays === "short" ? SHORT_DELAYS : {}),
  });
}
