import { BeaconError } from "../beaconError.ts";
import { mixInLength, uint64Chunk } from "../ssz/chunk.ts";
import { splitGindex } from "../ssz/gindex.ts";
import { evenChunkBuffer, MerkleLayers } from "../ssz/merkleLayers.ts";
import { joinChunks } from "../ssz/merkleRoot.ts";
import {
  BALANCES_DEPTH,
  LIST_DATA,
  LIST_LENGTH,
  PARTICIPATION_DEPTH,
  PENDING_DEPOSITS_DEPTH,
  VALIDATORS_DEPTH,
} from "./forkTable.ts";
import { pendingDepositLeaves, pendingDepositRoots } from "./pendingDepositRoots.ts";
import { PENDING_DEPOSIT_BYTES } from "./pendingDeposits.ts";
import type { StateFields } from "./stateFields.ts";
import { VALIDATOR_BYTES } from "./validatorRecord.ts";
import { validatorRoots } from "./validatorRoots.ts";

/** Lists that proofs go into. */
export type ListName = "validators" | "balances" | "previousEpochParticipation" | "pendingDeposits";
type ContainerName = "fork" | "finalizedCheckpoint" | "latestExecutionPayloadHeader";
type LayerName = "state" | ListName | ContainerName;

/** Serialized size of their elements. */
const ELEMENT_BYTES: Readonly<Record<ListName, number>> = {
  validators: VALIDATOR_BYTES,
  balances: 8,
  previousEpochParticipation: 1,
  pendingDeposits: PENDING_DEPOSIT_BYTES,
};
const CONTAINERS: ReadonlySet<string> = new Set<ContainerName>([
  "fork",
  "finalizedCheckpoint",
  "latestExecutionPayloadHeader",
]);
const isList = (name: string): name is ListName => Object.hasOwn(ELEMENT_BYTES, name);
const isContainerField = (name: string): name is ContainerName => CONTAINERS.has(name);

/** The nodes of a state's Merkle tree, computed when first asked for and kept as flat bytes. */
export class StateTree {
  readonly #fields: StateFields;
  readonly #layers = new Map<LayerName, MerkleLayers>();

  constructor(fields: StateFields) {
    this.#fields = fields;
  }

  /** hash_tree_root of the state. */
  root(): Uint8Array {
    return this.#get("state").root();
  }

  /** hash_tree_root of the list, length mixed in. */
  listRoot(name: ListName): Uint8Array {
    return mixInLength(this.#get(name).root(), this.#count(name));
  }

  /** Root of a field of a container field, by position: latest_execution_payload_header.block_hash is 12. */
  containerLeaf(name: ContainerName, position: number): Uint8Array {
    return this.#get(name).leaf(position);
  }

  /**
   * The node at a generalized index from the STATE root: any field and what is above it, and below the fields
   * validators (down to an element's root), pending_deposits (down to an element's fields), balances,
   * previous_epoch_participation, fork, finalized_checkpoint and latest_execution_payload_header.
   */
  node(gindex: bigint): Uint8Array {
    const { top, rest } = splitGindex(gindex, this.#fields.row.stateDepth);
    if (rest === null || rest === 1n) return this.#get("state").node(gindex);
    const name = this.#fields.names[Number(top - (1n << BigInt(this.#fields.row.stateDepth)))] ?? "none";
    if (isList(name)) return this.listNode(name, rest);
    if (isContainerField(name)) return this.#get(name).node(rest);
    throw new BeaconError("badInput", `This program makes no proofs below the state's ${name}.`, {
      details: { gindex },
    });
  }

  /** The node at a generalized index from the root of the list (length mixed in). */
  listNode(name: ListName, gindex: bigint): Uint8Array {
    if (gindex === 1n) return this.listRoot(name);
    const { top, rest } = splitGindex(gindex, 1);
    if (top === LIST_DATA) return this.#dataNode(name, rest as bigint);
    if (top === LIST_LENGTH && rest === 1n) return uint64Chunk(BigInt(this.#count(name)));
    throw new BeaconError("badInput", `There is no node ${gindex} in a list.`, { details: { name } });
  }

  #dataNode(name: ListName, gindex: bigint): Uint8Array {
    const { top, rest } = splitGindex(gindex, PENDING_DEPOSITS_DEPTH);
    if (name !== "pendingDeposits" || rest === null || rest === 1n) return this.#get(name).node(gindex);
    const position = Number(top - (1n << BigInt(PENDING_DEPOSITS_DEPTH)));
    if (position >= this.#count(name))
      throw new BeaconError("badInput", `There is no element ${position} in ${name}.`);
    const from = position * PENDING_DEPOSIT_BYTES;
    const element = this.#fields.bytes(name).subarray(from, from + PENDING_DEPOSIT_BYTES);
    return new MerkleLayers(pendingDepositLeaves(element, 1), 8, 3).node(rest);
  }

  #count(name: ListName): number {
    return this.#fields.bytes(name).length / ELEMENT_BYTES[name];
  }

  #get(name: LayerName): MerkleLayers {
    const kept = this.#layers.get(name);
    if (kept !== undefined) return kept;
    const made = this.#make(name);
    this.#layers.set(name, made);
    return made;
  }

  #make(name: LayerName): MerkleLayers {
    if (name === "validators") return validatorLayers(this.#fields.bytes(name));
    if (name === "balances") return flatLayers(this.#fields.bytes(name), BALANCES_DEPTH);
    if (name === "previousEpochParticipation")
      return flatLayers(this.#fields.bytes(name), PARTICIPATION_DEPTH);
    if (name === "pendingDeposits") return pendingLayers(this.#fields.bytes(name));
    const isState = name === "state";
    const roots = isState
      ? this.#fields.names.map((field) => this.#fieldRoot(field))
      : this.#fields.chunks(name);
    const depth = isState ? this.#fields.row.stateDepth : Math.ceil(Math.log2(roots.length));
    return new MerkleLayers(joinChunks(roots), roots.length, depth);
  }

  #fieldRoot(name: string): Uint8Array {
    if (isList(name)) return this.listRoot(name);
    return this.#fields.root(name);
  }
}

function validatorLayers(bytes: Uint8Array): MerkleLayers {
  const count = bytes.length / VALIDATOR_BYTES;
  return new MerkleLayers(validatorRoots(bytes, count), count, VALIDATORS_DEPTH);
}

function pendingLayers(bytes: Uint8Array): MerkleLayers {
  const count = bytes.length / PENDING_DEPOSIT_BYTES;
  return new MerkleLayers(pendingDepositRoots(bytes, count), count, PENDING_DEPOSITS_DEPTH);
}

function flatLayers(bytes: Uint8Array, depth: number): MerkleLayers {
  const count = Math.ceil(bytes.length / 32);
  const leaves = evenChunkBuffer(count);
  leaves.set(bytes, 0);
  return new MerkleLayers(leaves, count, depth);
}
