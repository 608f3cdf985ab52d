import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import type { ProofContext } from "./leaves.ts";

/** The context a state's own proofs are checked in. Errors as `BeaconStateBytes.header`. */
export function contextOf(state: BeaconStateBytes): ProofContext {
  return { blockRoot: state.blockRoot(), row: state.row, forkVersion: state.forkVersion };
}
