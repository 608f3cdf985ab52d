import { ContainerType } from "@chainsafe/ssz";
import { ssz } from "@lodestar/types";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { type ApiReply, type ApiRequest, queryList, type Route } from "./route.ts";
import { aboutState, stateOf } from "./stateId.ts";
import { idsSchema, indicesOf, parseBody } from "./validatorIds.ts";

const ValidatorIdentity = new ContainerType(
  { index: ssz.ValidatorIndex, pubkey: ssz.BLSPubkey, activationEpoch: ssz.EpochInf },
  { typeName: "ValidatorIdentity", jsonCase: "eth2" },
);

function identityOf(state: DevnetState, index: number) {
  const { pubkey, activationEpoch } = state.validators.getReadonly(index);
  return { index, pubkey, activationEpoch };
}

function identities({ chain, path, wantsSsz }: ApiRequest, ids: string[]): ApiReply {
  const found = stateOf(chain, path.state_id as string);
  const list = indicesOf(found.state, ids).map((index) => identityOf(found.state, index));
  // A list of elements of one size is their bytes one after the other.
  if (wantsSsz) return { ssz: Buffer.concat(list.map((identity) => ValidatorIdentity.serialize(identity))) };
  return aboutState(
    found,
    list.map((identity) => ValidatorIdentity.toJson(identity)),
  );
}

const PATH = "/eth/v1/beacon/states/{state_id}/validator_identities";

export const identityRoutes: Route[] = [
  { method: "GET", path: PATH, handle: (request) => identities(request, queryList(request.query, "id")) },
  {
    method: "POST",
    path: PATH,
    handle: (request) => identities(request, parseBody(idsSchema, request.body) ?? []),
  },
];
