import type { Hex } from "viem";
import type { Validator } from "../state/validatorRecord.ts";

/** `StateProof` of the contracts: one instant's execution block and list roots, against a beacon block root. */
export interface StateProof {
  readonly slot: bigint;
  readonly executionBlockHash: Hex;
  /** hash_tree_root of each list, length mixed in. */
  readonly validatorsRoot: Hex;
  readonly balancesRoot: Hex;
  /** Zero before Electra. */
  readonly pendingDepositsRoot: Hex;
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

/** `PendingDeposit` of the contracts: an element of pending_deposits, key and signature only as their roots. */
export interface PendingElement {
  readonly pubkeyRoot: Hex;
  readonly withdrawalCredentials: Hex;
  readonly amountGwei: bigint;
  readonly signatureRoot: Hex;
  readonly slot: bigint;
}

/** `PendingProof` of the contracts: some elements of pending_deposits, against the list's root. */
export interface PendingProof {
  /** Length of the list. */
  readonly length: bigint;
  /** Strictly ascending; uint32 on chain. */
  readonly positions: readonly number[];
  /** In the order of `positions`. */
  readonly elements: readonly PendingElement[];
  /** Without positions exactly the list's data root. */
  readonly nodes: readonly Hex[];
}

/** `ContainersProof` of the contracts: some validators, against the root of the list `validators`. */
export interface ContainersProof {
  /** Length of the list. */
  readonly length: bigint;
  /** Strictly ascending; uint40 on chain. */
  readonly indices: readonly number[];
  /** In the order of `indices`. */
  readonly validators: readonly Validator[];
  readonly nodes: readonly Hex[];
}

/** `InFlightProof` of the contracts: what is shown about the pool's deposits at a checkpoint's state. */
export interface InFlightProof {
  /** Validators of the deposits below, each once. */
  readonly containers: ContainersProof;
  /** Elements that the places below are places of. */
  readonly pending: PendingProof;
  /** Numbers of deposits that are still in the list. */
  readonly shown: readonly number[];
  /** For each of them its place in `pending.elements`. */
  readonly shownAt: readonly number[];
  /** Number of the newest deposit that has landed, its validator not exiting; 0 for none. */
  readonly newest: number;
  /** All deposits up to this number are then accounted for. */
  readonly walkTo: number;
  /** Places of the next deposit and of all after it of the same slot. */
  readonly boundary: readonly number[];
  /** Number of one of those whose validator isn't exiting; 0 for none. */
  readonly anchor: number;
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

/** `ForkProbe` of the contracts: that a fork's indices lead to what they are named after, at the parent of a block. */
export interface ForkProbe {
  readonly slot: bigint;
  readonly finalizedEpoch: bigint;
  /** Length of validators, balances and previous_epoch_participation. */
  readonly validatorCount: bigint;
  /** Length of pending_deposits. */
  readonly pendingDeposits: bigint;
  /** `slot` of the first pending deposit. */
  readonly firstDepositSlot: bigint;
  /** Strictly ascending; uint40 on chain. */
  readonly indices: readonly number[];
  /** In the order of `indices`. */
  readonly validators: readonly Validator[];
  /** The distinct balance chunks of the indices, ascending. */
  readonly balanceChunks: readonly Hex[];
  /** The 32 flag bytes among which the last index's lies. */
  readonly participationChunk: Hex;
  readonly nodes: readonly Hex[];
}
