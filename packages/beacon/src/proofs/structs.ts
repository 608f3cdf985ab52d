import type { Hex } from "viem";
import type { Validator } from "../state/validatorRecord.ts";

/** `StateProof` of the contracts: one instant's execution block and balances root, against a beacon block root. */
export interface StateProof {
  readonly slot: bigint;
  readonly executionBlockHash: Hex;
  /** hash_tree_root(state.balances), length mixed in. */
  readonly balancesRoot: Hex;
  readonly nodes: readonly Hex[];
}

/** `BalancesProof` of the contracts: the balances of all members in some bitmap words, against a balances root. */
export interface BalancesProof {
  /** Length of the balances list. */
  readonly length: bigint;
  /** Word numbers, 4 bytes each, big-endian, strictly ascending; word w covers validators 256w to 256w + 255. */
  readonly words: Hex;
  /** The 32-byte chunks (4 little-endian balances) with at least one member, ascending. */
  readonly chunks: readonly Hex[];
  readonly nodes: readonly Hex[];
}

/** `ValidatorsProof` of the contracts: containers, and balances if asked, against a beacon block root. */
export interface ValidatorsProof {
  /** Unix seconds of the CHILD execution block: the key under which EIP-4788 holds the root. */
  readonly timestamp: bigint;
  readonly slot: bigint;
  readonly validatorCount: bigint;
  /** Strictly ascending; uint40 on chain. */
  readonly indices: readonly number[];
  /** In the order of `indices`. */
  readonly validators: readonly Validator[];
  /** The distinct balance chunks of the indices, ascending; empty when balances were not asked for. */
  readonly balanceChunks: readonly Hex[];
  readonly nodes: readonly Hex[];
}

/** `PendingDepositsProof` of the contracts: the state's pending_deposits list is empty. */
export interface PendingDepositsProof {
  /** As in `ValidatorsProof`. */
  readonly timestamp: bigint;
  readonly slot: bigint;
  readonly nodes: readonly Hex[];
}

/** `ParticipationProof` of the contracts: what validators did in the epoch before the state's. */
export interface ParticipationProof {
  /** As in `ValidatorsProof`. */
  readonly timestamp: bigint;
  /** Of the state: the last slot of its epoch. */
  readonly slot: bigint;
  readonly finalizedEpoch: bigint;
  /** Length of validators and of previous_epoch_participation. */
  readonly validatorCount: bigint;
  /** Strictly ascending; uint40 on chain. */
  readonly indices: readonly number[];
  /** In the order of `indices`. */
  readonly validators: readonly Validator[];
  /** The distinct chunks of 32 flag bytes the indices lie in, ascending. */
  readonly participationChunks: readonly Hex[];
  readonly nodes: readonly Hex[];
}
