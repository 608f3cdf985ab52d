import {
  DataAvailabilityStatus,
  ExecutionPayloadStatus,
  processSlots,
  stateTransition,
} from "@lodestar/state-transition";
import type { electra } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { DevnetError } from "../errors/devnetError.ts";
import type { DevnetState } from "./forkTypes.ts";

const OPTIONS = {
  executionPayloadStatus: ExecutionPayloadStatus.valid,
  dataAvailabilityStatus: DataAvailabilityStatus.Available,
  // The driver computes the root itself; background validators do not sign.
  verifyStateRoot: false,
  verifyProposer: false,
  verifySignatures: false,
};

/** Empty slots up to and including `slot`, which must be later than the state's. */
export function advanceState(state: DevnetState, slot: number): DevnetState {
  return processSlots(state, slot) as DevnetState;
}

/** Applies a block whose state root is not known yet. */
export function applyBlock(state: DevnetState, block: electra.BeaconBlock): DevnetState {
  return stateTransition(state, { message: block, signature: new Uint8Array(96) }, OPTIONS) as DevnetState;
}

/** Applies a logged block and insists on its state root. @throws DevnetError `chain-inconsistent` */
export function replayBlock(state: DevnetState, block: electra.BeaconBlock): DevnetState {
  const post = applyBlock(state, block);
  const root = toHex(post.hashTreeRoot());
  if (root !== toHex(block.stateRoot)) {
    throw new DevnetError(
      "chain-inconsistent",
      `replaying slot ${block.slot} gave another state root: the data folder was written by other code, start fresh`,
      { details: { slot: block.slot, expected: toHex(block.stateRoot), actual: root } },
    );
  }
  return post;
}
