import { createHash } from "node:crypto";
import { MAX_ATTESTATIONS_ELECTRA } from "@lodestar/params";
import type { deneb, electra } from "@lodestar/types";
import { attestationOf, syncAggregateOf } from "./attendance.ts";
import type { DevnetState } from "./forkTypes.ts";
import type { BlockOperations } from "./operationPool.ts";

export interface BlockBodyInput {
  /** The state right before the block, at the block's slot. */
  state: DevnetState;
  payload: deneb.ExecutionPayload;
  requests: electra.ExecutionRequests;
  operations: BlockOperations;
  isOnline: (index: number) => boolean;
}

const GRAFFITI = Uint8Array.from({ length: 32 }, (_, index) => "cairn devnet".charCodeAt(index) || 0);

/** 96 bytes that differ from slot to slot, so that RANDAO moves; nobody checks the signature. */
function randaoReveal(slot: number): Uint8Array {
  const first = createHash("sha512").update(`randao ${slot}`).digest();
  const rest = createHash("sha256").update(`randao ${slot}`).digest();
  return Uint8Array.from([...first, ...rest]);
}

/** Votes of every slot since the parent block: after missed slots, those of the missed ones come late. */
function attestationsFor(state: DevnetState, isOnline: (index: number) => boolean): electra.Attestation[] {
  const first = Math.max(state.latestBlockHeader.slot, state.slot - MAX_ATTESTATIONS_ELECTRA);
  return Array.from({ length: state.slot - first }, (_, i) =>
    attestationOf(state, first + i, isOnline),
  ).filter((attestation) => attestation !== null);
}

/** The whole body of a block: everybody online has voted for the slot before and for the parent. */
export function blockBody(input: BlockBodyInput): electra.BeaconBlockBody {
  const { state } = input;
  return {
    randaoReveal: randaoReveal(state.slot),
    eth1Data: state.eth1Data.toValue(),
    graffiti: GRAFFITI,
    ...input.operations,
    attestations: attestationsFor(state, input.isOnline),
    deposits: [],
    syncAggregate: syncAggregateOf(state, input.isOnline),
    executionPayload: input.payload,
    blsToExecutionChanges: [],
    blobKzgCommitments: [],
    executionRequests: input.requests,
  };
}
