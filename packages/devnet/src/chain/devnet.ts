import { setImmediate as nextTurn } from "node:timers/promises";
import type { BeaconConfig } from "@lodestar/config";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { computeEpochAtSlot } from "@lodestar/state-transition";
import { fromHex, toHex } from "@lodestar/utils";
import { type Deviation, deviations } from "../consensus/deviations.ts";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { OperationPool } from "../consensus/operationPool.ts";
import { DevnetError } from "../errors/devnetError.ts";
import { EngineApi } from "../execution/engineApi.ts";
import { FaultState } from "../faults/faultState.ts";
import { Faults } from "../faults/faults.ts";
import {
  addressSchema,
  type DevnetLogger,
  PACES,
  type Pace,
  paceSchema,
  type ResolvedOptions,
} from "../options/devnetOptions.ts";
import type { BlockEntry, BlockStore } from "../storage/blockStore.ts";
import { RECORD_SIMULATED } from "../storage/chainLog.ts";
import type { ReceiptStore } from "../storage/receiptStore.ts";
import { ChainEvents } from "./chainEvents.ts";
import type { DevnetHead, DevnetUrls } from "./devnetHead.ts";
import { Mutex } from "./mutex.ts";
import type { OpenedChain } from "./openChain.ts";
import { Pacer } from "./pacer.ts";
import { blockEvent, receiptsOf } from "./publication.ts";
import { replayTo } from "./replay.ts";
import { SlotDriver, type SlotResult } from "./slotDriver.ts";
import { SlotTimes } from "./slotTimes.ts";
import { WaitingTransactions } from "./waitingTransactions.ts";

/** A full snapshot of the state is written every so many slots. */
const SNAPSHOT_SLOTS = 256;

/**
 * A running chain: a real execution client driven over the Engine API by Ethereum's real consensus transition.
 * One linear chain in one process: no peer-to-peer network, no fork choice, no reorgs.
 */
export class Devnet {
  readonly options: ResolvedOptions;
  readonly config: BeaconConfig;
  readonly blocks: BlockStore;
  readonly receipts: ReceiptStore;
  readonly events = new ChainEvents();
  readonly pool = new OperationPool();
  readonly faults: Faults;
  readonly #chain: OpenedChain;
  readonly #logger: DevnetLogger;
  readonly #faultState = new FaultState();
  readonly #driver: SlotDriver;
  readonly #waiting: WaitingTransactions;
  readonly #pacer: Pacer;
  readonly #mutex = new Mutex();
  readonly #times = new SlotTimes();
  #state: DevnetState;
  #headState: DevnetState;
  #head: BlockEntry;
  #failure: DevnetError | undefined;
  #publishing: Promise<unknown> | undefined;
  #closers: (() => Promise<void>)[] = [];
  #release: (() => void) | undefined;
  #stopped: Promise<void> | undefined;
  urls: DevnetUrls = { rpc: "", ws: "", beacon: "", control: "" };

  constructor(options: ResolvedOptions, chain: OpenedChain, logger: DevnetLogger) {
    this.options = options;
    this.config = chain.config;
    this.blocks = chain.blocks;
    this.receipts = chain.receipts;
    this.#chain = chain;
    this.#logger = logger;
    this.#state = chain.state;
    this.#head = chain.blocks.head;
    this.#headState = chain.states.at(this.#head.slot) ?? chain.state;
    const engine = new EngineApi(chain.client.engine);
    const { rpc } = chain.client;
    const shared = { faults: this.#faultState, pool: this.pool, rpc, chainId: options.chainId };
    this.#driver = new SlotDriver({ ...chain, ...shared, engine }, chain.state, this.#head);
    this.faults = new Faults({
      ...shared,
      genesisForkVersion: this.genesisForkVersion,
      state: () => this.#headState,
    });
    this.#waiting = new WaitingTransactions(this.events, this.receipts);
    this.#pacer = new Pacer((another) => this.#oneSlot(another), this.#waiting, logger);
    chain.client.onUnexpectedExit((error) => {
      this.#failure = error;
      logger.error({ err: error }, "the execution client is gone: start the devnet again on the same folder");
    });
  }

  /** 4 bytes, 0x: what deposits are signed for. */
  get genesisForkVersion(): `0x${string}` {
    return toHex(this.config.GENESIS_FORK_VERSION) as `0x${string}`;
  }

  get genesisTime(): number {
    return this.#headState.genesisTime;
  }

  get pace(): Pace {
    return this.#pacer.pace;
  }

  /** State after the newest block. Read only: clone before writing. */
  get state(): DevnetState {
    return this.#headState;
  }

  /** The last slot made, later than the head's when slots were missed. */
  get slot(): number {
    return this.#state.slot;
  }

  get simulatedEpochs(): number {
    return this.simulatedSlots.length;
  }

  /** First slots after epochs of simulated attendance. */
  get simulatedSlots(): number[] {
    return this.#chain.records.filter(({ kind }) => kind === RECORD_SIMULATED).map(({ slot }) => slot);
  }

  get keptStates(): number {
    return this.#chain.states.size;
  }

  /** Median milliseconds of the last 256 slots, 0 before the first. */
  get slotMsMedian(): number {
    return this.#times.median();
  }

  get executionClient(): { pid: number | undefined; url: string } {
    return { pid: this.#chain.client.pid, url: this.#chain.client.rpc.url };
  }

  get head(): DevnetHead {
    const { slot, blockNumber, executionHash, root, timestamp } = this.#head;
    return {
      slot,
      epoch: computeEpochAtSlot(slot),
      blockNumber,
      executionHash,
      blockRoot: root,
      finalizedEpoch: this.#headState.finalizedCheckpoint.epoch,
      justifiedEpoch: this.#headState.currentJustifiedCheckpoint.epoch,
      timestamp,
      simulatedEpochs: this.simulatedEpochs,
    };
  }

  get headBlock(): BlockEntry {
    return this.#head;
  }

  /** Block of the finalized checkpoint; genesis before the first. */
  get finalizedBlock(): BlockEntry {
    return this.#checkpointBlock(this.#headState.finalizedCheckpoint.root);
  }

  get justifiedBlock(): BlockEntry {
    return this.#checkpointBlock(this.#headState.currentJustifiedCheckpoint.root);
  }

  /** Every way in which this chain is not mainnet. */
  get deviations(): Deviation[] {
    const { validators, validatorEth } = this.options;
    return deviations(this.config, { simulatedEpochs: this.simulatedEpochs, validators, validatorEth });
  }

  /**
   * The state after a slot, or the one with a root. The last `keepStates` slots are at hand; older ones are replayed
   * from disk, which blocks the process for up to a second or two.
   * @throws DevnetError `state-unknown`
   */
  stateAt(slotOrRoot: number | string): DevnetState {
    const slot =
      typeof slotOrRoot === "number" ? slotOrRoot : this.#slotOfStateRoot(slotOrRoot.toLowerCase());
    if (slot === undefined || !Number.isInteger(slot) || slot < 0 || slot > this.slot) {
      throw new DevnetError("state-unknown", `there is no state ${slotOrRoot} on this chain`);
    }
    if (slot === this.#head.slot) return this.#headState;
    const { states, snapshots } = this.#chain;
    return states.at(slot) ?? replayTo(this.#chain, slot, snapshots.nearest(slot));
  }

  /** Makes `slots` slots as fast as it can. */
  async advance(slots: number): Promise<void> {
    if (!Number.isInteger(slots) || slots < 0) {
      throw new DevnetError("invalid-options", `advance takes a whole number of slots, not ${slots}`);
    }
    for (let left = slots; left > 0; left--) await this.#oneSlot(left > 1);
  }

  /**
   * Makes slots until the predicate holds; it is asked before the first slot and after each.
   * @throws DevnetError `predicate-not-reached` when it does not within `maxSlots`
   */
  async advanceUntil(
    predicate: (chain: Devnet) => boolean | Promise<boolean>,
    maxSlots: number,
  ): Promise<void> {
    for (let made = 0; ; made++) {
      if (await predicate(this)) return this.#driver.forgetPrepared();
      if (made >= maxSlots) {
        throw new DevnetError(
          "predicate-not-reached",
          `what was waited for did not happen within ${maxSlots} slots (now slot ${this.slot}): wait longer or check the condition`,
          { details: { head: this.head } },
        );
      }
      await this.#oneSlot(made + 1 < maxSlots);
    }
  }

  /** Real blocks at full speed. `onProgress` is called after every epoch. */
  async runAhead(run: { epochs: number; onProgress?: (head: DevnetHead) => void }): Promise<void> {
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      const last = epoch === run.epochs - 1;
      for (let slot = 1; slot <= SLOTS_PER_EPOCH; slot++)
        await this.#oneSlot(!(last && slot === SLOTS_PER_EPOCH));
      run.onProgress?.(this.head);
    }
  }

  /**
   * Jumps over epochs with one block each, attendance written into the state. For waiting out long delays only:
   * `head.simulatedEpochs` and `deviations` say so from then on, and sync and proposer rewards of skipped slots are not paid.
   */
  async simulateAttendance(run: { epochs: number; onProgress?: (head: DevnetHead) => void }): Promise<void> {
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      await this.#locked(async () =>
        this.#finish(await this.#driver.nextEpochSimulated(SLOTS_PER_EPOCH), false),
      );
      run.onProgress?.(this.head);
    }
  }

  setPace(pace: Pace): void {
    if (!paceSchema.safeParse(pace).success) throw new DevnetError("invalid-options", PACES);
    if (this.#failure !== undefined && pace !== "stopped") throw this.#failure;
    this.#pacer.set(pace);
  }

  /** Who gets the tips of a validator's blocks from now on. @throws DevnetError `invalid-fault` for an unknown one */
  setFeeRecipient(validator: number | string, address: string): void {
    const index = typeof validator === "number" ? validator : this.#indexOf(validator);
    if (index === null || index >= this.#headState.validators.length) {
      throw new DevnetError("invalid-fault", `there is no validator ${validator} on this chain yet`);
    }
    const parsed = addressSchema.safeParse(address);
    if (!parsed.success) throw new DevnetError("invalid-fault", `${address} is not an address`);
    this.#faultState.feeRecipients.set(index, parsed.data);
  }

  /**
   * Waits while a block is being made visible, so that two reads never see it half there; at the pace `whenPending` also
   * while a transaction waits: who has sent one finds it mined with the first look.
   */
  async settled(): Promise<void> {
    while (this.#publishing !== undefined || (this.pace === "whenPending" && this.#waiting.isAny)) {
      await (this.#publishing ?? nextTurn());
    }
  }

  /** Registers what `stop` closes before the chain itself. */
  onStop(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Registers what is done last, when nothing runs any more. */
  onStopped(release: () => void): void {
    this.#release = release;
  }

  /** Ends everything: background loop, servers, execution client, files. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#pacer.stop();
    await this.#mutex.idle();
    this.#failure ??= new DevnetError(
      "stopped",
      "this devnet was stopped: start another one on the same folder",
    );
    for (const close of this.#closers) await close();
    await this.#chain.client.stop();
    this.events.removeAllListeners();
    this.#chain.log.close();
    this.#chain.receipts.close();
    this.#release?.();
  }

  async #oneSlot(another: boolean): Promise<void> {
    await this.#locked(async () => this.#finish(await this.#driver.next(), another));
    this.#waiting.endSlot();
  }

  #locked(work: () => Promise<void>): Promise<void> {
    return this.#mutex.run(async () => {
      if (this.#failure !== undefined) throw this.#failure;
      const started = performance.now();
      try {
        await work();
      } catch (error) {
        throw this.#failure ?? error;
      }
      this.#times.add(performance.now() - started);
    });
  }

  async #finish(result: SlotResult, another: boolean): Promise<void> {
    this.#state = result.state;
    if (result.slot % SNAPSHOT_SLOTS === 0)
      this.#chain.snapshots.write(result.slot, result.state.serialize());
    if (result.entry === undefined) return;
    const publishing = this.#publish(result, result.entry, another)
      .catch((cause: unknown) => {
        // The block is logged but half visible: only a restart, which replays the log, puts that right.
        const message =
          "a block was made but could not be published: start the devnet again on the same folder";
        this.#failure ??= new DevnetError("execution-client-failed", message, { cause, retryable: true });
        throw this.#failure;
      })
      .finally(() => {
        this.#publishing = undefined;
      });
    this.#publishing = publishing.catch(() => undefined);
    await publishing;
  }

  async #publish(result: SlotResult, entry: BlockEntry, another: boolean): Promise<void> {
    await this.#driver.publish(another);
    const receipts = await receiptsOf(this.#chain.client.rpc, this.receipts, entry);
    const previous = { slot: this.#head.slot, finalizedEpoch: this.#headState.finalizedCheckpoint.epoch };
    this.blocks.add(entry);
    this.receipts.add(entry, receipts);
    this.#head = entry;
    this.#headState = result.state;
    this.#pin();
    this.events.emit("block", blockEvent(entry, previous.slot, receipts));
    const { epoch } = this.#headState.finalizedCheckpoint;
    if (epoch > previous.finalizedEpoch) {
      const { root, stateRoot } = this.finalizedBlock;
      this.events.emit("finalized", { epoch, blockRoot: root, stateRoot });
    }
  }

  #pin(): void {
    this.#chain.states.pin([0, this.finalizedBlock.slot, this.justifiedBlock.slot]);
  }

  #checkpointBlock(root: Uint8Array): BlockEntry {
    return this.blocks.byRoot(toHex(root)) ?? this.blocks.genesis;
  }

  #slotOfStateRoot(root: string): number | undefined {
    return this.blocks.byStateRoot(root)?.slot ?? this.#chain.states.slotOfRoot(root);
  }

  #indexOf(pubkey: string): number | null {
    return /^0x[0-9a-fA-F]{96}$/.test(pubkey)
      ? this.#headState.epochCtx.pubkeyCache.getIndex(fromHex(pubkey))
      : null;
  }

  /** For the interfaces of this package. */
  get logger(): DevnetLogger {
    return this.#logger;
  }

  get executionRpc(): OpenedChain["client"]["rpc"] {
    return this.#chain.client.rpc;
  }
}
