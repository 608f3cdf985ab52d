import { checkpointsAbi } from "@cairn/protocol";
import { E2eError } from "./e2eError.ts";
import type { KeeperProcess } from "./keeperProcess.ts";
import type { RunningChain, Stack } from "./stack.ts";

type Devnet = RunningChain["devnet"];

/** Slots between two looks of the keepers while somebody waits for them: an epoch, for finality moves once in one. */
const STRIDE = 8;
/** And while nobody does; their proofs are good for 64. */
const LONG_STRIDE = 32;
/** More than any wait for a keeper takes: an interval of checkpoints, finality, and a dispute. */
const MOST_SLOTS = 800;

/**
 * How a wait passes: with a block in every slot, or with one in an epoch and attendance simulated, which is an eighth of
 * the work, where nothing that is looked at happens in between.
 */
export type Waits = "blocks" | "epochs";

/**
 * A chain and the keepers on it. The chain moves when it is told to, or when a transaction waits for a slot, and on only
 * when every keeper has done what it can; the keepers stand still while it is told to move. So what happens in which slot
 * does not depend on how fast the machine is.
 */
export class Lockstep {
  readonly #devnet: Devnet;
  readonly #keepers: () => readonly KeeperProcess[];
  waits: Waits;

  /** `keepers`: all there are just now, stopped ones too. */
  constructor(devnet: Devnet, keepers: () => readonly KeeperProcess[], waits: Waits = "blocks") {
    this.#devnet = devnet;
    this.#keepers = keepers;
    this.waits = waits;
  }

  /** Until no keeper has anything to do: both layers stand still then. */
  async rest(): Promise<void> {
    for (;;) {
      const { blockNumber } = this.#devnet.head;
      for (const keeper of this.#keepers()) if (keeper.isWanted) await keeper.looksAt(blockNumber);
      if (this.#devnet.head.blockNumber === blockNumber) return;
    }
  }

  /** Does `work`, whose transactions get their slots, and rests. */
  async after<T>(work: () => Promise<T>): Promise<T> {
    const result = await work();
    await this.rest();
    return result;
  }

  /** A few slots at a time until `ready`. @throws E2eError after `slots`. */
  async until<T>(what: string, ready: () => Promise<T | undefined | false>, slots = MOST_SLOTS): Promise<T> {
    const last = this.#devnet.slot + slots;
    for (;;) {
      await this.rest();
      const result = await ready();
      if (result) return result;
      if (this.#devnet.slot >= last) throw new E2eError(`waited ${slots} slots in vain: ${what}`);
      await this.move(() =>
        this.waits === "epochs"
          ? this.#devnet.simulateAttendance({ epochs: 1 })
          : this.#devnet.advance(STRIDE),
      );
    }
  }

  /** Exactly so many, with a block in each. */
  async advance(slots: number): Promise<void> {
    const last = this.#devnet.slot + slots;
    while (this.#devnet.slot < last) {
      await this.rest();
      const stride = Math.min(LONG_STRIDE, last - this.#devnet.slot);
      await this.move(() => this.#devnet.advance(stride));
    }
    await this.rest();
  }

  /** To the first block in which the predicate holds. @throws DevnetError or E2eError when it does not within `maxSlots`. */
  async advanceUntil(
    predicate: (chain: Devnet) => boolean | Promise<boolean>,
    maxSlots: number,
  ): Promise<void> {
    const last = this.#devnet.slot + maxSlots;
    let isThere = false;
    while (!isThere) {
      await this.rest();
      const pause = Math.min(this.#devnet.slot + LONG_STRIDE, last);
      const untilPause = async (chain: Devnet) => {
        isThere = await predicate(chain);
        return isThere || (chain.slot >= pause && chain.slot < last);
      };
      await this.move(() => this.#blocksUntil(untilPause, last - this.#devnet.slot));
    }
    await this.rest();
  }

  async #blocksUntil(predicate: (chain: Devnet) => Promise<boolean>, maxSlots: number): Promise<void> {
    const devnet = this.#devnet;
    if (this.waits === "blocks") return devnet.advanceUntil(predicate, maxSlots);
    const last = devnet.slot + maxSlots;
    while (!(await predicate(devnet))) {
      if (devnet.slot >= last) throw new E2eError(`waited ${maxSlots} slots in vain`);
      await devnet.simulateAttendance({ epochs: 1 });
    }
  }

  /** Does `work`, which makes slots, while the keepers stand still. */
  async move<T>(work: () => Promise<T>): Promise<T> {
    const keepers = this.#keepers().filter(({ isWanted }) => isWanted);
    for (const keeper of keepers) keeper.pause();
    try {
      return await work();
    } finally {
      for (const keeper of keepers) keeper.resume();
    }
  }

  /** Until so many slots before the next checkpoint may be opened. */
  async untilDueIn({ client, addresses, spec }: Stack, slots: bigint): Promise<void> {
    const opensAt = await client.readContract({
      address: addresses.checkpoints,
      abi: checkpointsAbi,
      functionName: "opensAt",
    });
    const from = opensAt - slots * spec.secondsPerSlot;
    await this.advanceUntil((chain) => BigInt(chain.head.timestamp) >= from, 2000);
  }
}
