import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { computeBlockRewards, computeSyncCommitteeRewards } from "@lodestar/state-transition";
import type { electra } from "@lodestar/types";
import type { Devnet } from "../chain/devnet.ts";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { advanceState } from "../consensus/transition.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import { badRequest, notFound } from "./apiError.ts";
import { epochRewards } from "./attestationRewards.ts";
import { blockOf, isFinalized } from "./blockId.ts";
import type { ApiReply, ApiRequest, Route } from "./route.ts";
import { idsSchema, indicesOf, parseBody } from "./validatorIds.ts";

const about = (finalized: boolean, data: unknown): ApiReply => ({
  json: { execution_optimistic: false, finalized, data },
});

interface BlockWithPreState {
  entry: BlockEntry;
  block: electra.BeaconBlock;
  /** Right before the block, at its slot. */
  state: DevnetState;
}

/** @throws ApiError 404 where the state before the block cannot be had */
function blockWithPreState(chain: Devnet, id: string): BlockWithPreState {
  const entry = blockOf(chain, id);
  if (entry.record === undefined) throw notFound("The genesis block was never proposed and earned nothing");
  assertAttended(chain, entry.slot);
  const state = advanceState(chain.stateAt(entry.slot - 1), entry.slot);
  return { entry, block: chain.blocks.decode(entry.record).message, state };
}

/** @throws ApiError 404 for the slot after simulated attendance, which no state or block accounts for */
function assertAttended(chain: Devnet, slot: number): void {
  if (!chain.simulatedSlots.includes(slot)) return;
  throw notFound(
    `Slot ${slot} follows simulated attendance: its rewards cannot be told from states and blocks`,
  );
}

async function ofBlock({ chain, path }: ApiRequest): Promise<ApiReply> {
  const { entry, block, state } = blockWithPreState(chain, path.block_id as string);
  const rewards = await computeBlockRewards(chain.config, block, state);
  return about(isFinalized(chain, entry), {
    proposer_index: String(rewards.proposerIndex),
    total: String(rewards.total),
    attestations: String(rewards.attestations),
    sync_aggregate: String(rewards.syncAggregate),
    proposer_slashings: String(rewards.proposerSlashings),
    attester_slashings: String(rewards.attesterSlashings),
  });
}

async function ofSyncCommittee({ chain, path, body }: ApiRequest): Promise<ApiReply> {
  const { entry, block, state } = blockWithPreState(chain, path.block_id as string);
  const ids = parseBody(idsSchema, body) ?? [];
  const wanted = new Set(indicesOf(state, ids));
  const rewards = await computeSyncCommitteeRewards(chain.config, state.epochCtx.pubkeyCache, block, state);
  const data = rewards
    .filter(({ validatorIndex }) => wanted.has(validatorIndex))
    .map(({ validatorIndex, reward }) => ({
      validator_index: String(validatorIndex),
      reward: String(reward),
    }));
  return about(isFinalized(chain, entry), data);
}

/** They are paid by the transition at the end of the epoch after. */
function ofAttestations({ chain, path, body }: ApiRequest): ApiReply {
  const text = path.epoch as string;
  if (!/^\d{1,12}$/.test(text)) throw badRequest(`Invalid epoch: ${text}`);
  const paidAt = (Number(text) + 2) * SLOTS_PER_EPOCH;
  if (paidAt > chain.slot) throw notFound(`The votes of epoch ${text} are paid for at slot ${paidAt}`);
  assertAttended(chain, paidAt);
  const state = chain.stateAt(paidAt - 1);
  const wanted = new Set(indicesOf(state, parseBody(idsSchema, body) ?? []));
  const { ideal, total } = epochRewards(state, (index) => wanted.has(index));
  const votes = ({ head, target, source, inactivity }: (typeof total)[number] | (typeof ideal)[number]) => ({
    ...{ head: String(head), target: String(target) },
    ...{ source: String(source), inactivity: String(inactivity) },
  });
  return about(paidAt <= chain.finalizedBlock.slot, {
    ideal_rewards: ideal.map((entry) => ({
      effective_balance: String(entry.effectiveBalance),
      ...votes(entry),
    })),
    total_rewards: total.map((entry) => ({ validator_index: String(entry.index), ...votes(entry) })),
  });
}

export const rewardRoutes: Route[] = [
  { method: "GET", path: "/eth/v1/beacon/rewards/blocks/{block_id}", handle: ofBlock },
  { method: "POST", path: "/eth/v1/beacon/rewards/sync_committee/{block_id}", handle: ofSyncCommittee },
  { method: "POST", path: "/eth/v1/beacon/rewards/attestations/{epoch}", handle: ofAttestations },
];
