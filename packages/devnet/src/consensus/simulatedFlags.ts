import { ssz } from "@lodestar/types";
import type { DevnetState } from "./forkTypes.ts";

/** Timely source, target and head. */
const ALL_FLAGS = 7;

/**
 * Gives every active validator that is not listed full attendance for the epoch about to be processed.
 * No block carries these votes: whoever re-derives the state from blocks alone gets another one.
 */
export function withSimulatedFlags(state: DevnetState, offline: ReadonlySet<number>): DevnetState {
  // The block's own root must stay what it is: later slots take it from the header, whose state root is filled in lazily.
  const stateRoot = state.hashTreeRoot();
  const copy = state.clone();
  if (copy.latestBlockHeader.stateRoot.every((byte) => byte === 0)) {
    const header = { ...copy.latestBlockHeader.toValue(), stateRoot };
    copy.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU(header);
  }
  const flags = new Array<number>(copy.validators.length).fill(0);
  const { epoch } = copy.epochCtx;
  for (const index of copy.epochCtx.getShufflingAtEpoch(epoch).activeIndices) {
    if (!offline.has(index)) flags[index] = ALL_FLAGS;
  }
  copy.previousEpochParticipation = ssz.altair.EpochParticipation.toViewDU(flags);
  copy.currentEpochParticipation = ssz.altair.EpochParticipation.toViewDU(flags);
  copy.commit();
  return copy;
}
