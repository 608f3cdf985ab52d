import { ssz } from "@lodestar/types";
import { z } from "zod";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { VALIDATOR_STATUSES, validatorStatus } from "../consensus/validatorStatus.ts";
import { badRequest, notFound } from "./apiError.ts";
import { type ApiReply, type ApiRequest, queryList, type Route } from "./route.ts";
import { aboutState, stateOf } from "./stateId.ts";
import { idsSchema, indexOf, indicesOf, parseBody } from "./validatorIds.ts";

const GENERAL_STATUSES = ["active", "pending", "exited", "withdrawal"];

const bodySchema = z
  .object({ ids: z.array(z.string()).nullish(), statuses: z.array(z.string()).nullish() })
  .nullish();

function assertStatuses(statuses: string[]): void {
  const known: string[] = [...VALIDATOR_STATUSES, ...GENERAL_STATUSES];
  const wrong = statuses.find((status) => !known.includes(status));
  if (wrong !== undefined) throw badRequest(`Invalid validator status: ${wrong}`);
}

function validatorJson(state: DevnetState, index: number) {
  const validator = state.validators.getReadonly(index).toValue();
  const balance = state.balances.get(index);
  return {
    index: String(index),
    balance: String(balance),
    status: validatorStatus(validator, balance, state.epochCtx.epoch) as string,
    validator: ssz.phase0.Validator.toJson(validator),
  };
}

function list(request: ApiRequest, ids: string[], statuses: string[]): ApiReply {
  assertStatuses(statuses);
  const found = stateOf(request.chain, request.path.state_id as string);
  const data = indicesOf(found.state, ids)
    .map((index) => validatorJson(found.state, index))
    .filter(({ status }) => statuses.length === 0 || statuses.some((wanted) => matches(status, wanted)));
  return aboutState(found, data);
}

const matches = (status: string, wanted: string): boolean =>
  status === wanted || status.startsWith(`${wanted}_`);

function balances(request: ApiRequest, ids: string[]): ApiReply {
  const found = stateOf(request.chain, request.path.state_id as string);
  const data = indicesOf(found.state, ids).map((index) => ({
    index: String(index),
    balance: String(found.state.balances.get(index)),
  }));
  return aboutState(found, data);
}

const VALIDATORS = "/eth/v1/beacon/states/{state_id}/validators";
const BALANCES = "/eth/v1/beacon/states/{state_id}/validator_balances";

export const validatorRoutes: Route[] = [
  {
    method: "GET",
    path: VALIDATORS,
    handle: (request) => list(request, queryList(request.query, "id"), queryList(request.query, "status")),
  },
  {
    method: "POST",
    path: VALIDATORS,
    handle: (request) => {
      const body = parseBody(bodySchema, request.body);
      return list(request, body?.ids ?? [], body?.statuses ?? []);
    },
  },
  {
    method: "GET",
    path: `${VALIDATORS}/{validator_id}`,
    handle: ({ chain, path }) => {
      const found = stateOf(chain, path.state_id as string);
      const index = indexOf(found.state, path.validator_id as string);
      if (index === undefined) throw notFound("Validator not found");
      return aboutState(found, validatorJson(found.state, index));
    },
  },
  {
    method: "GET",
    path: BALANCES,
    handle: (request) => balances(request, queryList(request.query, "id")),
  },
  {
    method: "POST",
    path: BALANCES,
    handle: (request) => balances(request, parseBody(idsSchema, request.body) ?? []),
  },
];
