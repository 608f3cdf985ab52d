import {
  assertValidAttesterSlashing,
  assertValidProposerSlashing,
  getVoluntaryExitValidity,
  VoluntaryExitValidity,
} from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { forkAtSlot } from "../consensus/forkTypes.ts";
import { isSlashable, slashableIndices } from "../consensus/operationPool.ts";
import { badRequest } from "./apiError.ts";
import type { ApiReply, ApiRequest, Route } from "./route.ts";

/** Decodes and checks; whatever is wrong with an operation is the sender's fault. */
function accept(what: string, work: () => void): ApiReply {
  try {
    work();
  } catch (error) {
    throw badRequest(`Invalid ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { status: 200 };
}

function postExit({ chain, body }: ApiRequest): ApiReply {
  return accept("voluntary exit", () => {
    const exit = ssz.phase0.SignedVoluntaryExit.fromJson(body);
    const { state } = chain;
    if (exit.message.validatorIndex >= state.validators.length)
      throw badRequest("there is no such validator");
    const validity = getVoluntaryExitValidity(chain.config.getForkSeq(state.slot), state, exit, true);
    if (validity !== VoluntaryExitValidity.valid) throw badRequest(validity);
    chain.pool.voluntaryExits.push(exit);
  });
}

function postProposerSlashing({ chain, body }: ApiRequest): ApiReply {
  return accept("proposer slashing", () => {
    const slashing = ssz.phase0.ProposerSlashing.fromJson(body);
    const { state } = chain;
    const index = slashing.signedHeader1.message.proposerIndex;
    if (!isSlashable(state, index)) throw badRequest("the validator cannot be slashed");
    const proposer = state.validators.getReadonly(index).toValue();
    assertValidProposerSlashing(
      chain.config,
      state.epochCtx.pubkeyCache,
      state.slot,
      slashing,
      proposer,
      true,
    );
    chain.pool.proposerSlashings.push(slashing);
  });
}

function postAttesterSlashing({ chain, body, headers }: ApiRequest): ApiReply {
  if (headers["eth-consensus-version"] === undefined)
    throw badRequest("Header Eth-Consensus-Version is required");
  return accept("attester slashing", () => {
    const slashing = ssz.electra.AttesterSlashing.fromJson(body);
    const { state } = chain;
    const { pubkeyCache } = state.epochCtx;
    assertValidAttesterSlashing(
      chain.config,
      pubkeyCache,
      state.slot,
      state.validators.length,
      slashing,
      true,
    );
    if (!slashableIndices(slashing).some((index) => isSlashable(state, index))) {
      throw badRequest("none of the validators can be slashed");
    }
    chain.pool.attesterSlashings.push(slashing);
  });
}

export const poolRoutes: Route[] = [
  {
    method: "GET",
    path: "/eth/v1/beacon/pool/voluntary_exits",
    handle: ({ chain }) => ({
      json: { data: chain.pool.voluntaryExits.map((exit) => ssz.phase0.SignedVoluntaryExit.toJson(exit)) },
    }),
  },
  { method: "POST", path: "/eth/v1/beacon/pool/voluntary_exits", handle: postExit },
  {
    method: "GET",
    path: "/eth/v1/beacon/pool/proposer_slashings",
    handle: ({ chain }) => ({
      json: {
        data: chain.pool.proposerSlashings.map((slashing) => ssz.phase0.ProposerSlashing.toJson(slashing)),
      },
    }),
  },
  { method: "POST", path: "/eth/v1/beacon/pool/proposer_slashings", handle: postProposerSlashing },
  {
    method: "GET",
    path: "/eth/v2/beacon/pool/attester_slashings",
    handle: ({ chain }) => {
      const version = forkAtSlot(chain.config, chain.head.slot);
      const data = chain.pool.attesterSlashings.map((slashing) =>
        ssz.electra.AttesterSlashing.toJson(slashing),
      );
      return { json: { version, data }, headers: { "eth-consensus-version": version } };
    },
  },
  { method: "POST", path: "/eth/v2/beacon/pool/attester_slashings", handle: postAttesterSlashing },
];
