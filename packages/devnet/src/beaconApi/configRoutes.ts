import { chainConfigToJson } from "@lodestar/config";
import * as params from "@lodestar/params";
import { toHex } from "@lodestar/utils";
import type { Route } from "./route.ts";

/** Constants of the specification that are neither configuration nor preset, as the standard answer holds them. */
function constants(): Record<string, string> {
  const domains = Object.entries(params)
    .filter(([name, value]) => /^DOMAIN_/.test(name) && value instanceof Uint8Array)
    .map(([name, value]) => [name, toHex(value as Uint8Array)]);
  return {
    ...Object.fromEntries(domains),
    BLS_WITHDRAWAL_PREFIX: "0x00",
    ETH1_ADDRESS_WITHDRAWAL_PREFIX: "0x01",
    COMPOUNDING_WITHDRAWAL_PREFIX: "0x02",
    GENESIS_SLOT: "0",
    GENESIS_EPOCH: "0",
    FAR_FUTURE_EPOCH: "18446744073709551615",
    DEPOSIT_CONTRACT_TREE_DEPTH: String(params.DEPOSIT_CONTRACT_TREE_DEPTH),
    JUSTIFICATION_BITS_LENGTH: String(params.JUSTIFICATION_BITS_LENGTH),
    TIMELY_SOURCE_FLAG_INDEX: "0x00",
    TIMELY_TARGET_FLAG_INDEX: "0x01",
    TIMELY_HEAD_FLAG_INDEX: "0x02",
    TIMELY_SOURCE_WEIGHT: String(params.TIMELY_SOURCE_WEIGHT),
    TIMELY_TARGET_WEIGHT: String(params.TIMELY_TARGET_WEIGHT),
    TIMELY_HEAD_WEIGHT: String(params.TIMELY_HEAD_WEIGHT),
    SYNC_REWARD_WEIGHT: String(params.SYNC_REWARD_WEIGHT),
    PROPOSER_WEIGHT: String(params.PROPOSER_WEIGHT),
    WEIGHT_DENOMINATOR: String(params.WEIGHT_DENOMINATOR),
    UNSET_DEPOSIT_REQUESTS_START_INDEX: String(params.UNSET_DEPOSIT_REQUESTS_START_INDEX),
    FULL_EXIT_REQUEST_AMOUNT: String(params.FULL_EXIT_REQUEST_AMOUNT),
  };
}

export const configRoutes: Route[] = [
  {
    method: "GET",
    path: "/eth/v1/beacon/genesis",
    handle: ({ chain }) => ({
      json: {
        data: {
          genesis_time: String(chain.genesisTime),
          genesis_validators_root: toHex(chain.state.genesisValidatorsRoot),
          genesis_fork_version: chain.genesisForkVersion,
        },
      },
    }),
  },
  {
    method: "GET",
    path: "/eth/v1/config/spec",
    handle: ({ chain }) => ({
      json: {
        data: {
          ...constants(),
          ...params.presetToJson(params.activePreset),
          ...chainConfigToJson(chain.config),
        },
      },
    }),
  },
  {
    method: "GET",
    path: "/eth/v1/config/fork_schedule",
    handle: ({ chain }) => ({
      json: {
        data: chain.config.forksAscendingEpochOrder
          .filter((fork) => fork.epoch !== Number.POSITIVE_INFINITY)
          .map((fork) => ({
            previous_version: toHex(fork.prevVersion),
            current_version: toHex(fork.version),
            epoch: String(fork.epoch),
          })),
      },
    }),
  },
  {
    method: "GET",
    path: "/eth/v1/config/deposit_contract",
    handle: ({ chain }) => ({
      json: {
        data: {
          chain_id: String(chain.config.DEPOSIT_CHAIN_ID),
          address: toHex(chain.config.DEPOSIT_CONTRACT_ADDRESS),
        },
      },
    }),
  },
];
