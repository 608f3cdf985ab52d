import { type Address, type Hex, isAddress, parseEther, zeroAddress } from "viem";
import { z } from "zod";
import { DeploymentError } from "../deploymentError.ts";
import type { ForkEntry } from "./forkEntries.ts";
import type { CheckpointParameters, GovernanceTerms, InstantExitTerms, ValidatorTerms } from "./terms.ts";

export const NETWORKS = ["local", "hoodi", "mainnet"] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** The consensus chain's constants, as the proofs contract gets them. */
export interface ConsensusConstants {
  /** Unix seconds. */
  readonly genesisTime: bigint;
  readonly secondsPerSlot: bigint;
  readonly slotsPerEpoch: bigint;
  readonly shardCommitteePeriod: bigint;
  readonly slashingsVector: bigint;
  readonly genesisValidatorsRoot: Hex;
}

/** Everything that a deployment is made of: what is deployed follows from it, and is compared with it. */
export interface NetworkDescription {
  readonly name: NetworkName;
  readonly chainId: number;
  /** Hash of the execution chain's block 0. */
  readonly genesisBlockHash: Hex;
  readonly consensus: ConsensusConstants;
  readonly beaconDeposit: Address;
  readonly forks: readonly ForkEntry[];
  readonly checkpoints: CheckpointParameters;
  readonly instantExit: InstantExitTerms;
  readonly terms: ValidatorTerms;
  /** Wei that belong to nobody. */
  readonly seed: bigint;
  readonly governance: GovernanceTerms;
  /** May pull the brake and veto. */
  readonly guardians: readonly Address[];
  /** Receives the treasury's part of the fee. */
  readonly treasury: Address;
  /** Tells one deployment of an account from its next: another word, other addresses. */
  readonly release: string;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const GWEI_PER_ETH = 1_000_000_000n;

const bytes = (count: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${count * 2}}$`), `must be 0x and ${count * 2} hexadecimal digits`)
    .transform((text) => text.toLowerCase() as Hex);
const address = z
  .string()
  .refine((text) => isAddress(text), "is not an address, or its checksum is wrong")
  .transform((text) => text.toLowerCase() as Address)
  .refine((account) => account !== zeroAddress, "must not be the zero address");
const uint = (least: bigint, most = 2n ** 64n - 1n) => z.bigint().min(least).max(most);
const seconds = (least: number, most: number) => z.int().min(least).max(most);
const bps = (least: number, most: number) => z.int().min(least).max(most);

const consensus = z.strictObject({
  genesisTime: uint(1n),
  secondsPerSlot: uint(1n, 600n),
  slotsPerEpoch: uint(1n, 1024n),
  shardCommitteePeriod: uint(1n),
  slashingsVector: uint(2n),
  genesisValidatorsRoot: bytes(32).refine((root) => BigInt(root) !== 0n, "must not be zero"),
});

const gindex = z
  .int()
  .min(2)
  .max(2 ** 32 - 1);
const fork = z.strictObject({
  version: bytes(4).refine((version) => BigInt(version) !== 0n, "must not be zero"),
  firstSlot: uint(0n),
  currentVersion: gindex,
  executionBlockHash: gindex,
  validators: gindex,
  balances: gindex,
  pendingDeposits: gindex,
  genesisValidatorsRoot: gindex,
  previousParticipation: gindex,
  finalizedEpoch: gindex,
  rule: z.literal(0, "only the rule ParentState (0) is implemented"),
});

const checkpoints = z
  .strictObject({
    interval: seconds(4 * HOUR, 7 * DAY),
    expirySeconds: seconds(1, 7 * DAY),
    maxSnapshotAge: seconds(2 * HOUR, 4 * HOUR),
    maxRebaseBpsPerDay: bps(1, 10),
    operatorFeeBps: bps(0, 1500),
    treasuryFeeBps: bps(0, 1500),
    insuranceFeeBps: bps(0, 1500),
    lossThresholdBps: bps(0, 500),
  })
  .refine((p) => p.expirySeconds <= p.interval / 2, {
    path: ["expirySeconds"],
    message: "must be at most half of the interval",
  })
  .refine((p) => p.operatorFeeBps + p.treasuryFeeBps + p.insuranceFeeBps <= 1500, {
    path: ["operatorFeeBps"],
    message: "the three fees together must be at most 1500",
  });

const instantExit = z.strictObject({ feeBps: bps(1, 500), snapshotAge: seconds(1, 3 * DAY) });

const tier = z.strictObject({
  operatorShareBps: bps(1, 2500),
  tierShareBps: bps(1, 10_000),
  operatorFloorGwei: uint(0n, 50_000n * GWEI_PER_ETH),
  tierFloorGwei: uint(0n, 100_000n * GWEI_PER_ETH),
  kneeGwei: uint(0n),
  bondBps: bps(0, 5000),
  bondBpsAbove: bps(0, 5000),
});
const terms = z.strictObject({
  fillTargetGwei: uint(32n * GWEI_PER_ETH, 2047n * GWEI_PER_ETH),
  permissionless: tier,
  curated: tier,
});

const governance = z
  .strictObject({
    votingDelay: seconds(0, 7 * DAY),
    votingPeriod: seconds(1, 30 * DAY),
    minVotingPeriod: seconds(1, 30 * DAY),
    voteExtension: seconds(0, 30 * DAY),
    timelockDelay: seconds(1, 14 * DAY),
    thresholdBps: bps(1, 200),
    quorumBps: bps(100, 2000),
    unlockSeconds: seconds(1, 30 * DAY),
    mandateSeconds: seconds(0, 365 * DAY),
  })
  .refine((g) => g.votingPeriod >= g.minVotingPeriod, {
    path: ["votingPeriod"],
    message: "must be at least minVotingPeriod",
  })
  .refine((g) => g.votingPeriod + g.voteExtension <= g.unlockSeconds, {
    path: ["unlockSeconds"],
    message: "must be at least votingPeriod and voteExtension: votes stay locked as long as one can vote",
  })
  .refine((g) => g.timelockDelay >= g.unlockSeconds - g.minVotingPeriod, {
    path: ["timelockDelay"],
    message:
      "must be at least unlockSeconds less minVotingPeriod: who locked to vote can leave before it ends",
  });

const shape = z.strictObject({
  name: z.enum(NETWORKS),
  chainId: z.int().positive(),
  genesisBlockHash: bytes(32),
  consensus,
  beaconDeposit: address,
  forks: z
    .array(fork)
    .min(1, "needs a fork whose indices are known")
    .max(240)
    .refine(
      (all) => all.every((f, i) => i === 0 || f.firstSlot > (all[i - 1]?.firstSlot ?? 0n)),
      "must be sorted by firstSlot, each later than the one before",
    ),
  checkpoints,
  instantExit,
  terms,
  seed: uint(parseEther("1"), parseEther("1000")),
  governance,
  guardians: z
    .array(address)
    .min(1, "needs an account")
    .refine((all) => new Set(all).size === all.length, "names an account twice"),
  treasury: address,
  release: z.string().regex(/^[a-z0-9.-]{1,31}$/, "must be 1 to 31 of a-z, 0-9, dot and hyphen"),
});

type Shape = z.output<typeof shape>;

/** What a field must be in view of another one. */
const TOGETHER: readonly (readonly [path: string, holds: (d: Shape) => boolean, message: string])[] = [
  [
    "instantExit.feeBps",
    (d) => d.instantExit.feeBps >= 3 * d.checkpoints.maxRebaseBpsPerDay,
    "must be at least three times checkpoints.maxRebaseBpsPerDay",
  ],
  [
    "instantExit.feeBps",
    (d) => d.instantExit.feeBps >= d.checkpoints.lossThresholdBps,
    "must be at least checkpoints.lossThresholdBps",
  ],
  [
    "instantExit.snapshotAge",
    (d) => d.instantExit.snapshotAge <= 2 * d.checkpoints.interval,
    "must be at most twice checkpoints.interval",
  ],
  [
    "governance.minVotingPeriod",
    (d) => d.name === "local" || d.governance.minVotingPeriod >= 3 * DAY,
    "must be at least three days on a public network",
  ],
  [
    "governance.timelockDelay",
    (d) => d.name === "local" || d.governance.timelockDelay >= 2 * DAY,
    "must be at least two days on a public network",
  ],
];

const description = shape.superRefine((value, context) => {
  for (const [path, holds, message] of TOGETHER) {
    if (!holds(value)) context.addIssue({ code: "custom", path: path.split("."), message });
  }
});

/**
 * Checks every field against the bounds of the contracts (protocol §7) before anything is sent.
 *
 * @throws DeploymentError `badDescription` that names each wrong field.
 */
export function checkDescription(input: NetworkDescription): NetworkDescription {
  const parsed = description.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new DeploymentError(
    "badDescription",
    `the description of ${String(input?.name)} is wrong:\n${lines.join("\n")}`,
  );
}
