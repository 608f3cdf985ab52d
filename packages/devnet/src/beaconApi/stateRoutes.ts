import { EPOCHS_PER_HISTORICAL_VECTOR } from "@lodestar/params";
import { getRandaoMix } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { forkTypes } from "../consensus/forkTypes.ts";
import { badRequest } from "./apiError.ts";
import type { ApiReply, ApiRequest, Route } from "./route.ts";
import { aboutState, type FoundState, stateOf } from "./stateId.ts";

const byState = (name: string, data: (found: FoundState, request: ApiRequest) => unknown): Route => ({
  method: "GET",
  path: `/eth/v1/beacon/states/{state_id}/${name}`,
  handle: (request) => {
    const found = stateOf(request.chain, request.path.state_id as string);
    return aboutState(found, data(found, request));
  },
});

/** Lists of Electra, whose answers name the fork. */
const byQueue = (name: string, data: (found: FoundState) => unknown): Route => ({
  method: "GET",
  path: `/eth/v1/beacon/states/{state_id}/${name}`,
  handle: ({ chain, path }) => {
    const found = stateOf(chain, path.state_id as string);
    const json = {
      version: found.fork,
      execution_optimistic: false,
      finalized: found.finalized,
      data: data(found),
    };
    return { json, headers: { "eth-consensus-version": found.fork } };
  },
});

function randao(found: FoundState, { query }: ApiRequest): unknown {
  const text = query.get("epoch") ?? String(found.epoch);
  const epoch = Number(text);
  if (
    !/^\d{1,15}$/.test(text) ||
    epoch > found.epoch ||
    epoch <= found.epoch - EPOCHS_PER_HISTORICAL_VECTOR
  ) {
    throw badRequest(`Epoch is out of range for the randao_mixes of the state: ${text}`);
  }
  return { randao: toHex(getRandaoMix(found.state, epoch)) };
}

function checkpoints({ state }: FoundState): unknown {
  const json = (checkpoint: typeof state.finalizedCheckpoint) =>
    ssz.phase0.Checkpoint.toJson(checkpoint.toValue());
  return {
    previous_justified: json(state.previousJustifiedCheckpoint),
    current_justified: json(state.currentJustifiedCheckpoint),
    finalized: json(state.finalizedCheckpoint),
  };
}

function debugState({ chain, path, wantsSsz }: ApiRequest): ApiReply {
  const { state, fork, finalized } = stateOf(chain, path.state_id as string);
  const headers = { "eth-consensus-version": fork };
  if (wantsSsz) return { ssz: state.serialize(), headers };
  const data = forkTypes(fork).BeaconState.toJson(state.toValue());
  return { json: { version: fork, execution_optimistic: false, finalized, data }, headers };
}

/** @throws ApiError 400 before Fulu, whose states first have it */
function proposerLookahead({ state, fork }: FoundState): string[] {
  if (fork !== "fulu") throw badRequest(`A state of ${fork} has no proposer lookahead`);
  const { proposerLookahead } = state as unknown as { proposerLookahead: { getAll(): number[] } };
  return proposerLookahead.getAll().map(String);
}

const electra = ssz.electra;

export const stateRoutes: Route[] = [
  byState("root", ({ state }) => ({ root: toHex(state.hashTreeRoot()) })),
  byState("fork", ({ state }) => ssz.phase0.Fork.toJson(state.fork.toValue())),
  byState("finality_checkpoints", checkpoints),
  byState("randao", randao),
  byQueue("pending_deposits", ({ state }) => electra.PendingDeposits.toJson(state.pendingDeposits.toValue())),
  byQueue("pending_partial_withdrawals", ({ state }) =>
    electra.PendingPartialWithdrawals.toJson(state.pendingPartialWithdrawals.toValue()),
  ),
  byQueue("pending_consolidations", ({ state }) =>
    electra.PendingConsolidations.toJson(state.pendingConsolidations.toValue()),
  ),
  byQueue("proposer_lookahead", proposerLookahead),
  { method: "GET", path: "/eth/v2/debug/beacon/states/{state_id}", handle: debugState },
  {
    method: "GET",
    path: "/eth/v2/debug/beacon/heads",
    handle: ({ chain }) => ({
      json: {
        data: [{ root: chain.head.blockRoot, slot: String(chain.head.slot), execution_optimistic: false }],
      },
    }),
  },
];
