import type { PublicNetwork } from "./publicNetworks.ts";

/** Ethereum. A test compares all constants with Lodestar's. */
export const MAINNET: PublicNetwork = {
  name: "mainnet",
  chainId: 1,
  genesisBlockHash: "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
  consensus: {
    genesisTime: 1_606_824_023n,
    secondsPerSlot: 12n,
    slotsPerEpoch: 32n,
    shardCommitteePeriod: 256n,
    slashingsVector: 8192n,
    genesisValidatorsRoot: "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
  },
  beaconDeposit: "0x00000000219ab540356cbb839cbe05303d7705fa",
  forks: [
    { name: "electra", version: "0x05000000", epoch: 364_032n },
    { name: "fulu", version: "0x06000000", epoch: 411_392n },
  ],
};
