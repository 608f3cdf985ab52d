import type { Hex } from "viem";
import { z } from "zod";
import { BeaconError } from "../beaconError.ts";
import type { PendingDeposit } from "../state/pendingDeposits.ts";
import { type SubscribeOptions, subscribe } from "./events.ts";
import { readJson, readState, type StateAnswer } from "./readBody.ts";
import * as schemas from "./schemas.ts";
import { type Spec, spec } from "./spec.ts";
import { type CallOptions, Transport, type TransportOptions } from "./transport.ts";

/** "head", "finalized", "justified", "genesis", a slot, or a root: a block root for blocks, a state root for states. */
export type BlockId = "head" | "finalized" | "justified" | "genesis" | bigint | number | Hex;
/** As `BlockId`, roots being state roots. */
export type StateId = BlockId;
/** A validator's index or public key. */
export type ValidatorId = number | Hex;

/** Reads from a beacon node. Every call may fail with `BeaconError`. Slots, epochs and gwei are bigint. */
export interface BeaconClient {
  getGenesis(call?: CallOptions): Promise<schemas.Genesis>;
  getSpec(call?: CallOptions): Promise<Spec>;
  getHeader(blockId: BlockId, call?: CallOptions): Promise<schemas.HeaderInfo>;
  getBlockRoot(blockId: BlockId, call?: CallOptions): Promise<Hex>;
  getFork(stateId: StateId, call?: CallOptions): Promise<schemas.Fork>;
  getFinalityCheckpoints(stateId: StateId, call?: CallOptions): Promise<schemas.FinalityCheckpoints>;
  /** Without `ids` the whole registry. Unknown ids are missing from the answer. */
  getValidators(
    stateId: StateId,
    ids?: readonly ValidatorId[],
    call?: CallOptions,
  ): Promise<schemas.ValidatorInfo[]>;
  /** null when the node answers 404. */
  getValidator(stateId: StateId, id: ValidatorId, call?: CallOptions): Promise<schemas.ValidatorInfo | null>;
  getPendingDeposits(stateId: StateId, call?: CallOptions): Promise<PendingDeposit[]>;
  getPendingPartialWithdrawals(
    stateId: StateId,
    call?: CallOptions,
  ): Promise<schemas.PendingPartialWithdrawal[]>;
  /** The whole state as SSZ, ready for `openState`. "unsupportedFork" for a fork unknown here. */
  getState(stateId: StateId, call?: CallOptions): Promise<StateAnswer>;
  getNodeVersion(call?: CallOptions): Promise<string>;
  getSyncing(call?: CallOptions): Promise<schemas.Syncing>;
  /** New heads, until aborted or no longer read; reconnects by itself. */
  subscribeHead(options?: SubscribeOptions): AsyncGenerator<schemas.HeadEvent, void, undefined>;
  /** New finalized checkpoints, likewise. */
  subscribeFinalized(options?: SubscribeOptions): AsyncGenerator<schemas.FinalizedEvent, void, undefined>;
}

/** Ids of one request: keys are long, and servers cut long request lines. */
const IDS_PER_REQUEST = 64;

/** A client of one beacon node. "badInput" for a url that is none. */
export function createBeaconClient(options: TransportOptions): BeaconClient {
  const transport = new Transport(options);
  const getRaw = <Schema extends z.ZodType>(path: string, schema: Schema, call: CallOptions = {}) =>
    transport.get(path, "application/json", readJson(path, schema), call, transport.timeoutMs);
  const get = <Schema extends z.ZodType>(path: string, schema: Schema, call: CallOptions = {}) =>
    getRaw(path, schemas.dataOf(schema), call);
  const ofState = (stateId: StateId, what: string): string =>
    `/eth/v1/beacon/states/${idPart(stateId)}/${what}`;
  return {
    getGenesis: async (call) => get("/eth/v1/beacon/genesis", schemas.genesis, call),
    getSpec: async (call) => get("/eth/v1/config/spec", spec, call),
    getHeader: async (id, call) => getRaw(`/eth/v1/beacon/headers/${idPart(id)}`, schemas.header, call),
    getBlockRoot: async (id, call) =>
      get(`/eth/v1/beacon/blocks/${idPart(id)}/root`, schemas.blockRoot, call),
    getFork: async (id, call) => get(ofState(id, "fork"), schemas.fork, call),
    getFinalityCheckpoints: async (id, call) =>
      get(ofState(id, "finality_checkpoints"), schemas.finalityCheckpoints, call),
    getValidators: async (id, ids, call) => {
      const pages = pagesOf(ids).map((query) => ofState(id, `validators${query}`));
      const found: schemas.ValidatorInfo[][] = [];
      for (const path of pages) found.push(await get(path, z.array(schemas.validator), call));
      return found.flat();
    },
    getValidator: async (id, validatorId, call) =>
      get(ofState(id, `validators/${idPart(validatorId)}`), schemas.validator, call).catch(nullWhenNotFound),
    getPendingDeposits: async (id, call) =>
      get(ofState(id, "pending_deposits"), z.array(schemas.pendingDeposit), call),
    getPendingPartialWithdrawals: async (id, call) =>
      get(ofState(id, "pending_partial_withdrawals"), z.array(schemas.pendingPartialWithdrawal), call),
    getState: async (id, call = {}) => {
      const path = `/eth/v2/debug/beacon/states/${idPart(id)}`;
      return transport.get(path, "application/octet-stream", readState(path), call, transport.stateTimeoutMs);
    },
    getNodeVersion: async (call) => get("/eth/v1/node/version", schemas.nodeVersion, call),
    getSyncing: async (call) => get("/eth/v1/node/syncing", schemas.syncing, call),
    subscribeHead: (subscription) => subscribe(transport, "head", schemas.headEvent, subscription),
    subscribeFinalized: (subscription) =>
      subscribe(transport, "finalized_checkpoint", schemas.finalizedEvent, subscription),
  };
}

/** "badInput" for anything that would change the path. */
function idPart(id: BlockId): string {
  const part = String(id).toLowerCase();
  if (/^(head|finalized|justified|genesis|\d+|0x[0-9a-f]+)$/.test(part)) return part;
  throw new BeaconError("badInput", `"${part}" names no block, state or validator.`);
}

function pagesOf(ids: readonly ValidatorId[] | undefined): string[] {
  if (ids === undefined) return [""];
  const pages: string[] = [];
  for (let first = 0; first < ids.length; first += IDS_PER_REQUEST) {
    pages.push(
      `?id=${ids
        .slice(first, first + IDS_PER_REQUEST)
        .map(idPart)
        .join(",")}`,
    );
  }
  return pages;
}

function nullWhenNotFound(error: unknown): null {
  if (error instanceof BeaconError && error.code === "notFound") return null;
  throw error;
}
