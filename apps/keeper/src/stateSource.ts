import { type BeaconClient, BeaconError, type BeaconStateBytes, openState, type Preset } from "@cairn/beacon";
import type { Hex, PublicClient } from "viem";
import { KeeperError } from "./keeperError.ts";

/** Roots of this many slots are known to the EIP-4788 contract. */
export const ROOTS_KEPT = 8191n;

/** A beacon state that a proof can be made from right now. */
export interface ProvableState {
  readonly state: BeaconStateBytes;
  /** Timestamp of the block whose EIP-4788 root it hashes to. */
  readonly timestamp: bigint;
  /** Number of that block. */
  readonly blockNumber: bigint;
}

/** Fetches beacon states, keeping the few that were asked for last: several jobs prove from the same one. */
export class StateSource {
  static readonly #KEPT = 2;
  readonly #client: PublicClient;
  readonly #beacon: BeaconClient;
  readonly #preset: Preset;
  readonly #states = new Map<Hex, BeaconStateBytes>();

  constructor(client: PublicClient, beacon: BeaconClient, preset: Preset) {
    this.#client = client;
    this.#beacon = beacon;
    this.#preset = preset;
  }

  /** The state behind a beacon block root. */
  async atRoot(blockRoot: Hex): Promise<BeaconStateBytes> {
    const state = this.#states.get(blockRoot) ?? (await this.#fetch(blockRoot));
    // an open checkpoint's is asked for in each cycle, and must not be fetched anew for each newer one
    this.#states.delete(blockRoot);
    this.#states.set(blockRoot, state);
    for (const root of this.#states.keys()) {
      if (this.#states.size <= StateSource.#KEPT) break;
      this.#states.delete(root);
    }
    return state;
  }

  async #fetch(blockRoot: Hex): Promise<BeaconStateBytes> {
    const { header } = await this.#beacon.getHeader(blockRoot);
    const answer = await this.#beacon.getState(header.stateRoot);
    return openState({ preset: this.#preset, ...answer });
  }

  /** The newest state whose root the execution layer already holds: the parent of its newest block. */
  async newest(): Promise<ProvableState> {
    const block = await this.#client.getBlock();
    return {
      state: await this.atRoot(parentRoot(block)),
      timestamp: block.timestamp,
      blockNumber: block.number,
    };
  }

  /** The state of the beacon node's newest block: no root of it is held yet, the next block will hold it. */
  async head(): Promise<BeaconStateBytes> {
    const { root } = await this.#beacon.getHeader("head");
    return this.atRoot(root);
  }

  /** The last state of the epoch before `newest`'s next slot; nothing if blocks are missing since then. */
  async endOfEpoch(newest: ProvableState, slotsPerEpoch: bigint): Promise<ProvableState | undefined> {
    const back = (newest.state.slot + 1n) % slotsPerEpoch;
    if (back === 0n) return newest;
    const found = newest.blockNumber > back ? await this.#at(newest.blockNumber - back) : undefined;
    return found && (found.state.slot + 1n) % slotsPerEpoch === 0n ? found : undefined;
  }

  /** States before `newest`, newest first, 32 blocks apart, as far back as the beacon node has states. */
  async *before(newest: ProvableState): AsyncGenerator<ProvableState> {
    for (let back = 32n; back < ROOTS_KEPT && back < newest.blockNumber; back += 32n) {
      const earlier = await this.#at(newest.blockNumber - back);
      if (!earlier) return;
      yield earlier;
    }
  }

  /** The state whose root the block with this number holds; nothing where the beacon node no longer has it. */
  async #at(blockNumber: bigint): Promise<ProvableState | undefined> {
    const block = await this.#client.getBlock({ blockNumber });
    try {
      return { state: await this.atRoot(parentRoot(block)), timestamp: block.timestamp, blockNumber };
    } catch (error) {
      if (error instanceof BeaconError && error.code === "notFound") return undefined;
      throw error;
    }
  }
}

/** EIP-4788: the root of the block's parent on the consensus layer. */
function parentRoot(block: { parentBeaconBlockRoot?: Hex | undefined }): Hex {
  if (block.parentBeaconBlockRoot) return block.parentBeaconBlockRoot;
  throw new KeeperError("notSynced", "the execution client shows no parent beacon root (EIP-4788)");
}
