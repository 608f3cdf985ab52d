import type { BeaconConfig } from "@lodestar/config";
import type { CachedBeaconStateElectra } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";

/** The forks this chain can be in. */
export type DevnetFork = "electra" | "fulu";

/** A state of this chain. In Fulu it also has `proposerLookahead`. */
export type DevnetState = CachedBeaconStateElectra;

/** SSZ types of a fork. Fulu's blocks and operations are Electra's, so both are typed as Electra. */
export function forkTypes(fork: DevnetFork): typeof ssz.electra {
  return ssz[fork] as unknown as typeof ssz.electra;
}

export function forkAtSlot(config: BeaconConfig, slot: number): DevnetFork {
  return config.getForkName(slot) === "fulu" ? "fulu" : "electra";
}
