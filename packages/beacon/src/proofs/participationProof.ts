import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { leafGindex } from "../ssz/gindex.ts";
import { toHex } from "../ssz/hex.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import {
  type ForkGindices,
  fromBlockRoot,
  LIST_DATA,
  LIST_LENGTH,
  PARTICIPATION_DEPTH,
} from "../state/forkTable.ts";
import { containerLeaves, requireIndices, withoutKey } from "./containerLeaves.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf, uint64Leaf } from "./leaves.ts";
import { requireAscending } from "./membership.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { ParticipationProof } from "./structs.ts";

/** Flag bytes in a 32-byte chunk. */
export const FLAGS_PER_CHUNK = 32;
/** Epochs that finality may lag behind the state's. */
const MOST_EPOCHS_UNFINAL = 3n;

/** What a participation proof says. */
export interface Participation {
  /** For each index: bit 0 timely source, bit 1 timely target, bit 2 timely head. */
  readonly flags: readonly number[];
  /** The epoch they are of: the one before the state's. */
  readonly epoch: bigint;
}

/**
 * Proves what `indices` (strictly ascending, at least one) did in the epoch before the state's, against its block root.
 * The state must be of the last slot of an epoch, finality at most 3 epochs old, and each validator active then and not
 * slashed: else "badInput", as the contract would refuse it. `timestamp` as in `buildValidatorsProof`; errors as `header`.
 */
export function buildParticipationProof(
  state: BeaconStateBytes,
  timestamp: bigint,
  indices: readonly number[],
  slotsPerEpoch: bigint,
): ParticipationProof {
  requireAscending(indices);
  const context = contextOf(state);
  const claim = {
    timestamp,
    slot: state.slot,
    finalizedEpoch: state.finalizedCheckpoint.epoch,
    validatorCount: BigInt(state.validatorCount),
    indices: [...indices],
    validators: indices.map((index) => withoutKey(state.validator(index))),
    participationChunks: chunksOf(indices).map((chunk) => toHex(state.node(flagsGindex(state.row, chunk)))),
  };
  requireConditions(claim, slotsPerEpoch, "badInput");
  const nodes = proofNodes(participationLeaves(claim, context), (gindex) => state.node(gindex));
  const proof = { ...claim, nodes };
  verifyParticipationProof(proof, context, slotsPerEpoch);
  return proof;
}

/** What the proof says, if the contract would accept it at `context.blockRoot`; else "badProof". */
export function verifyParticipationProof(
  proof: ParticipationProof,
  context: ProofContext,
  slotsPerEpoch: bigint,
): Participation {
  requireIndices(proof);
  const epoch = requireConditions(proof, slotsPerEpoch, "badProof");
  requireRoot(participationLeaves(proof, context), proof.nodes, context.blockRoot);
  const chunks = chunksOf(proof.indices);
  const flags = proof.indices.map((index) => {
    const chunk = proof.participationChunks[chunks.indexOf(Math.floor(index / FLAGS_PER_CHUNK))] as Hex;
    return bytes32(chunk)[index % FLAGS_PER_CHUNK] as number;
  });
  return { flags, epoch };
}

type Claim = Omit<ParticipationProof, "nodes">;

/** @returns The epoch the flags are of. */
function requireConditions(claim: Claim, slotsPerEpoch: bigint, code: "badInput" | "badProof"): bigint {
  const refuse = (message: string): never => {
    throw new BeaconError(code, message, { details: { slot: claim.slot } });
  };
  const epoch = claim.slot / slotsPerEpoch;
  if (claim.slot % slotsPerEpoch !== slotsPerEpoch - 1n || epoch === 0n) {
    refuse(`Slot ${claim.slot} is not the last one of an epoch that has one before it.`);
  }
  if (claim.finalizedEpoch + MOST_EPOCHS_UNFINAL < epoch) {
    refuse(`Epoch ${claim.finalizedEpoch} is finalized in epoch ${epoch}: too old to blame anybody.`);
  }
  for (const [i, validator] of claim.validators.entries()) {
    if (validator.slashed) refuse(`Validator ${claim.indices[i]} is slashed.`);
    if (validator.activationEpoch > epoch - 1n || validator.exitEpoch <= epoch - 1n) {
      refuse(`Validator ${claim.indices[i]} was not active in epoch ${epoch - 1n}.`);
    }
  }
  return epoch - 1n;
}

function chunksOf(indices: readonly number[]): number[] {
  return [...new Set(indices.map((index) => Math.floor(index / FLAGS_PER_CHUNK)))];
}

/** Generalized index of a chunk of previous_epoch_participation, from the block root. */
export function flagsGindex(row: ForkGindices, chunk: number): bigint {
  return fromBlockRoot(
    row,
    row.previousEpochParticipation,
    LIST_DATA,
    leafGindex(PARTICIPATION_DEPTH, chunk),
  );
}

function participationLeaves(claim: Claim, { row, forkVersion }: ProofContext): Leaf[] {
  const chunks = chunksOf(claim.indices);
  if (chunks.length !== claim.participationChunks.length) {
    throw new BeaconError(
      "badProof",
      `The indices lie in ${chunks.length} participation chunks, ${claim.participationChunks.length} were given.`,
    );
  }
  return descending([
    ...containerLeaves(fromBlockRoot(row, row.validators), claim),
    ...chunks.map((chunk, i) => ({
      gindex: flagsGindex(row, chunk),
      value: bytes32(claim.participationChunks[i] as Hex),
    })),
    {
      gindex: fromBlockRoot(row, row.previousEpochParticipation, LIST_LENGTH),
      value: uint64Leaf(claim.validatorCount),
    },
    {
      gindex: fromBlockRoot(row, row.finalizedCheckpoint, LIST_DATA),
      value: uint64Leaf(claim.finalizedEpoch),
    },
    currentVersionLeaf(row, forkVersion),
    slotLeaf(row, claim.slot),
  ]);
}
