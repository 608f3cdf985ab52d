import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { splitGindex } from "../ssz/gindex.ts";
import { fromHex, toHex } from "../ssz/hex.ts";
import type { MerkleLayers } from "../ssz/merkleLayers.ts";
import { type BeaconHeader, HEADER_DEPTH, headerLayers, readHeader } from "./beaconHeader.ts";
import type { ForkGindices } from "./forkTable.ts";
import { PendingDeposits } from "./pendingDeposits.ts";
import { PubkeyIndex } from "./pubkeyIndex.ts";
import type { StateFields } from "./stateFields.ts";
import { type ListName, StateTree } from "./stateTree.ts";
import { readValidator, VALIDATOR_BYTES, type ValidatorRecord } from "./validatorRecord.ts";

/** A finality checkpoint. */
export interface FinalityCheckpoint {
  readonly epoch: bigint;
  readonly root: Hex;
}

const ZERO_ROOT: Hex = `0x${"00".repeat(32)}`;
/** Position of block_hash in ExecutionPayloadHeader, Capella to Fulu. */
const BLOCK_HASH_POSITION = 12;

/**
 * A beacon state read straight from its SSZ bytes. Merkle layers are computed when first needed and kept
 * (about 80 MB for 1,000,000 validators). The bytes must not be changed afterwards.
 */
export class BeaconStateBytes {
  readonly row: ForkGindices;
  readonly slot: bigint;
  /** fork.current_version, 4 bytes. */
  readonly forkVersion: Hex;
  readonly genesisValidatorsRoot: Hex;
  readonly validatorCount: number;
  readonly finalizedCheckpoint: FinalityCheckpoint;
  readonly #fields: StateFields;
  readonly #tree: StateTree;
  #pubkeys: PubkeyIndex | undefined;
  #header: MerkleLayers | undefined;

  constructor(fields: StateFields) {
    const { reader } = fields;
    const finalized = fields.range("finalizedCheckpoint").start;
    this.row = fields.row;
    this.slot = reader.uint64(fields.range("slot").start);
    this.forkVersion = reader.hex(fields.range("fork").start + 4, 4);
    this.genesisValidatorsRoot = toHex(fields.bytes("genesisValidatorsRoot"));
    this.validatorCount = fields.bytes("validators").length / VALIDATOR_BYTES;
    this.finalizedCheckpoint = { epoch: reader.uint64(finalized), root: reader.hex(finalized + 8, 32) };
    this.#fields = fields;
    this.#tree = new StateTree(fields);
  }

  /** Always equal to `validatorCount`: a state where they differ is refused when opened. */
  get balancesCount(): number {
    return this.validatorCount;
  }

  /** latest_execution_payload_header.block_hash: the execution block of this state's slot. */
  get executionBlockHash(): Hex {
    return toHex(this.#tree.containerLeaf("latestExecutionPayloadHeader", BLOCK_HASH_POSITION));
  }

  /** The validator at `index`, 0..validatorCount-1; "badInput" outside. */
  validator(index: number): ValidatorRecord {
    this.#requireIndex(index);
    return readValidator(this.#fields.reader, this.#validatorsStart() + index * VALIDATOR_BYTES, index);
  }

  /** The balance, gwei, of the validator at `index`; "badInput" outside 0..validatorCount-1. */
  balance(index: number): bigint {
    this.#requireIndex(index);
    return this.#fields.reader.uint64(this.#fields.range("balances").start + index * 8);
  }

  /** What the validator at `index` did in the epoch before the state's: its participation flags, 0 for nothing. */
  previousParticipation(index: number): number {
    this.#requireIndex(index);
    return this.#fields.reader.bytes[
      this.#fields.range("previousEpochParticipation").start + index
    ] as number;
  }

  /** Index of a 48-byte public key (hex, any case), or null. The first call indexes all keys. */
  indexOfPubkey(pubkey: Hex): number | null {
    const bytes = fromHex(pubkey);
    if (bytes.length !== 48)
      throw new BeaconError("badInput", `A public key has 48 bytes, not ${bytes.length}.`);
    this.#pubkeys ??= new PubkeyIndex(this.#fields.reader, this.#validatorsStart(), this.validatorCount);
    return this.#pubkeys.find(bytes);
  }

  /** The deposits that are pending; "unsupportedFork" before Electra. */
  pendingDeposits(): PendingDeposits {
    return new PendingDeposits(this.#fields.reader, this.#fields.range("pendingDeposits"));
  }

  /** hash_tree_root of the state. */
  stateRoot(): Hex {
    return toHex(this.#tree.root());
  }

  /** hash_tree_root of the list, length mixed in; 32 zero bytes for pending_deposits before Electra, which brought it. */
  listRoot(name: ListName): Hex {
    if (name === "pendingDeposits" && this.row.pendingDeposits === null) return ZERO_ROOT;
    return toHex(this.#tree.listRoot(name));
  }

  /** latest_block_header as it lies in the state: its state root is zero until the next slot is processed. */
  latestBlockHeader(): BeaconHeader {
    return readHeader(this.#fields.reader, this.#fields.range("latestBlockHeader").start);
  }

  /**
   * The header of the block this is the post-state of, state root filled in.
   * "badState" when the state was advanced past its block: such a state is in no block root.
   */
  header(): BeaconHeader {
    const header = this.latestBlockHeader();
    if (header.stateRoot === ZERO_ROOT && header.slot === this.slot)
      return { ...header, stateRoot: this.stateRoot() };
    const message = `The state of slot ${this.slot} was advanced past its block of slot ${header.slot}: ask for the state by that block's state root.`;
    throw new BeaconError("badState", message, { details: { slot: this.slot, blockSlot: header.slot } });
  }

  /** The root of the block this is the post-state of: what EIP-4788 returns at its child. Errors as `header`. */
  blockRoot(): Hex {
    return toHex(this.node(1n));
  }

  /**
   * The node at a generalized index from the BLOCK root: the header, and below its state root what
   * `StateTree.node` knows. Errors as `header`; "badInput" where no proof goes.
   */
  node(gindex: bigint): Uint8Array {
    this.#header ??= headerLayers(this.header());
    const { top, rest } = splitGindex(gindex, HEADER_DEPTH);
    if (rest === null || rest === 1n) return this.#header.node(gindex);
    if (top === this.row.stateRoot) return this.#tree.node(rest);
    throw new BeaconError("badInput", `Node ${gindex} of the block is not below its state root.`);
  }

  /** The node at a generalized index from the root of the list. */
  listNode(name: ListName, gindex: bigint): Uint8Array {
    return this.#tree.listNode(name, gindex);
  }

  #validatorsStart(): number {
    return this.#fields.range("validators").start;
  }

  #requireIndex(index: number): void {
    if (Number.isInteger(index) && index >= 0 && index < this.validatorCount) return;
    throw new BeaconError("badInput", `There is no validator ${index} in a state of ${this.validatorCount}.`);
  }
}
