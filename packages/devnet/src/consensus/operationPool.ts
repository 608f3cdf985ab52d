import {
  MAX_ATTESTER_SLASHINGS_ELECTRA,
  MAX_PROPOSER_SLASHINGS,
  MAX_VOLUNTARY_EXITS,
} from "@lodestar/params";
import { getVoluntaryExitValidity, VoluntaryExitValidity } from "@lodestar/state-transition";
import type { electra, phase0 } from "@lodestar/types";
import type { DevnetState } from "./forkTypes.ts";

export interface BlockOperations {
  proposerSlashings: phase0.ProposerSlashing[];
  attesterSlashings: electra.AttesterSlashing[];
  voluntaryExits: phase0.SignedVoluntaryExit[];
}

/** Operations that wait for a block. They leave the pool when they were included or can no longer be. */
export class OperationPool {
  readonly proposerSlashings: phase0.ProposerSlashing[] = [];
  readonly attesterSlashings: electra.AttesterSlashing[] = [];
  readonly voluntaryExits: phase0.SignedVoluntaryExit[] = [];

  /**
   * Takes out what the next block can hold.
   * @param state the state right before the block, at the block's slot
   */
  takeFor(state: DevnetState): BlockOperations {
    const slashed = new Set<number>();
    const proposerSlashings = take(this.proposerSlashings, MAX_PROPOSER_SLASHINGS, (slashing) =>
      slashesAnybody(state, slashed, [slashing.signedHeader1.message.proposerIndex]),
    );
    const attesterSlashings = take(this.attesterSlashings, MAX_ATTESTER_SLASHINGS_ELECTRA, (slashing) =>
      slashesAnybody(state, slashed, slashableIndices(slashing)),
    );
    const seq = state.config.getForkSeq(state.slot);
    const voluntaryExits = take(this.voluntaryExits, MAX_VOLUNTARY_EXITS, (exit) => {
      const index = exit.message.validatorIndex;
      if (slashed.has(index)) return false;
      return getVoluntaryExitValidity(seq, state, exit, false) === VoluntaryExitValidity.valid;
    });
    return { proposerSlashings, attesterSlashings, voluntaryExits };
  }
}

/** Validators that signed both attestations. */
export function slashableIndices(slashing: electra.AttesterSlashing): number[] {
  const second = new Set(slashing.attestation2.attestingIndices);
  return slashing.attestation1.attestingIndices.filter((index) => second.has(index));
}

/** Whether a validator exists and can still be slashed in the state's epoch. */
export function isSlashable(state: DevnetState, index: number): boolean {
  if (index < 0 || index >= state.validators.length) return false;
  const validator = state.validators.getReadonly(index);
  const { epoch } = state.epochCtx;
  return !validator.slashed && validator.activationEpoch <= epoch && epoch < validator.withdrawableEpoch;
}

/** Marks the slashable ones; a slashing that hits nobody makes the whole block invalid. */
function slashesAnybody(state: DevnetState, slashed: Set<number>, indices: number[]): boolean {
  const hit = indices.filter((index) => !slashed.has(index) && isSlashable(state, index));
  for (const index of hit) slashed.add(index);
  return hit.length > 0;
}

/** Removes entries from the front until `max` of them were fit; unfit ones are dropped. */
function take<T>(queue: T[], max: number, fits: (entry: T) => boolean): T[] {
  const taken: T[] = [];
  while (taken.length < max) {
    const entry = queue.shift();
    if (entry === undefined) break;
    if (fits(entry)) taken.push(entry);
  }
  return taken;
}
