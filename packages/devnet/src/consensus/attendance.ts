import { BitArray } from "@chainsafe/ssz";
import { MAX_COMMITTEES_PER_SLOT, SYNC_COMMITTEE_SIZE } from "@lodestar/params";
import { computeEpochAtSlot, computeStartSlotAtEpoch, getBlockRootAtSlot } from "@lodestar/state-transition";
import type { altair, electra } from "@lodestar/types";
import type { DevnetState } from "./forkTypes.ts";

/** The point at infinity: a well-formed signature nobody checks here (`verifySignatures` is false for blocks). */
export const UNSIGNED: Uint8Array = Uint8Array.from({ length: 96 }, (_, index) => (index === 0 ? 0xc0 : 0));

/**
 * One aggregate of all committees of `slot`, voting for what `state` holds as the chain.
 * @param state a state of a later slot, at most one epoch on
 * @returns null when nobody was online
 */
export function attestationOf(
  state: DevnetState,
  slot: number,
  isOnline: (index: number) => boolean,
): electra.Attestation | null {
  const epoch = computeEpochAtSlot(slot);
  const committees = state.epochCtx.getCommitteeCountPerSlot(epoch);
  const committeeBits = BitArray.fromBitLen(MAX_COMMITTEES_PER_SLOT);
  const bits: boolean[] = [];
  for (let committee = 0; committee < committees; committee++) {
    const votes = Array.from(state.epochCtx.getBeaconCommittee(slot, committee), isOnline);
    // A committee without any vote must be left out, or the block is invalid.
    if (!votes.includes(true)) continue;
    committeeBits.set(committee, true);
    for (const vote of votes) bits.push(vote);
  }
  if (bits.length === 0) return null;
  const justified =
    epoch === computeEpochAtSlot(state.slot)
      ? state.currentJustifiedCheckpoint
      : state.previousJustifiedCheckpoint;
  return {
    aggregationBits: BitArray.fromBoolArray(bits),
    committeeBits,
    signature: UNSIGNED,
    data: {
      slot,
      index: 0,
      beaconBlockRoot: getBlockRootAtSlot(state, slot),
      source: justified.toValue(),
      target: { epoch, root: getBlockRootAtSlot(state, computeStartSlotAtEpoch(epoch)) },
    },
  };
}

/** The sync committee's vote for the parent block. */
export function syncAggregateOf(
  state: DevnetState,
  isOnline: (index: number) => boolean,
): altair.SyncAggregate {
  const bits = BitArray.fromBitLen(SYNC_COMMITTEE_SIZE);
  state.epochCtx.currentSyncCommitteeIndexed.validatorIndices.forEach((validator, position) => {
    if (isOnline(validator)) bits.set(position, true);
  });
  return { syncCommitteeBits: bits, syncCommitteeSignature: UNSIGNED };
}
