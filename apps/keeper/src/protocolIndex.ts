import {
  type AddressBook,
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  validatorManagerAbi,
} from "@cairn/protocol";
import { type AbiEvent, type Hex, type PublicClient, parseEventLogs } from "viem";
import { InFlightBook, type StackLog } from "./inFlightBook.ts";
import type { Snapshot } from "./snapshot.ts";
import { Status } from "./status.ts";

/** Where a key stands, as events told it. Members are those in "member", "toExit", "exiting" and "slashed". */
export type KeyStage = "predeposited" | "eligible" | "member" | "toExit" | "exiting" | "slashed" | "gone";

const MEMBER_STAGES: readonly KeyStage[] = ["member", "toExit", "exiting", "slashed"];

export interface KeyInfo {
  readonly pubkeyRoot: Hex;
  readonly pubkey: Hex;
  stage: KeyStage;
  /** Validator index, once proven. */
  index: number | undefined;
}

export type ProvenKey = KeyInfo & { index: number };

/** An entry of the proofs' table of forks that was proposed and not probed. */
export interface ClosedFork {
  readonly entry: bigint;
  readonly firstSlot: bigint;
}

/** Where ValidatorMoved leads to. A validator that has left is gone. */
const MOVED: Readonly<Record<number, KeyStage>> = {
  [Status.ToExit]: "toExit",
  [Status.Exiting]: "exiting",
  [Status.Slashed]: "slashed",
};

const abi = [...validatorManagerAbi, ...checkpointsAbi, ...depositsInFlightAbi, ...beaconProofsAbi] as const;
const events = abi.filter(
  (item): item is Extract<(typeof abi)[number], { type: "event" }> => item.type === "event",
);

/**
 * What the keeper must know that only events say: keys behind their roots, members, the open checkpoint's values, deposits.
 * Rebuilt from logs at every start; nothing is stored. What is kept is of finalized blocks, so nothing is ever undone.
 */
export class ProtocolIndex {
  readonly keys = new Map<Hex, KeyInfo>();
  readonly #book = new InFlightBook();
  #closedForks: readonly ClosedFork[] = [];
  readonly #client: PublicClient;
  readonly #addresses: AddressBook;
  readonly #range: number;
  #next: bigint;

  constructor(client: PublicClient, addresses: AddressBook, range: number) {
    this.#client = client;
    this.#addresses = addresses;
    this.#range = range;
    this.#next = BigInt(addresses.deployedAtBlock);
  }

  /** Frozen values of the newest opened checkpoint, if any. */
  get snapshot(): Snapshot | undefined {
    return this.#book.snapshot;
  }

  /** The closed entry that `slot` may belong to, if any: whoever asks looks whether it was probed since. */
  closedForkAt(slot: bigint): ClosedFork | undefined {
    return this.#closedForks.findLast(({ firstSlot }) => firstSlot <= slot);
  }

  /** Whether there is any closed entry. */
  get hasClosedFork(): boolean {
    return this.#closedForks.length > 0;
  }

  /** Reads on up to `toBlock`, page by page. A failure loses nothing: the next call goes on there. */
  async readTo(toBlock: bigint): Promise<void> {
    for await (const { logs, end } of this.#pages(toBlock)) {
      for (const log of logs) this.#apply(log);
      this.#next = end + 1n;
    }
  }

  /** Deposits and the newest opened checkpoint as of the newest block. Read anew each time, for that may be undone. */
  async bookAtHead(): Promise<InFlightBook> {
    const { number } = await this.#client.getBlock();
    const book = new InFlightBook(this.#book);
    for await (const { logs } of this.#pages(number)) {
      for (const log of logs) book.add(log);
    }
    return book;
  }

  /** Logs behind what was read, up to `toBlock`. */
  async *#pages(toBlock: bigint): AsyncGenerator<{ logs: StackLog[]; end: bigint }> {
    const { validatorManager, checkpoints, depositsInFlight, beaconProofs } = this.#addresses;
    for (let from = this.#next; from <= toBlock; from += BigInt(this.#range)) {
      const last = from + BigInt(this.#range) - 1n;
      const end = last < toBlock ? last : toBlock;
      const logs = await this.#client.getLogs({
        address: [validatorManager, checkpoints, depositsInFlight, beaconProofs],
        events: events as AbiEvent[],
        fromBlock: from,
        toBlock: end,
      });
      yield { logs: parseEventLogs({ abi, logs }), end };
    }
  }

  /** Members, in ascending order of their validator index. */
  memberKeys(): ProvenKey[] {
    return this.#proven(this.keysIn(...MEMBER_STAGES));
  }

  /** Members' validator indices, ascending. */
  members(): number[] {
    return this.memberKeys().map((key) => key.index);
  }

  keysIn(...stages: readonly KeyStage[]): KeyInfo[] {
    return [...this.keys.values()].filter((key) => stages.includes(key.stage));
  }

  /** Keys of these stages that are proven, in ascending order of their validator index. */
  provenIn(...stages: readonly KeyStage[]): ProvenKey[] {
    return this.#proven(this.keysIn(...stages));
  }

  #proven(keys: readonly KeyInfo[]): ProvenKey[] {
    return keys.filter((key): key is ProvenKey => key.index !== undefined).sort((a, b) => a.index - b.index);
  }

  #apply(log: StackLog): void {
    this.#book.add(log);
    switch (log.eventName) {
      case "Predeposited": {
        const { pubkeyRoot, pubkey } = log.args;
        this.keys.set(pubkeyRoot, { pubkeyRoot, pubkey, stage: "predeposited", index: undefined });
        break;
      }
      case "ValidatorProven":
        this.#move(log.args.pubkeyRoot, "eligible", log.args.index);
        break;
      case "MemberAdded":
        this.#move(log.args.pubkeyRoot, "member", log.args.index);
        break;
      case "ValidatorMoved":
        this.#stage(log.args.pubkeyRoot, MOVED[log.args.to] ?? "gone");
        break;
      case "ValidatorLost":
      case "ValidatorDropped":
        this.#move(log.args.pubkeyRoot, "gone", log.args.index);
        break;
      case "ForkProposed": {
        const { entry, fork } = log.args;
        // it may take the place of one that has not begun
        const others = this.#closedForks.filter((closed) => closed.entry < entry);
        this.#closedForks = [...others, { entry, firstSlot: fork.firstSlot }];
        break;
      }
      case "ForkUsable":
        // no slot to come belongs to an older one
        this.#closedForks = this.#closedForks.filter(({ entry }) => entry > log.args.entry);
        break;
    }
  }

  #move(root: Hex, stage: KeyStage, index: number): void {
    const key = this.keys.get(root);
    if (key) key.index = index;
    this.#stage(root, stage);
  }

  #stage(root: Hex, stage: KeyStage): void {
    const key = this.keys.get(root);
    if (key) key.stage = stage;
  }
}
