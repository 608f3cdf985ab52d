import { z } from "zod";
import { count, pubkey, root, signature, uint64, version } from "./values.ts";

/** What wraps nearly every answer. */
export function dataOf<Schema extends z.ZodType>(schema: Schema) {
  return z.object({ data: schema }).transform((answer) => (answer as { data: z.output<Schema> }).data);
}

export const genesis = z
  .object({ genesis_time: uint64, genesis_validators_root: root, genesis_fork_version: version })
  .transform((data) => ({
    /** Unix seconds. */
    genesisTime: data.genesis_time,
    genesisValidatorsRoot: data.genesis_validators_root,
    genesisForkVersion: data.genesis_fork_version,
  }));

const message = z
  .object({ slot: uint64, proposer_index: count, parent_root: root, state_root: root, body_root: root })
  .transform((data) => ({
    slot: data.slot,
    proposerIndex: data.proposer_index,
    parentRoot: data.parent_root,
    stateRoot: data.state_root,
    bodyRoot: data.body_root,
  }));

export const header = z
  .object({
    execution_optimistic: z.boolean().default(false),
    finalized: z.boolean().default(false),
    data: z.object({ root, canonical: z.boolean(), header: z.object({ message }) }),
  })
  .transform(({ data, finalized, execution_optimistic }) => ({
    root: data.root,
    canonical: data.canonical,
    header: data.header.message,
    finalized,
    /** The execution layer hasn't confirmed it yet. */
    executionOptimistic: execution_optimistic,
  }));

export const blockRoot = z.object({ root }).transform((data) => data.root);

export const fork = z
  .object({ previous_version: version, current_version: version, epoch: uint64 })
  .transform((data) => ({
    previousVersion: data.previous_version,
    currentVersion: data.current_version,
    epoch: data.epoch,
  }));

const checkpoint = z.object({ epoch: uint64, root });

export const finalityCheckpoints = z
  .object({ previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint })
  .transform((data) => ({
    previousJustified: data.previous_justified,
    currentJustified: data.current_justified,
    finalized: data.finalized,
  }));

export const validator = z
  .object({
    index: count,
    balance: uint64,
    status: z.string(),
    validator: z.object({
      pubkey,
      withdrawal_credentials: root,
      effective_balance: uint64,
      slashed: z.boolean(),
      activation_eligibility_epoch: uint64,
      activation_epoch: uint64,
      exit_epoch: uint64,
      withdrawable_epoch: uint64,
    }),
  })
  .transform(({ index, balance, status, validator: fields }) => ({
    index,
    balanceGwei: balance,
    /** As the Beacon API names it, e.g. "active_ongoing". */
    status,
    pubkey: fields.pubkey,
    withdrawalCredentials: fields.withdrawal_credentials,
    effectiveBalance: fields.effective_balance,
    slashed: fields.slashed,
    activationEligibilityEpoch: fields.activation_eligibility_epoch,
    activationEpoch: fields.activation_epoch,
    exitEpoch: fields.exit_epoch,
    withdrawableEpoch: fields.withdrawable_epoch,
  }));

export const pendingDeposit = z
  .object({ pubkey, withdrawal_credentials: root, amount: uint64, signature, slot: uint64 })
  .transform((data) => ({
    pubkey: data.pubkey,
    withdrawalCredentials: data.withdrawal_credentials,
    amountGwei: data.amount,
    signature: data.signature,
    slot: data.slot,
  }));

export const pendingPartialWithdrawal = z
  .object({ validator_index: count, amount: uint64, withdrawable_epoch: uint64 })
  .transform((data) => ({
    validatorIndex: data.validator_index,
    amountGwei: data.amount,
    withdrawableEpoch: data.withdrawable_epoch,
  }));

export const nodeVersion = z.object({ version: z.string() }).transform((data) => data.version);

export const syncing = z
  .object({
    head_slot: uint64,
    sync_distance: uint64,
    is_syncing: z.boolean(),
    is_optimistic: z.boolean().default(false),
    el_offline: z.boolean().default(false),
  })
  .transform((data) => ({
    headSlot: data.head_slot,
    syncDistance: data.sync_distance,
    isSyncing: data.is_syncing,
    isOptimistic: data.is_optimistic,
    elOffline: data.el_offline,
  }));

export const headEvent = z
  .object({
    slot: uint64,
    block: root,
    state: root,
    epoch_transition: z.boolean().default(false),
    execution_optimistic: z.boolean().default(false),
  })
  .transform((data) => ({
    slot: data.slot,
    blockRoot: data.block,
    stateRoot: data.state,
    epochTransition: data.epoch_transition,
    executionOptimistic: data.execution_optimistic,
  }));

export const finalizedEvent = z
  .object({ block: root, state: root, epoch: uint64, execution_optimistic: z.boolean().default(false) })
  .transform((data) => ({
    epoch: data.epoch,
    blockRoot: data.block,
    stateRoot: data.state,
    executionOptimistic: data.execution_optimistic,
  }));

export type Genesis = z.output<typeof genesis>;
export type HeaderInfo = z.output<typeof header>;
export type Fork = z.output<typeof fork>;
export type FinalityCheckpoints = z.output<typeof finalityCheckpoints>;
export type ValidatorInfo = z.output<typeof validator>;
export type PendingPartialWithdrawal = z.output<typeof pendingPartialWithdrawal>;
export type Syncing = z.output<typeof syncing>;
export type HeadEvent = z.output<typeof headEvent>;
export type FinalizedEvent = z.output<typeof finalizedEvent>;
