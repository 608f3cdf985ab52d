import { BeaconError } from "../beaconError.ts";
import { concatGindices } from "../ssz/gindex.ts";

/** Forks whose states this package reads and proves. */
export type ForkName = "deneb" | "electra" | "fulu";

/**
 * The contracts' `SnapshotRule`, by number. `parentState` (Deneb to Fulu): the state has seen exactly the payload whose
 * hash it holds. `committedBid` (Gloas): it commits to a payload that may be missing; not implemented, and refused.
 */
export const SNAPSHOT_RULES = ["parentState", "committedBid"] as const;
export type SnapshotRule = (typeof SNAPSHOT_RULES)[number];

/** Where things stand in a fork's state. These are the constants the contract's table gets at deployment. */
export interface ForkGindices {
  readonly name: ForkName;
  /** How state and execution block become one instant; the contract's named rule. */
  readonly snapshotRule: SnapshotRule;
  /** Levels from the state root down to its fields: 5 for up to 32 fields, 6 for up to 64. */
  readonly stateDepth: number;
  /** From the BLOCK root: BeaconBlockHeader.slot. */
  readonly slot: bigint;
  /** From the BLOCK root: BeaconBlockHeader.state_root. All below are from the STATE root. */
  readonly stateRoot: bigint;
  readonly genesisValidatorsRoot: bigint;
  /** fork.current_version */
  readonly currentVersion: bigint;
  readonly validators: bigint;
  readonly balances: bigint;
  readonly previousEpochParticipation: bigint;
  readonly currentEpochParticipation: bigint;
  readonly finalizedCheckpoint: bigint;
  /** latest_execution_payload_header.block_hash */
  readonly executionBlockHash: bigint;
  /** null before Electra, which brought the list. */
  readonly pendingDeposits: bigint | null;
}

/** Levels below a registry list's data root: VALIDATOR_REGISTRY_LIMIT = 2^40 validators. */
export const VALIDATORS_DEPTH = 40;
/** The same for balances: 2^40 balances, four to a chunk. */
export const BALANCES_DEPTH = 38;
/** The same for participation flags: one byte a validator, 32 to a chunk. */
export const PARTICIPATION_DEPTH = 35;
/** PENDING_DEPOSITS_LIMIT = 2^27, in both presets. */
export const PENDING_DEPOSITS_DEPTH = 27;
/** A list's data root and its length, below the list's root. */
export const LIST_DATA = 2n;
export const LIST_LENGTH = 3n;

const ELECTRA = {
  snapshotRule: "parentState",
  stateDepth: 6,
  slot: 8n,
  stateRoot: 11n,
  genesisValidatorsRoot: 65n,
  currentVersion: 269n,
  validators: 75n,
  balances: 76n,
  previousEpochParticipation: 79n,
  currentEpochParticipation: 80n,
  finalizedCheckpoint: 84n,
  executionBlockHash: 2828n,
  pendingDeposits: 98n,
} as const;

/** Generalized indices by fork; tests hold them against the types. They don't depend on the preset. */
export const FORK_TABLE: Readonly<Record<ForkName, ForkGindices>> = {
  deneb: {
    name: "deneb",
    snapshotRule: "parentState",
    stateDepth: 5,
    slot: 8n,
    stateRoot: 11n,
    genesisValidatorsRoot: 33n,
    currentVersion: 141n,
    validators: 43n,
    balances: 44n,
    previousEpochParticipation: 47n,
    currentEpochParticipation: 48n,
    finalizedCheckpoint: 52n,
    executionBlockHash: 1804n,
    pendingDeposits: null,
  },
  electra: { name: "electra", ...ELECTRA },
  fulu: { name: "fulu", ...ELECTRA },
};

/**
 * What is known of Gloas, and why it has no row (consensus-specs, specs/gloas/beacon-chain.md, "BeaconState", and
 * ssz/simple-serialize.md, EIP-7916 and EIP-7495). The state is a progressive container: its fields hang from a chain of
 * subtrees of 1, 4, 16, 64 … places, `active_fields` mixed in. Its registry lists are progressive too: element i lies
 * in the subtree that holds i, so its depth grows with i and none of the depths above holds. The state holds no payload
 * header but the committed bid, whose payload may be missing, and the withdrawals already deducted for it. Tests hold
 * the numbers against the types. All are from the STATE root.
 */
export const GLOAS_SHAPE = {
  snapshotRule: "committedBid",
  genesisValidatorsRoot: 40n,
  currentVersion: 169n,
  validators: 358n,
  balances: 359n,
  previousEpochParticipation: 362n,
  currentEpochParticipation: 363n,
  finalizedCheckpoint: 367n,
  /** latest_execution_payload_bid.block_hash: the commitment. */
  committedBlockHash: 94_921n,
  /** latest_block_hash: the last payload that came. */
  latestBlockHash: 2947n,
  pendingDeposits: 2957n,
  payloadExpectedWithdrawals: 2967n,
} as const satisfies Record<string, bigint | SnapshotRule>;

/** The fork's row. Unknown forks fail closed, and so does Gloas (`GLOAS_SHAPE`). */
export function forkGindices(fork: string): ForkGindices {
  if (Object.hasOwn(FORK_TABLE, fork)) return FORK_TABLE[fork as ForkName];
  const known = Object.keys(FORK_TABLE).join(", ");
  throw new BeaconError(
    "unsupportedFork",
    `No generalized indices for fork "${fork}" (known: ${known}). Update this program.`,
    {
      details: { fork },
    },
  );
}

/** A state-rooted index of the row, seen from the block root. */
export function fromBlockRoot(row: ForkGindices, ...gindices: readonly bigint[]): bigint {
  return concatGindices(row.stateRoot, ...gindices);
}
