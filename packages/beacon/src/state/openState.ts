import { loadStateType, type Preset } from "../ssz/lodestarTypes.ts";
import { BeaconStateBytes } from "./beaconStateBytes.ts";
import { forkGindices } from "./forkTable.ts";
import { StateFields } from "./stateFields.ts";

/** What a beacon node answers, and the preset its chain runs. */
export interface OpenStateInput {
  readonly preset: Preset;
  /** Consensus version of the answer, e.g. "fulu". */
  readonly fork: string;
  /** The SSZ state. Kept by reference. */
  readonly bytes: Uint8Array;
}

/**
 * Opens a serialized state. Fast: roots are computed when asked for.
 * "unsupportedFork" for forks outside `FORK_TABLE`, "presetMismatch" when this process already works with the
 * other preset, "badState" when the bytes don't fit.
 */
export async function openState(input: OpenStateInput): Promise<BeaconStateBytes> {
  const row = forkGindices(input.fork);
  const type = await loadStateType(input.preset, row.name);
  return new BeaconStateBytes(new StateFields(row, type, input.bytes));
}
