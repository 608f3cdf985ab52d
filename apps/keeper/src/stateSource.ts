import { type BeaconClient, type BeaconStateBytes, openState, type Preset } from "@cairn/beacon";
import type { Hex, PublicClient } from "viem";
import { KeeperError } from "./keeperError.ts";

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
}
