import { blockToHeader, signedBeaconBlockToBlinded } from "@lodestar/state-transition";
import { type electra, ssz } from "@lodestar/types";
import { fromHex } from "@lodestar/utils";
import type { Devnet } from "../chain/devnet.ts";
import { forkAtSlot, forkTypes } from "../consensus/forkTypes.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import { badRequest } from "./apiError.ts";
import { blockOf, isFinalized } from "./blockId.ts";
import type { ApiReply, ApiRequest, Route } from "./route.ts";

/** The signed block; genesis was never proposed and is the empty block with the genesis state's root. */
export function signedBlock(chain: Devnet, entry: BlockEntry): electra.SignedBeaconBlock {
  if (entry.record !== undefined) return chain.blocks.decode(entry.record);
  const signed = ssz.electra.SignedBeaconBlock.defaultValue();
  signed.message.stateRoot = fromHex(entry.stateRoot);
  return signed;
}

function headerJson(chain: Devnet, entry: BlockEntry): unknown {
  const signed = signedBlock(chain, entry);
  const message = blockToHeader(chain.config, signed.message);
  return {
    root: entry.root,
    canonical: true,
    header: ssz.phase0.SignedBeaconBlockHeader.toJson({ message, signature: signed.signature }),
  };
}

function headers({ chain, query }: ApiRequest): ApiReply {
  const slot = query.get("slot");
  const parentRoot = query.get("parent_root");
  let entry: BlockEntry | undefined = chain.headBlock;
  if (slot !== null) {
    if (!/^\d{1,15}$/.test(slot)) throw badRequest(`Invalid slot: ${slot}`);
    entry = chain.blocks.atSlot(Number(slot));
  }
  if (parentRoot !== null) {
    if (!/^0x[0-9a-fA-F]{64}$/.test(parentRoot)) throw badRequest(`Invalid parent_root: ${parentRoot}`);
    const parent = chain.blocks.byRoot(parentRoot.toLowerCase());
    const child = parent === undefined ? undefined : chain.blocks.childOf(parent);
    entry = slot === null || child === entry ? child : undefined;
  }
  if (entry === undefined) return { json: { execution_optimistic: false, finalized: false, data: [] } };
  return {
    json: {
      execution_optimistic: false,
      finalized: isFinalized(chain, entry),
      data: [headerJson(chain, entry)],
    },
  };
}

function aboutBlock(chain: Devnet, entry: BlockEntry, data: unknown): ApiReply {
  return { json: { execution_optimistic: false, finalized: isFinalized(chain, entry), data } };
}

function block({ chain, path, wantsSsz }: ApiRequest): ApiReply {
  const entry = blockOf(chain, path.block_id as string);
  const version = forkAtSlot(chain.config, entry.slot);
  const type = forkTypes(version).SignedBeaconBlock;
  const signed = signedBlock(chain, entry);
  const head = { "eth-consensus-version": version };
  if (wantsSsz) return { ssz: type.serialize(signed), headers: head };
  const finalized = isFinalized(chain, entry);
  return {
    json: { version, execution_optimistic: false, finalized, data: type.toJson(signed) },
    headers: head,
  };
}

/** The block with the header of its payload in the payload's place; its root is the same. */
function blindedBlock({ chain, path, wantsSsz }: ApiRequest): ApiReply {
  const entry = blockOf(chain, path.block_id as string);
  const version = forkAtSlot(chain.config, entry.slot);
  const type = forkTypes(version).SignedBlindedBeaconBlock;
  const blinded = signedBeaconBlockToBlinded(chain.config, signedBlock(chain, entry)) as BlindedBlock;
  const headers = { "eth-consensus-version": version };
  if (wantsSsz) return { ssz: type.serialize(blinded), headers };
  const finalized = isFinalized(chain, entry);
  return { json: { version, execution_optimistic: false, finalized, data: type.toJson(blinded) }, headers };
}

type BlindedBlock = ReturnType<typeof ssz.electra.SignedBlindedBeaconBlock.defaultValue>;

/** No block of this chain carries blobs. */
const noBlobs = ({ chain, path }: ApiRequest): ApiReply => {
  const entry = blockOf(chain, path.block_id as string);
  const version = forkAtSlot(chain.config, entry.slot);
  const finalized = isFinalized(chain, entry);
  return {
    json: { version, execution_optimistic: false, finalized, data: [] },
    headers: { "eth-consensus-version": version },
  };
};

export const blockRoutes: Route[] = [
  { method: "GET", path: "/eth/v1/beacon/headers", handle: headers },
  {
    method: "GET",
    path: "/eth/v1/beacon/headers/{block_id}",
    handle: ({ chain, path }) => {
      const entry = blockOf(chain, path.block_id as string);
      return aboutBlock(chain, entry, headerJson(chain, entry));
    },
  },
  { method: "GET", path: "/eth/v2/beacon/blocks/{block_id}", handle: block },
  {
    method: "GET",
    path: "/eth/v1/beacon/blocks/{block_id}/root",
    handle: ({ chain, path }) => {
      const entry = blockOf(chain, path.block_id as string);
      return aboutBlock(chain, entry, { root: entry.root });
    },
  },
  { method: "GET", path: "/eth/v1/beacon/blinded_blocks/{block_id}", handle: blindedBlock },
  { method: "GET", path: "/eth/v1/beacon/blob_sidecars/{block_id}", handle: noBlobs },
  { method: "GET", path: "/eth/v1/beacon/blobs/{block_id}", handle: noBlobs },
];
