import { checkpointsAbi } from "@cairn/protocol";
import { E2eError } from "./e2eError.ts";
import type { KeeperProcess } from "./keeperProcess.ts";
import type { RunningChain, Stack } from "./stack.ts";

type Devnet = RunningChain["devnet"];

/** Slots that may pass before the keepers are waited for while nobody waits for them; their proofs are good for 64. */
const STRIDE = 8;
/** More than any wait for a keeper takes: an interval of checkpoints, finality, and a dispute. */
const MOST_SLOTS = 800;

/**
 * A chain and the keepers on it. The chain moves when it is told to, or when a transaction waits for a slot, and on only
 * when every keeper has done what it can: what happens in which slot does not depend on how fast the machine is.
 */
export class Lockstep {
  readonly #devnet: Devnet;
  readonly #keepers: () => readonly KeeperProcess[];

  /** `keepers`: all there are just now, stopped ones too. */
  constructor(devnet: Devnet, keepers: () => readonly KeeperProcess[]) {
    this.#devnet = devnet;
    this.#keepers = keepers;
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

  /** Slot by slot until `ready`. @throws E2eError after `slots`. */
  async until<T>(what: string, ready: () => Promise<T | undefined | false>, slots = MOST_SLOTS): Promise<T> {
    const last = this.#devnet.slot + slots;
    for (;;) {
      await this.rest();
      const result = await ready();
      if (result) return result;
      if (this.#devnet.slot >= last) throw new E2eError(`waited ${slots} slots in vain: ${what}`);
      await this.#devnet.advance(1);
    }
  }

  async advance(slots: number): Promise<void> {
    const last = this.#devnet.slot + slots;
    await this.advanceUntil(() => this.#devnet.slot >= last, slots);
  }

  /** To the slot in which the predicate holds. @throws DevnetError when it does not within `maxSlots`. */
  async advanceUntil(
    predicate: (chain: Devnet) => boolean | Promise<boolean>,
    maxSlots: number,
  ): Promise<void> {
    let rested = this.#devnet.slot;
    await this.#devnet.advanceUntil(async (chain) => {
      if (chain.slot >= rested + STRIDE) {
        await this.rest();
        rested = chain.slot;
      }
      return predicate(chain);
    }, maxSlots);
    await this.rest();
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
