import {
  EPOCHS_PER_SYNC_COMMITTEE_PERIOD,
  SLOTS_PER_EPOCH,
  SYNC_COMMITTEE_SUBNET_COUNT,
} from "@lodestar/params";
import { computeEpochAtSlot } from "@lodestar/state-transition";
import { badRequest } from "./apiError.ts";
import { type ApiReply, type ApiRequest, queryNumber, type Route } from "./route.ts";
import { aboutState, stateOf } from "./stateId.ts";

/** Committees of an epoch that the state can tell: its own, the one before and the one after. */
function committees({ chain, path, query }: ApiRequest): ApiReply {
  const found = stateOf(chain, path.state_id as string);
  const epoch = queryNumber(query, "epoch") ?? found.epoch;
  const slot = queryNumber(query, "slot");
  const index = queryNumber(query, "index");
  const shuffling = found.state.epochCtx.getShufflingAtEpochOrNull(epoch);
  if (shuffling === null) {
    throw badRequest(`Epoch ${epoch} is out of range: the state is of epoch ${found.epoch}`);
  }
  if (slot !== undefined && computeEpochAtSlot(slot) !== epoch) {
    throw badRequest(`Slot ${slot} does not belong in epoch ${epoch}`);
  }
  if (index !== undefined && index >= shuffling.committeesPerSlot) {
    throw badRequest(
      `There are only ${shuffling.committeesPerSlot} committees a slot, not one of index ${index}`,
    );
  }
  const all = shuffling.committees.flatMap((ofSlot, offset) =>
    ofSlot.map((members, committee) => ({ slot: epoch * SLOTS_PER_EPOCH + offset, committee, members })),
  );
  const data = all
    .filter((entry) => slot === undefined || entry.slot === slot)
    .filter((entry) => index === undefined || entry.committee === index)
    .map((entry) => ({
      index: String(entry.committee),
      slot: String(entry.slot),
      validators: Array.from(entry.members, String),
    }));
  return aboutState(found, data);
}

const periodOf = (epoch: number): number => Math.floor(epoch / EPOCHS_PER_SYNC_COMMITTEE_PERIOD);

/** The sync committee of the state's period, or of the next one. */
function syncCommittees({ chain, path, query }: ApiRequest): ApiReply {
  const found = stateOf(chain, path.state_id as string);
  const epoch = queryNumber(query, "epoch") ?? found.epoch;
  const ahead = periodOf(epoch) - periodOf(found.epoch);
  if (ahead !== 0 && ahead !== 1) {
    throw badRequest(`Epoch ${epoch} is outside the sync committee period of the state`);
  }
  const { currentSyncCommitteeIndexed, nextSyncCommitteeIndexed } = found.state.epochCtx;
  const { validatorIndices } = ahead === 0 ? currentSyncCommitteeIndexed : nextSyncCommitteeIndexed;
  const validators = Array.from(validatorIndices, String);
  const size = validators.length / SYNC_COMMITTEE_SUBNET_COUNT;
  const aggregates = Array.from({ length: SYNC_COMMITTEE_SUBNET_COUNT }, (_, subnet) =>
    validators.slice(subnet * size, (subnet + 1) * size),
  );
  return aboutState(found, { validators, validator_aggregates: aggregates });
}

export const committeeRoutes: Route[] = [
  { method: "GET", path: "/eth/v1/beacon/states/{state_id}/committees", handle: committees },
  { method: "GET", path: "/eth/v1/beacon/states/{state_id}/sync_committees", handle: syncCommittees },
];
