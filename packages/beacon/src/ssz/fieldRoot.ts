import type { ContainerType, Type } from "@chainsafe/ssz";
import { mixInLength, paddedChunk } from "./chunk.ts";
import { merkleRoot, rootOfChunks } from "./merkleRoot.ts";

/** A container type with its fields by name. */
export type AnyContainer = ContainerType<Record<string, Type<unknown>>>;

/** What a list or vector of fixed-size basic values, or of 32-byte roots, looks like from outside. */
interface FlatSequence {
  readonly chunkDepth: number;
  readonly isList: boolean;
  readonly elementBytes: number;
}

/**
 * hash_tree_root of a value from its serialized bytes. Numbers, containers, and lists and vectors of numbers or
 * roots are hashed as they lie; only lists of containers and the like pass through objects.
 * Sizes must have been checked: a broken last element would count as padded.
 */
export function fieldRoot(type: Type<unknown>, bytes: Uint8Array): Uint8Array {
  if (type.isBasic) return paddedChunk(bytes);
  if (isContainer(type)) return rootOfChunks(containerChunks(type, bytes), type.depth);
  const flat = flatSequence(type);
  if (flat === null) return type.hashTreeRoot(type.deserialize(bytes));
  const root = merkleRoot(bytes, flat.chunkDepth);
  return flat.isList ? mixInLength(root, bytes.length / flat.elementBytes) : root;
}

/** The roots of a serialized container's fields, in order. */
export function containerChunks(type: AnyContainer, bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ranges = type.getFieldRanges(view, 0, bytes.length);
  return Object.values(type.fields).map((field, i) => {
    const range = ranges[i] as { start: number; end: number };
    return fieldRoot(field, bytes.subarray(range.start, range.end));
  });
}

export function isContainer(type: Type<unknown>): type is AnyContainer {
  return "fields" in type && "getFieldRanges" in type;
}

function flatSequence(type: Type<unknown>): FlatSequence | null {
  if (!("elementType" in type && "chunkDepth" in type && "isList" in type)) return null;
  const { elementType, chunkDepth, isList } = type as {
    elementType: Type<unknown>;
    chunkDepth: number;
    isList: boolean;
  };
  const elementBytes = elementType.fixedSize;
  const isRoot = elementBytes === 32 && "lengthBytes" in elementType;
  if (elementBytes === null || !(elementType.isBasic || isRoot)) return null;
  return { chunkDepth, isList, elementBytes };
}
