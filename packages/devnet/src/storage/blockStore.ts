import type { BeaconConfig } from "@lodestar/config";
import type { electra } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { forkAtSlot, forkTypes } from "../consensus/forkTypes.ts";
import { type ChainLog, type LogRecord, RECORD_BLOCK } from "./chainLog.ts";

/** What is kept in memory of every block. Roots and hashes are 0x and lower case. */
export interface BlockEntry {
  slot: number;
  root: string;
  parentRoot: string;
  stateRoot: string;
  executionHash: string;
  blockNumber: number;
  /** Seconds since 1970. */
  timestamp: number;
  baseFeePerGas: bigint;
  gasUsed: number;
  gasLimit: number;
  transactionCount: number;
  /** Where the bytes lie; undefined for the genesis block, which was never proposed. */
  record?: LogRecord;
}

/** All blocks: a small index in memory, the bytes in the chain log. */
export class BlockStore {
  readonly #log: ChainLog;
  #config: BeaconConfig | undefined;
  readonly #bySlot = new Map<number, BlockEntry>();
  readonly #byRoot = new Map<string, BlockEntry>();
  readonly #byStateRoot = new Map<string, BlockEntry>();
  readonly #byNumber: BlockEntry[] = [];
  readonly #byHash = new Map<string, BlockEntry>();

  constructor(log: ChainLog) {
    this.#log = log;
  }

  /** The configuration is known only once the genesis state is. */
  setConfig(config: BeaconConfig): void {
    this.#config = config;
  }

  get genesis(): BlockEntry {
    return this.#byNumber[0] as BlockEntry;
  }

  get head(): BlockEntry {
    return this.#byNumber.at(-1) as BlockEntry;
  }

  add(entry: BlockEntry): void {
    this.#bySlot.set(entry.slot, entry);
    this.#byRoot.set(entry.root, entry);
    this.#byStateRoot.set(entry.stateRoot, entry);
    this.#byNumber[entry.blockNumber] = entry;
    this.#byHash.set(entry.executionHash, entry);
  }

  atSlot(slot: number): BlockEntry | undefined {
    return this.#bySlot.get(slot);
  }

  byRoot(root: string): BlockEntry | undefined {
    return this.#byRoot.get(root);
  }

  byStateRoot(root: string): BlockEntry | undefined {
    return this.#byStateRoot.get(root);
  }

  byNumber(blockNumber: number): BlockEntry | undefined {
    return this.#byNumber[blockNumber];
  }

  byExecutionHash(hash: string): BlockEntry | undefined {
    return this.#byHash.get(hash);
  }

  childOf(entry: BlockEntry): BlockEntry | undefined {
    return this.#byNumber[entry.blockNumber + 1];
  }

  /** Serializes, logs and returns the entry without making it visible: that is `add`. */
  write(signed: electra.SignedBeaconBlock, root: Uint8Array): BlockEntry {
    const bytes = this.#types(signed.message.slot).SignedBeaconBlock.serialize(signed);
    return blockEntry(
      signed.message,
      toHex(root),
      this.#log.append(RECORD_BLOCK, signed.message.slot, bytes),
    );
  }

  bytesOf(record: LogRecord): Uint8Array {
    return this.#log.read(record);
  }

  decode(record: LogRecord): electra.SignedBeaconBlock {
    return this.#types(record.slot).SignedBeaconBlock.deserialize(this.bytesOf(record));
  }

  /** Entry of a logged block, from its bytes. */
  entryOf(record: LogRecord): BlockEntry {
    const { message } = this.decode(record);
    return blockEntry(message, toHex(this.#types(record.slot).BeaconBlock.hashTreeRoot(message)), record);
  }

  #types(slot: number): ReturnType<typeof forkTypes> {
    return forkTypes(forkAtSlot(this.#config as BeaconConfig, slot));
  }
}

function blockEntry(message: electra.BeaconBlock, root: string, record: LogRecord): BlockEntry {
  const payload = message.body.executionPayload;
  return {
    slot: message.slot,
    root,
    parentRoot: toHex(message.parentRoot),
    stateRoot: toHex(message.stateRoot),
    executionHash: toHex(payload.blockHash),
    blockNumber: payload.blockNumber,
    timestamp: payload.timestamp,
    baseFeePerGas: payload.baseFeePerGas,
    gasUsed: payload.gasUsed,
    gasLimit: payload.gasLimit,
    transactionCount: payload.transactions.length,
    record,
  };
}
