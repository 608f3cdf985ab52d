import { BeaconError } from "../beaconError.ts";
import type { ForkName } from "../state/forkTable.ts";
import type { AnyContainer } from "./fieldRoot.ts";

/** Which constants fix the sizes of a state's vectors: CONFIG "PRESET_BASE" of the chain's spec. */
export type Preset = "mainnet" | "minimal";

let loading: { readonly preset: Preset; readonly types: Promise<Record<ForkName, AnyContainer>> } | undefined;

/**
 * The state type of a fork under a preset. Lodestar fixes its preset once per process, so its modules are
 * imported only here, after choosing; the first call decides, and asking for the other preset later
 * fails with "presetMismatch". If something else imported Lodestar before, its preset counts.
 */
export async function loadStateType(preset: Preset, fork: ForkName): Promise<AnyContainer> {
  if (loading === undefined) loading = { preset, types: importTypes(preset) };
  if (loading.preset !== preset) throw presetMismatch(preset, loading.preset);
  try {
    return (await loading.types)[fork];
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

async function importTypes(preset: Preset): Promise<Record<ForkName, AnyContainer>> {
  const tree = await import("@chainsafe/persistent-merkle-tree");
  const { hasher } = await import("@chainsafe/persistent-merkle-tree/hasher/hashtree");
  if (tree.hasher.name !== hasher.name) tree.setHasher(hasher);
  await choosePreset(preset);
  const { ssz } = await import("@lodestar/types");
  const plain = (fork: ForkName): AnyContainer => ssz[fork].BeaconState as unknown as AnyContainer;
  return { deneb: plain("deneb"), electra: plain("electra"), fulu: plain("fulu") };
}

async function choosePreset(preset: Preset): Promise<void> {
  const { setActivePreset, PresetName } = await import("@lodestar/params/setPreset");
  let frozen: unknown;
  try {
    setActivePreset(PresetName[preset]);
  } catch (error) {
    frozen = error;
  }
  const { ACTIVE_PRESET } = await import("@lodestar/params");
  if (ACTIVE_PRESET !== preset) throw presetMismatch(preset, ACTIVE_PRESET, frozen);
}

function presetMismatch(wanted: Preset, active: string, cause?: unknown): BeaconError {
  const message = `This process already works with the ${active} preset; read ${wanted} states in a process of their own.`;
  return new BeaconError("presetMismatch", message, { details: { wanted, active }, cause });
}
