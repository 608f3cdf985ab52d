import type { BeaconConfig } from "@lodestar/config";
import { createCachedBeaconState, createPubkeyCache } from "@lodestar/state-transition";
import { type DevnetState, forkAtSlot, forkTypes } from "../consensus/forkTypes.ts";
import { withSimulatedFlags } from "../consensus/simulatedFlags.ts";
import { advanceState, replayBlock } from "../consensus/transition.ts";
import { DevnetError } from "../errors/devnetError.ts";
import type { BlockStore } from "../storage/blockStore.ts";
import { type LogRecord, RECORD_BLOCK, RECORD_SIMULATED } from "../storage/chainLog.ts";
import type { Snapshots } from "../storage/snapshots.ts";

export interface ReplaySource {
  config: BeaconConfig;
  blocks: BlockStore;
  /** In order of slots. */
  records: LogRecord[];
  snapshots: Snapshots;
}

/** Opens a snapshot with a public-key cache of its own: branches sharing one credit the wrong validator. */
function openSnapshot(config: BeaconConfig, slot: number, bytes: Uint8Array): DevnetState {
  const view = forkTypes(forkAtSlot(config, slot)).BeaconState.deserializeToViewDU(bytes);
  return createCachedBeaconState(view, { config, pubkeyCache: createPubkeyCache() }) as DevnetState;
}

/** Offline validators of a simulated epoch, as logged: 32-bit little-endian indices. */
function decodeOffline(body: Uint8Array): Set<number> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return new Set(Array.from({ length: body.byteLength / 4 }, (_, i) => view.getUint32(i * 4, true)));
}

export function encodeOffline(offline: ReadonlySet<number>): Uint8Array {
  const body = new Uint8Array(offline.size * 4);
  const view = new DataView(body.buffer);
  let position = 0;
  for (const index of offline) {
    view.setUint32(position, index, true);
    position += 4;
  }
  return body;
}

/**
 * The state of a slot from the nearest snapshot and the log; blocking, about 4 ms a slot replayed.
 * @param visit called with every state on the way, the snapshot's first
 */
export function replayTo(
  source: ReplaySource,
  slot: number,
  from: { slot: number; bytes: Uint8Array } | undefined,
  visit?: (slot: number, state: DevnetState) => void,
): DevnetState {
  if (from === undefined) {
    throw new DevnetError("log-corrupt", "the data folder has no state snapshot: start fresh");
  }
  let state = openSnapshot(source.config, from.slot, from.bytes);
  visit?.(from.slot, state);
  for (const record of source.records) {
    if (record.slot <= from.slot) continue;
    if (record.slot > slot) break;
    state = replayRecord(source, state, record);
    // A simulated epoch and the block after it are two records of one slot.
    if (record.kind !== RECORD_SIMULATED) visit?.(record.slot, state);
  }
  return state.slot < slot ? advanceState(state, slot) : state;
}

function replayRecord(source: ReplaySource, state: DevnetState, record: LogRecord): DevnetState {
  if (record.kind === RECORD_BLOCK) {
    const { message } = source.blocks.decode(record);
    return replayBlock(state, message);
  }
  if (record.kind === RECORD_SIMULATED) {
    const offline = decodeOffline(source.blocks.bytesOf(record));
    return advanceState(withSimulatedFlags(state, offline), record.slot);
  }
  return state.slot < record.slot ? advanceState(state, record.slot) : state;
}
