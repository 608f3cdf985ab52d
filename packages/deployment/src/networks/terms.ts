import { parseEther } from "viem";

const ETH = 1_000_000_000n;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Parameters of the checkpoints contract; bounds are the contract's (protocol §7). */
export interface CheckpointParameters {
  /** Seconds from a close to the next open. */
  readonly interval: number;
  readonly expirySeconds: number;
  /** Seconds. */
  readonly maxSnapshotAge: number;
  readonly maxRebaseBpsPerDay: number;
  /** Of the gain above the mark; all three at most 1,500. */
  readonly operatorFeeBps: number;
  readonly treasuryFeeBps: number;
  readonly insuranceFeeBps: number;
  /** Losses above it bring the safeguard. */
  readonly lossThresholdBps: number;
}

/** Protocol §7. */
export const DEFAULT_RHYTHM: CheckpointParameters = {
  interval: 23 * HOUR,
  expirySeconds: 6 * HOUR,
  maxSnapshotAge: 2 * HOUR,
  maxRebaseBpsPerDay: 3,
  operatorFeeBps: 500,
  treasuryFeeBps: 400,
  insuranceFeeBps: 100,
  lossThresholdBps: 5,
};

/** Shortest rhythm the contracts allow: for a chain whose days are simulated. */
export const SHORTEST_RHYTHM: CheckpointParameters = {
  ...DEFAULT_RHYTHM,
  interval: 4 * HOUR,
  expirySeconds: 2 * HOUR,
  maxRebaseBpsPerDay: 10,
};

/** Instant exits' immutable terms in the token. */
export interface InstantExitTerms {
  readonly feeBps: number;
  /** Seconds that the last snapshot may be old. */
  readonly snapshotAge: number;
}

/** Fee and age that the checkpoints contract asks of the token: three days' largest rebase, two intervals. */
export function instantExitFor({ interval, maxRebaseBpsPerDay }: CheckpointParameters): InstantExitTerms {
  return { feeBps: Math.max(10, 3 * maxRebaseBpsPerDay), snapshotAge: Math.min(2 * interval, 3 * DAY) };
}

/** TierTerms of the contracts: what a tier's operators may run and must put up. Gwei and basis points. */
interface TierTerms {
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

/** How stakers govern. Seconds and basis points of the pool's shares. */
export interface GovernanceTerms {
  readonly votingDelay: number;
  readonly votingPeriod: number;
  /** Immutable: no proposal can make the voting period shorter. */
  readonly minVotingPeriod: number;
  /** Seconds of voting that are left at least once the quorum is reached. */
  readonly voteExtension: number;
  /** What is passed waits so long in the timelock; as long can people at least leave before it. */
  readonly timelockDelay: number;
  readonly thresholdBps: number;
  readonly quorumBps: number;
  /** From giving up votes to getting the tokens back; no voting period is longer. */
  readonly unlockSeconds: number;
  /** The guardians' first mandate, from the deployment's first contract on. */
  readonly mandateSeconds: number;
}

export const DEFAULT_GOVERNANCE: GovernanceTerms = {
  votingDelay: 2 * DAY,
  votingPeriod: 5 * DAY,
  minVotingPeriod: 3 * DAY,
  voteExtension: DAY,
  timelockDelay: 4 * DAY,
  thresholdBps: 10,
  quorumBps: 400,
  unlockSeconds: 7 * DAY,
  mandateSeconds: 365 * DAY,
};

/** For a chain whose days are simulated. */
export const SHORT_GOVERNANCE: GovernanceTerms = {
  ...DEFAULT_GOVERNANCE,
  votingDelay: 300,
  votingPeriod: HOUR,
  minVotingPeriod: HOUR,
  voteExtension: 600,
  timelockDelay: 1800,
  unlockSeconds: 5400,
};

/** Wei that belong to nobody: the least that the token asks for. */
export const DEFAULT_SEED = parseEther("1");
