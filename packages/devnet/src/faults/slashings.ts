import { computeEpochAtSlot, computeStartSlotAtEpoch, getBlockRootAtSlot } from "@lodestar/state-transition";
import type { electra, phase0 } from "@lodestar/types";
import { UNSIGNED } from "../consensus/attendance.ts";
import type { DevnetState } from "../consensus/forkTypes.ts";

/** Two headers of one slot by one proposer. Unsigned: blocks are applied without checking signatures. */
export function proposerSlashing(state: DevnetState, proposerIndex: number): phase0.ProposerSlashing {
  const header = (fill: number): phase0.ProposerSlashing["signedHeader1"] => ({
    message: {
      slot: BigInt(state.slot),
      proposerIndex,
      parentRoot: new Uint8Array(32).fill(fill),
      stateRoot: new Uint8Array(32),
      bodyRoot: new Uint8Array(32),
    },
    signature: UNSIGNED,
  });
  return { signedHeader1: header(1), signedHeader2: header(2) };
}

/** A double vote: two different head votes of one validator for one target epoch. */
export function attesterSlashing(state: DevnetState, validatorIndex: number): electra.AttesterSlashing {
  const epoch = computeEpochAtSlot(state.slot);
  const start = computeStartSlotAtEpoch(epoch);
  const root = start < state.slot ? getBlockRootAtSlot(state, start) : new Uint8Array(32);
  const vote = (fill: number): electra.AttesterSlashing["attestation1"] => ({
    attestingIndices: [validatorIndex],
    data: {
      slot: BigInt(state.slot),
      index: 0n,
      beaconBlockRoot: new Uint8Array(32).fill(fill),
      source: {
        epoch: BigInt(state.currentJustifiedCheckpoint.epoch),
        root: state.currentJustifiedCheckpoint.root,
      },
      target: { epoch: BigInt(epoch), root },
    },
    signature: UNSIGNED,
  });
  return { attestation1: vote(1), attestation2: vote(2) };
}
