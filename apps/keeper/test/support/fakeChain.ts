import {
  type AddressBook,
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  validatorManagerAbi,
} from "@cairn/protocol";
import { type Address, encodeAbiParameters, encodeEventTopics, getAbiItem, type Hex } from "viem";
import type { Context } from "../../src/context.ts";
import { Patience } from "../../src/patience.ts";
import { ProtocolIndex } from "../../src/protocolIndex.ts";
import type { Call } from "../../src/sender.ts";
import type { Snapshot } from "../../src/snapshot.ts";

const abi = [...validatorManagerAbi, ...checkpointsAbi, ...depositsInFlightAbi, ...beaconProofsAbi] as const;
const ADDRESS: Address = `0x${"ab".repeat(20)}`;

export const rootOf = (name: string): Hex => `0x${Buffer.from(name).toString("hex").padEnd(64, "0")}`;

/** A checkpoint opened before deposit `lastDeposit + 1`. */
export const snapshotOf = (id: bigint, lastDeposit = 0, inFlightGwei = 1n): Snapshot => ({
  id,
  openedAt: 1000,
  beaconRoot: rootOf(`beacon ${id}`),
  executionBlockHash: rootOf(`block ${id}`),
  ownEther: 5n,
  executionRewards: 0n,
  poolEther: 5n,
  inFlightGwei,
  lastDeposit,
  memberCount: 0,
  opener: ADDRESS,
});

interface FakeLog {
  readonly blockNumber: bigint;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** Logs, views and a sender that a test fills in by hand, behind the context that jobs get. */
export class FakeChain {
  head = 100n;
  timestamp = 5000n;
  headHash: Hex = rootOf("head");
  logs: FakeLog[] = [];
  /** Blocks that logs were asked for, as "from-to". */
  readonly asked: string[] = [];
  /** What a view answers, by its name. */
  readonly views: Record<string, unknown> = {};
  readonly sent: Call[] = [];
  /** Roots of the states that were fetched. */
  readonly states: Hex[] = [];
  /** What happens on chain by a call; false refuses it. */
  onSend: (call: Call) => boolean = () => true;
  readonly context: Context;

  constructor(range = 1000) {
    const addresses = new Proxy({}, { get: (_, name) => (name === "deployedAtBlock" ? 1 : ADDRESS) });
    const client = this.#client();
    this.context = {
      client,
      settings: { addresses, batchSize: 10 },
      index: new ProtocolIndex(client, addresses as AddressBook, range),
      patience: new Patience(),
      states: { atRoot: async (root: Hex) => this.states.push(root) && {}, newest: async () => ({}) },
      sender: {
        address: ADDRESS,
        dryRun: false,
        send: async (call: Call) => this.#send(call),
        accepts: async (call: Call) => this.onSend(call),
        sendForNextBlock: async (call: Call) => this.#send(call),
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    } as unknown as Context;
  }

  log(blockNumber: bigint, eventName: string, args: Record<string, unknown>): void {
    const item = getAbiItem({ abi, name: eventName as never }) as unknown as {
      inputs: readonly { name: string; type: string; indexed?: boolean }[];
    };
    const plain = item.inputs.filter(({ indexed }) => !indexed);
    this.logs.push({
      blockNumber,
      topics: encodeEventTopics({ abi, eventName, args } as never) as Hex[],
      data: encodeAbiParameters(
        plain,
        plain.map(({ name }) => args[name] ?? 0n),
      ),
    });
  }

  /** A member joins by its first deposit. */
  join(blockNumber: bigint, deposit: number, index: number): void {
    const pubkeyRoot = rootOf(`key ${index}`);
    this.log(blockNumber, "Predeposited", {
      operatorId: 1,
      pubkeyRoot,
      pubkey: "0x12",
      validators: 0n,
    });
    this.log(blockNumber, "MemberAdded", { pubkeyRoot, index, memberCount: 1 });
    this.deposit(blockNumber, deposit, index);
  }

  deposit(blockNumber: bigint, deposit: number, index: number): void {
    const pubkeyRoot = rootOf(`key ${index}`);
    this.log(blockNumber, "DepositInFlight", { deposit, pubkeyRoot, amountGwei: 32n, slot: blockNumber });
  }

  /** An entry of the table of forks, closed until it is probed. */
  proposeFork(blockNumber: bigint, entry: bigint, firstSlot: bigint): void {
    const fork = {
      version: "0x06000000",
      firstSlot,
      currentVersion: 1,
      executionBlockHash: 1,
      validators: 1,
    };
    const more = { balances: 1, pendingDeposits: 1, genesisValidatorsRoot: 1, previousParticipation: 1 };
    this.log(blockNumber, "ForkProposed", { entry, fork: { ...fork, ...more, finalizedEpoch: 1, rule: 0 } });
  }

  open(blockNumber: bigint, snapshot: Snapshot): void {
    this.log(blockNumber, "CheckpointOpened", { id: snapshot.id, snapshot });
  }

  /** Names of the functions called. */
  calls(): string[] {
    return this.sent.map(({ functionName }) => functionName);
  }

  #send(call: Call): boolean {
    if (!this.onSend(call)) return false;
    this.sent.push(call);
    return true;
  }

  #client(): Context["client"] {
    const fake = {
      getBlock: async () => ({ number: this.head, timestamp: this.timestamp, hash: this.headHash }),
      getLogs: async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) => {
        this.asked.push(`${fromBlock}-${toBlock}`);
        return this.logs.filter(({ blockNumber }) => blockNumber >= fromBlock && blockNumber <= toBlock);
      },
      readContract: async ({ functionName }: { functionName: string }) => {
        if (functionName in this.views) return this.views[functionName];
        throw new Error(`no test said what ${functionName} answers`);
      },
    };
    return fake as unknown as Context["client"];
  }
}
