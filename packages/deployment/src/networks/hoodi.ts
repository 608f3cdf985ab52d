import type { PublicNetwork } from "./publicNetworks.ts";

/** The test network for staking. Its rules are mainnet's; a test compares all constants with Lodestar's. */
export const HOODI: PublicNetwork = {
  name: "hoodi",
  chainId: 560_048,
  genesisBlockHash: "0xbbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b",
  consensus: {
    genesisTime: 1_742_213_400n,
    secondsPerSlot: 12n,
    slotsPerEpoch: 32n,
    shardCommitteePeriod: 256n,
    slashingsVector: 8192n,
    genesisValidatorsRoot: "0x212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f",
  },
  beaconDeposit: "0x00000000219ab540356cbb839cbe05303d7705fa",
  forks: [
    { name: "electra", version: "0x60000910", epoch: 2048n },
    { name: "fulu", version: "0x70000910", epoch: 50_688n },
  ],
};
