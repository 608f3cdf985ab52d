import {
  describeLocal,
  type LocalSettings,
  type NetworkDescription,
  type RunningChainFacts,
  type Site,
  siteOf,
} from "../../src/index.ts";
import { accountOf, DEPOSIT_CONTRACT, type TestAnvil } from "./testAnvil.ts";

/** What a beacon node would say beside an anvil. */
const CHAIN_FACTS: Omit<RunningChainFacts, "chainId" | "genesisBlockHash"> = {
  spec: {
    forks: [
      { name: "electra", version: "0x05323832", epoch: 0n },
      { name: "fulu", version: "0x06323832", epoch: 100n },
    ],
    slotsPerEpoch: 8n,
    secondsPerSlot: 48n,
    shardCommitteePeriod: 2n,
    epochsPerSlashingsVector: 64n,
    depositContractAddress: DEPOSIT_CONTRACT,
  },
  genesis: { genesisTime: 1_767_225_600n, genesisValidatorsRoot: `0x${"77".repeat(32)}` },
};

/** A description that is right, for a chain that is not there. */
export function anyDescription(settings: LocalSettings = {}): NetworkDescription {
  return describeLocal(
    { chainId: 31_337, genesisBlockHash: `0x${"11".repeat(32)}`, ...CHAIN_FACTS },
    settings,
  );
}

/** The local stack on an anvil. */
export async function testSite(anvil: TestAnvil, settings: LocalSettings = {}): Promise<Site> {
  const { hash } = await anvil.client.getBlock({ blockNumber: 0n });
  const description = describeLocal(
    { chainId: anvil.chain.id, genesisBlockHash: hash as `0x${string}`, ...CHAIN_FACTS },
    settings,
  );
  return siteOf(description, accountOf("deployer").address, anvil.client as never);
}
