import type { Hex } from "viem";
import { uint64Chunk } from "../ssz/chunk.ts";
import { fromHex, toHex } from "../ssz/hex.ts";
import { MerkleLayers } from "../ssz/merkleLayers.ts";
import { joinChunks } from "../ssz/merkleRoot.ts";
import type { SszReader } from "../ssz/reader.ts";

/** phase0 BeaconBlockHeader; its hash_tree_root is the block root. */
export interface BeaconHeader {
  readonly slot: bigint;
  readonly proposerIndex: number;
  readonly parentRoot: Hex;
  readonly stateRoot: Hex;
  readonly bodyRoot: Hex;
}

/** Levels from the block root to the five header fields. */
export const HEADER_DEPTH = 3;

/** The header whose 112 serialized bytes start at `offset`. */
export function readHeader(reader: SszReader, offset: number): BeaconHeader {
  return {
    slot: reader.uint64(offset),
    proposerIndex: Number(reader.uint64(offset + 8)),
    parentRoot: reader.hex(offset + 16, 32),
    stateRoot: reader.hex(offset + 48, 32),
    bodyRoot: reader.hex(offset + 80, 32),
  };
}

/** The header's Merkle tree. */
export function headerLayers(header: BeaconHeader): MerkleLayers {
  const roots = [header.parentRoot, header.stateRoot, header.bodyRoot].map((root) => fromHex(root));
  const chunks = [uint64Chunk(header.slot), uint64Chunk(BigInt(header.proposerIndex)), ...roots];
  return new MerkleLayers(joinChunks(chunks), chunks.length, HEADER_DEPTH);
}

/** hash_tree_root of the header. */
export function headerRoot(header: BeaconHeader): Hex {
  return toHex(headerLayers(header).root());
}
