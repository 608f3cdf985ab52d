import { createBlockchain } from "@ethereumjs/blockchain";
import { Common, Hoodi, Mainnet } from "@ethereumjs/common";
import { getGenesis } from "@ethereumjs/genesis";
import { genesisData, networksChainConfig } from "@lodestar/config/networks";
import { mainnetPreset } from "@lodestar/params/presets/mainnet";
import { bytesToHex } from "viem";
import { describe, expect, test } from "vitest";
import { HOODI, MAINNET } from "../src/index.ts";

describe.each([["hoodi", HOODI, Hoodi] as const, ["mainnet", MAINNET, Mainnet] as const])(
  "%s",
  (name, network, execution) => {
    const config = networksChainConfig[name];

    test("has Lodestar's consensus constants", () => {
      const { genesisTime, genesisValidatorsRoot } = genesisData[name];
      expect(network.consensus).toEqual({
        genesisTime: BigInt(genesisTime),
        genesisValidatorsRoot,
        secondsPerSlot: BigInt(config.SECONDS_PER_SLOT),
        slotsPerEpoch: BigInt(mainnetPreset.SLOTS_PER_EPOCH),
        shardCommitteePeriod: BigInt(config.SHARD_COMMITTEE_PERIOD),
        slashingsVector: BigInt(mainnetPreset.EPOCHS_PER_SLASHINGS_VECTOR),
      });
      expect(config.PRESET_BASE).toBe("mainnet");
      expect(network.chainId).toBe(config.DEPOSIT_CHAIN_ID);
      expect(network.beaconDeposit).toBe(bytesToHex(config.DEPOSIT_CONTRACT_ADDRESS));
    });

    test("has Lodestar's forks from Electra on, all of those that have a date", () => {
      expect(network.forks).toEqual([
        {
          name: "electra",
          version: bytesToHex(config.ELECTRA_FORK_VERSION),
          epoch: BigInt(config.ELECTRA_FORK_EPOCH),
        },
        {
          name: "fulu",
          version: bytesToHex(config.FULU_FORK_VERSION),
          epoch: BigInt(config.FULU_FORK_EPOCH),
        },
      ]);
      expect(config.GLOAS_FORK_EPOCH, "Gloas has a date: add its row").toBe(Number.POSITIVE_INFINITY);
    });

    test("begins with the block that its genesis makes", async () => {
      const chain = await createBlockchain({
        common: new Common({ chain: execution }),
        genesisState: getGenesis(network.chainId) ?? {},
        validateBlocks: false,
        validateConsensus: false,
      });
      expect(bytesToHex(chain.genesisBlock.hash())).toBe(network.genesisBlockHash);
    });
  },
);
