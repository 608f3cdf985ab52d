const ETH = 1_000_000_000n;

/** TierTerms of the contracts: what a tier's operators may run and must put up. Gwei and basis points. */
export interface TierTerms {
  /** Stake of one operator at most, of the pool. */
  readonly operatorShareBps: number;
  /** Stake of all operators of the tier, of the pool. */
  readonly tierShareBps: number;
  /** What one operator may run in any case, while the pool is young. */
  readonly operatorFloorGwei: bigint;
  readonly tierFloorGwei: bigint;
  /** Stake up to which `bondBps` holds; above it `bondBpsAbove`. */
  readonly kneeGwei: bigint;
  readonly bondBps: number;
  readonly bondBpsAbove: number;
}

/** Bonds and limits of operators, as deployed. */
export interface ValidatorTerms {
  /** Gwei that an operator's members must hold before it gets another: 32 to 2,048 ETH. */
  readonly fillTargetGwei: bigint;
  readonly permissionless: TierTerms;
  readonly curated: TierTerms;
}

/** Protocol §7. The floors, which it leaves open, let one operator of a young pool fill one, or ten, validators. */
export const DEFAULT_TERMS: ValidatorTerms = {
  fillTargetGwei: 1800n * ETH,
  permissionless: {
    operatorShareBps: 200,
    tierShareBps: 3300,
    operatorFloorGwei: 2048n * ETH,
    tierFloorGwei: 32_768n * ETH,
    kneeGwei: 1024n * ETH,
    bondBps: 400,
    bondBpsAbove: 200,
  },
  curated: {
    operatorShareBps: 1000,
    tierShareBps: 10_000,
    operatorFloorGwei: 20_480n * ETH,
    tierFloorGwei: 100_000n * ETH,
    kneeGwei: 0n,
    bondBps: 100,
    bondBpsAbove: 100,
  },
};
