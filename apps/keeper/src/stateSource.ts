import { type BeaconClient, type BeaconStateBytes, openState, type Preset } from "@cairn/beacon";
import type { Hex, PublicClient } from "viem";
import { KeeperError } from "./keeperError.ts";

/** Roots of this many blocks are known to the EIP-4788 contract. */
const ROOTS_KEPT = 8191n;

/** A beacon state that a proof can be made from right now. */
export interface ProvableState {
  readonly state: BeaconStateBytes;
  /** Timestamp of the block whose EIP-4788 root it hashes to. */
  readonly timestamp: bigint;
}

/** Fetches beacon states, keeping the last few: several jobs prove from the same one. */
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
    const known = this.#states.get(blockRoot);
    if (known) return known;
    const { header } = await this.#beacon.getHeader(blockRoot);
    const answer = await this.#beacon.getState(header.stateRoot);
    const state = await openState({ preset: this.#preset, ...answer });
    this.#states.set(blockRoot, state);
    for (const root of this.#states.keys()) {
      if (this.#states.size <= StateSource.#KEPT) break;
      this.#states.delete(root);
    }
    return state;
  }

  /** The newest state whose root the execution layer already holds: the parent of its newest block. */
  async newest(): Promise<ProvableState> {
    const block = await this.#client.getBlock();
    const root = (block as { parentBeaconBlockRoot?: Hex }).parentBeaconBlockRoot;
    if (!root)
      throw new KeeperError("notSynced", "the execution client shows no parent beacon root (EIP-4788)");
    return { state: await this.atRoot(root), timestamp: block.timestamp };
  }

  /** The newest provable state that is the last of its epoch; nothing if blocks are missing since then. */
  async endOfEpoch(slotsPerEpoch: bigint): Promise<ProvableState | undefined> {
    const newest = await this.newest();
    const back = (newest.state.slot + 1n) % slotsPerEpoch;
    if (back === 0n) return newest;
    const last = await this.#client.getBlock();
    const found = last.number > back ? await this.#at(last.number - back) : undefined;
    return found && (found.state.slot + 1n) % slotsPerEpoch === 0n ? found : undefined;
  }

  /** The state whose root the block with this number holds; nothing where the beacon node no longer has it. */
  async #at(blockNumber: bigint): Promise<ProvableState | undefined> {
    const block = await this.#client.getBlock({ blockNumber });
    const root = (block as { parentBeaconBlockRoot?: Hex }).parentBeaconBlockRoot;
    const state = root && (await this.atRoot(root).catch(() => undefined));
    return state && { state, timestamp: block.timestamp };
  }

  /**
   * States before `from`, newest first, 32 blocks apart, as far back as the EIP-4788 contract knows roots and the beacon
   * node has states.
   */
  async *before(from: ProvableState): AsyncGenerator<ProvableState> {
    const newest = await this.#client.getBlock();
    const step = 32n;
    let number = newest.number;
    while (number > step) {
      number -= step;
      const earlier = await this.#at(number);
      if (!earlier) return;
      if (earlier.state.slot < from.state.slot) yield earlier;
      if (newest.number - number > ROOTS_KEPT) return;
    }
  }
}
