import { EventEmitter } from "node:events";
import type { BlockEntry } from "../storage/blockStore.ts";
import type { RpcReceipt } from "../storage/receiptTypes.ts";

export interface BlockEvent {
  entry: BlockEntry;
  receipts: RpcReceipt[];
  /** The first block of its epoch. */
  epochTransition: boolean;
}

export interface FinalityEvent {
  epoch: number;
  blockRoot: string;
  stateRoot: string;
}

interface EventMap {
  block: [BlockEvent];
  finalized: [FinalityEvent];
  transaction: [string];
}

/** `block` is sent once the block is readable through every interface. */
export class ChainEvents extends EventEmitter<EventMap> {
  constructor() {
    super();
    // Every subscription of every client is one listener.
    this.setMaxListeners(0);
  }
}
