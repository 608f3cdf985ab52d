import type { BeaconConfig } from "@lodestar/config";
import { computeEpochAtSlot, getExpectedWithdrawals, getRandaoMix } from "@lodestar/state-transition";
import { type electra, ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { UNSIGNED } from "../consensus/attendance.ts";
import { blockBody } from "../consensus/blockBody.ts";
import { type DevnetState, forkAtSlot, forkTypes } from "../consensus/forkTypes.ts";
import type { OperationPool } from "../consensus/operationPool.ts";
import { payloadFromEngine, requestsFromEngine, withdrawalToEngine } from "../consensus/payload.ts";
import { withSimulatedFlags } from "../consensus/simulatedFlags.ts";
import type { StateStore } from "../consensus/stateStore.ts";
import { advanceState, applyBlock } from "../consensus/transition.ts";
import type { BuiltPayload, EngineApi, ForkchoiceState, PayloadAttributes } from "../execution/engineApi.ts";
import type { JsonRpcClient } from "../execution/jsonRpcClient.ts";
import { sendBuilderTransfer } from "../faults/builderTransfer.ts";
import type { FaultState } from "../faults/faultState.ts";
import type { BlockEntry, BlockStore } from "../storage/blockStore.ts";
import { type ChainLog, type LogRecord, RECORD_MISSED, RECORD_SIMULATED } from "../storage/chainLog.ts";
import { encodeOffline } from "./replay.ts";

export interface SlotDriverParts {
  config: BeaconConfig;
  chainId: number;
  engine: EngineApi;
  rpc: JsonRpcClient;
  log: ChainLog;
  records: LogRecord[];
  blocks: BlockStore;
  states: StateStore;
  pool: OperationPool;
  faults: FaultState;
}

/** A slot whose payload the execution client is already building. */
interface Prepared {
  slot: number;
  state: DevnetState;
  feeRecipient: string;
  payloadId: string;
}

export interface SlotResult {
  slot: number;
  /** Undefined when the slot was missed. */
  entry?: BlockEntry;
  state: DevnetState;
  block?: electra.BeaconBlock;
}

const ZERO_HASH = `0x${"00".repeat(32)}`;
const quantity = (value: number): string => `0x${value.toString(16)}`;

/**
 * Makes one slot after the other: payload from the execution client, block, transition, import.
 * One linear chain: no peers, no fork choice, no reorgs.
 */
export class SlotDriver {
  readonly #parts: SlotDriverParts;
  #state: DevnetState;
  #tip: BlockEntry;
  #prepared: Prepared | undefined;

  constructor(parts: SlotDriverParts, state: DevnetState, tip: BlockEntry) {
    this.#parts = parts;
    this.#state = state;
    this.#tip = tip;
  }

  /** The last slot that was made, with or without a block. */
  get slot(): number {
    return this.#state.slot;
  }

  /** Makes the next slot. The block is valid and logged afterwards, but not yet the execution client's head. */
  async next(): Promise<SlotResult> {
    return this.#make(this.#state.slot + 1);
  }

  /** Jumps to the first slot of the next epoch, as if everybody online had attended, and makes that slot. */
  async nextEpochSimulated(slotsPerEpoch: number): Promise<SlotResult> {
    const slot = (computeEpochAtSlot(this.#state.slot) + 1) * slotsPerEpoch;
    const { faults, log, records } = this.#parts;
    this.#prepared = undefined;
    records.push(log.append(RECORD_SIMULATED, slot, encodeOffline(faults.offline)));
    this.#state = withSimulatedFlags(this.#state, faults.offline);
    return this.#make(slot);
  }

  /** Makes the tip the execution client's head and, if another slot follows at once, starts building on it. */
  async publish(buildNext: boolean): Promise<void> {
    this.#prepared = undefined;
    if (buildNext) {
      const slot = this.#state.slot + 1;
      const state = advanceState(this.#state, slot);
      if (this.#willPropose(state)) {
        this.#prepared = await this.#startBuilding(state);
        return;
      }
    }
    await this.#parts.engine.setHead(this.#forkchoice());
  }

  /** Another slot does not follow at once after all: what will wait in the pool then may be something else. */
  forgetPrepared(): void {
    this.#prepared = undefined;
  }

  async #make(slot: number): Promise<SlotResult> {
    const ready = this.#prepared?.slot === slot ? this.#prepared : undefined;
    this.#prepared = undefined;
    const state = ready?.state ?? advanceState(this.#state, slot);
    if (!this.#willPropose(state)) return this.#miss(state);
    const { faults, engine, rpc, chainId } = this.#parts;
    const reward = faults.rewards[0];
    if (reward !== undefined) await sendBuilderTransfer(rpc, chainId, reward);
    const stale = ready === undefined || ready.feeRecipient !== faults.feeRecipientOf(proposerOf(state));
    const { payloadId } = stale ? await this.#startBuilding(state) : ready;
    const built = await engine.getPayload(payloadId);
    const parentRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(state.latestBlockHeader.toValue());
    // The execution client checks the payload in its own process while the transition runs in this one.
    const imported = engine.newPayload(built, toHex(parentRoot));
    imported.catch(() => undefined);
    const result = this.#buildAndApply(state, built, parentRoot);
    await imported;
    const sent = reward?.rawTransaction;
    if (sent !== undefined && built.executionPayload.transactions.includes(sent)) faults.rewards.shift();
    return this.#accept(result.block, result.post);
  }

  #buildAndApply(state: DevnetState, built: BuiltPayload, parentRoot: Uint8Array) {
    const { pool, faults } = this.#parts;
    const body = blockBody({
      state,
      payload: payloadFromEngine(built.executionPayload),
      requests: requestsFromEngine(built.executionRequests),
      operations: pool.takeFor(state),
      isOnline: faults.isOnline,
    });
    const block: electra.BeaconBlock = {
      slot: state.slot,
      proposerIndex: proposerOf(state),
      parentRoot,
      stateRoot: new Uint8Array(32),
      body,
    };
    const post = applyBlock(state, block);
    block.stateRoot = post.hashTreeRoot();
    return { block, post };
  }

  #accept(block: electra.BeaconBlock, post: DevnetState): SlotResult {
    const { blocks, records, states, config } = this.#parts;
    const root = forkTypes(forkAtSlot(config, block.slot)).BeaconBlock.hashTreeRoot(block);
    const entry = blocks.write({ message: block, signature: UNSIGNED }, root);
    records.push(entry.record as LogRecord);
    states.add(block.slot, post);
    this.#state = post;
    this.#tip = entry;
    return { slot: block.slot, entry, state: post, block };
  }

  #miss(state: DevnetState): SlotResult {
    const { faults, log, records, states } = this.#parts;
    if (faults.missedSlotsLeft > 0) faults.missedSlotsLeft--;
    records.push(log.append(RECORD_MISSED, state.slot, new Uint8Array(0)));
    states.add(state.slot, state);
    this.#state = state;
    return { slot: state.slot, state };
  }

  /** No block when slots are being missed on purpose, or the proposer is offline or slashed. */
  #willPropose(state: DevnetState): boolean {
    const { faults } = this.#parts;
    const proposer = proposerOf(state);
    if (faults.missedSlotsLeft > 0 || faults.offline.has(proposer)) return false;
    return !state.validators.getReadonly(proposer).slashed;
  }

  async #startBuilding(state: DevnetState): Promise<Prepared> {
    const feeRecipient = this.#parts.faults.feeRecipientOf(proposerOf(state));
    const attributes = this.#attributes(state, feeRecipient);
    const payloadId = await this.#parts.engine.setHeadAndBuild(this.#forkchoice(), attributes);
    return { slot: state.slot, state, feeRecipient, payloadId };
  }

  #attributes(state: DevnetState, feeRecipient: string): PayloadAttributes {
    const { config } = this.#parts;
    const { expectedWithdrawals } = getExpectedWithdrawals(config.getForkSeq(state.slot), state);
    return {
      timestamp: quantity(state.genesisTime + state.slot * config.SECONDS_PER_SLOT),
      prevRandao: toHex(getRandaoMix(state, computeEpochAtSlot(state.slot))),
      suggestedFeeRecipient: feeRecipient,
      withdrawals: expectedWithdrawals.map(withdrawalToEngine),
      parentBeaconBlockRoot: toHex(
        ssz.phase0.BeaconBlockHeader.hashTreeRoot(state.latestBlockHeader.toValue()),
      ),
    };
  }

  #forkchoice(): ForkchoiceState {
    const hashOf = (root: Uint8Array): string =>
      this.#parts.blocks.byRoot(toHex(root))?.executionHash ?? ZERO_HASH;
    return {
      headBlockHash: this.#tip.executionHash,
      safeBlockHash: hashOf(this.#state.currentJustifiedCheckpoint.root),
      finalizedBlockHash: hashOf(this.#state.finalizedCheckpoint.root),
    };
  }
}

function proposerOf(state: DevnetState): number {
  return state.epochCtx.getBeaconProposer(state.slot);
}
