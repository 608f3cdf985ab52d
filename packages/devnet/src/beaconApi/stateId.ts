import { computeEpochAtSlot } from "@lodestar/state-transition";
import type { Devnet } from "../chain/devnet.ts";
import { type DevnetFork, type DevnetState, forkAtSlot } from "../consensus/forkTypes.ts";
import { DevnetError } from "../errors/devnetError.ts";
import { badRequest, notFound } from "./apiError.ts";

export interface FoundState {
  state: DevnetState;
  slot: number;
  epoch: number;
  fork: DevnetFork;
  /** Whether the slot is at or before the finalized block's. */
  finalized: boolean;
}

const ROOT = /^0x[0-9a-fA-F]{64}$/;
const SLOT = /^\d{1,15}$/;

/** head, genesis, finalized, justified, a slot or a 0x root. @throws ApiError 400 or 404 */
export function stateOf(chain: Devnet, id: string): FoundState {
  const state = lookUp(chain, id);
  const { slot } = state;
  return {
    state,
    slot,
    epoch: computeEpochAtSlot(slot),
    fork: forkAtSlot(chain.config, slot),
    finalized: slot <= chain.finalizedBlock.slot,
  };
}

function lookUp(chain: Devnet, id: string): DevnetState {
  if (id === "head") return chain.state;
  if (id === "genesis") return chain.stateAt(0);
  if (id === "finalized") return chain.stateAt(chain.finalizedBlock.slot);
  if (id === "justified") return chain.stateAt(chain.justifiedBlock.slot);
  if (!ROOT.test(id) && !SLOT.test(id)) throw badRequest(`Invalid state ID: ${id}`);
  try {
    return chain.stateAt(SLOT.test(id) ? Number(id) : id);
  } catch (error) {
    if (error instanceof DevnetError && error.code === "state-unknown") throw notFound("State not found");
    throw error;
  }
}

/** The usual wrapping of an answer about a state. This chain is never optimistic: every payload was executed. */
export function aboutState(found: FoundState, data: unknown): { json: unknown } {
  return { json: { execution_optimistic: false, finalized: found.finalized, data } };
}
