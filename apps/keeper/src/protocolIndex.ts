import { type AddressBook, checkpointsAbi, validatorManagerAbi } from "@cairn/protocol";
import { type AbiEvent, type Hex, type Log, type PublicClient, parseEventLogs } from "viem";
import { Status } from "./records.ts";
import type { Snapshot } from "./snapshot.ts";

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

/** Where ValidatorMoved leads to. A validator that has left is gone. */
const MOVED: Readonly<Record<number, KeyStage>> = {
  [Status.ToExit]: "toExit",
  [Status.Exiting]: "exiting",
  [Status.Slashed]: "slashed",
};

const abi = [...validatorManagerAbi, ...checkpointsAbi];
const events = abi.filter(
  (item): item is Extract<(typeof abi)[number], { type: "event" }> => item.type === "event",
);

/**
 * What the keeper must know that only events say: keys behind their roots, members, the open checkpoint's values.
 * Rebuilt from logs at every start; nothing is stored. Only finalized blocks are read, so nothing is ever undone.
 */
export class ProtocolIndex {
  readonly keys = new Map<Hex, KeyInfo>();
  /** Snapshots of the newest opened checkpoint, if any. */
  snapshot: Snapshot | undefined;
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

  /** Reads on up to `toBlock`, page by page. A failure loses nothing: the next call goes on there. */
  async readTo(toBlock: bigint): Promise<void> {
    while (this.#next <= toBlock) {
      const last = this.#next + BigInt(this.#range) - 1n;
      const end = last < toBlock ? last : toBlock;
      const logs = await this.#client.getLogs({
        address: [this.#addresses.validatorManager, this.#addresses.checkpoints],
        events: events as AbiEvent[],
        fromBlock: this.#next,
        toBlock: end,
      });
      this.#apply(logs);
      this.#next = end + 1n;
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

  #apply(logs: Log[]): void {
    for (const log of parseEventLogs({ abi, logs })) {
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
        case "CheckpointOpened":
          this.snapshot = log.args.snapshot;
          break;
      }
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
