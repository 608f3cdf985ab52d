import { type AddressBook, checkpointsAbi, depositsInFlightAbi } from "@cairn/protocol";
import { type Address, concatHex, type Hex, type PublicClient, pad, parseEventLogs } from "viem";
import { BeaconError } from "../beaconError.ts";
import type { BeaconClient } from "../client/createBeaconClient.ts";
import type { Preset } from "../ssz/lodestarTypes.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { openState } from "../state/openState.ts";
import { checkpointEventsAbi } from "./checkpointEvents.ts";
import type { CheckpointFacts } from "./checkpointFacts.ts";
import { CheckpointStory } from "./checkpointStory.ts";

export interface FetchCheckpointInput {
  readonly client: PublicClient;
  readonly beacon: BeaconClient;
  readonly preset: Preset;
  readonly addresses: Pick<
    AddressBook,
    "checkpoints" | "depositsInFlight" | "validatorManager" | "withdrawalVault" | "deployedAtBlock"
  >;
  /** Of the checkpoint, from 1 on. */
  readonly id: bigint;
  /** Blocks whose logs are asked for at once. */
  readonly range?: bigint;
}

/** What `verifyCheckpoint` takes. */
export interface FetchedCheckpoint {
  readonly facts: CheckpointFacts;
  readonly state: BeaconStateBytes;
}

const DEFAULT_RANGE = 10_000n;

/**
 * Collects what is claimed of a closed checkpoint from the execution layer's logs, and the state it is about from a beacon
 * node. Both nodes may be anybody's: what they say is held against each other. "notFound" for a checkpoint that was not
 * closed, or a state that the beacon node no longer has; errors of both clients pass.
 */
export async function fetchCheckpoint(input: FetchCheckpointInput): Promise<FetchedCheckpoint> {
  const { client, addresses, id } = input;
  const story = await readStory(input);
  const told = story.tell(id);
  if (told === undefined) {
    throw new BeaconError("notFound", `No checkpoint ${id} was closed.`, { details: { checkpoint: id } });
  }
  const [block, deployed, parameters, ...isShort] = await Promise.all([
    client.getBlock({ blockNumber: told.openedIn }),
    client.getBlock({ blockNumber: BigInt(addresses.deployedAtBlock) }),
    client.readContract({
      address: addresses.checkpoints,
      abi: checkpointsAbi,
      functionName: "parameters",
      blockNumber: told.closedIn,
    }),
    ...told.maybeShort.map((number) =>
      client.readContract({
        address: addresses.depositsInFlight,
        abi: depositsInFlightAbi,
        functionName: "isShort",
        args: [number],
        blockNumber: told.closedIn,
      }),
    ),
  ]);
  const facts: CheckpointFacts = {
    ...told.facts,
    inFlight: [...told.maybeShort.filter((_, i) => isShort[i]), ...told.facts.inFlight],
    openBlock: { parentHash: block.parentHash, parentBeaconBlockRoot: parentRootOf(block) },
    previousSnapshotTime: told.previousSnapshotTime ?? Number(deployed.timestamp),
    maxRebaseBpsPerDay: parameters.maxRebaseBpsPerDay,
    withdrawalCredentials: credentialsOf(addresses.withdrawalVault),
  };
  return { facts, state: await readState(input, facts) };
}

/** All events from the first block to the checkpoint's close, page by page. */
async function readStory(input: FetchCheckpointInput): Promise<CheckpointStory> {
  const { client, addresses, id, range = DEFAULT_RANGE } = input;
  const story = new CheckpointStory();
  const last = await client.getBlockNumber();
  for (let from = BigInt(addresses.deployedAtBlock); from <= last; from += range) {
    const end = from + range - 1n;
    const logs = await client.getLogs({
      address: [addresses.checkpoints, addresses.depositsInFlight, addresses.validatorManager],
      events: checkpointEventsAbi,
      fromBlock: from,
      toBlock: end < last ? end : last,
    });
    for (const log of parseEventLogs({ abi: checkpointEventsAbi, logs })) story.add(log);
    if (story.isClosed(id)) break;
  }
  return story;
}

/** By the block's state root, or by its slot where the node keeps states by slot only. */
async function readState({ beacon, preset }: FetchCheckpointInput, facts: CheckpointFacts) {
  const { header } = await beacon.getHeader(facts.snapshot.beaconRoot);
  const answer = await beacon.getState(header.stateRoot).catch((error: unknown) => {
    if (error instanceof BeaconError && error.code === "notFound") return beacon.getState(header.slot);
    throw error;
  });
  return openState({ preset, ...answer });
}

function parentRootOf(block: { readonly parentBeaconBlockRoot?: Hex | undefined }): Hex {
  if (block.parentBeaconBlockRoot) return block.parentBeaconBlockRoot;
  throw new BeaconError("badResponse", "The execution client shows no parent beacon root (EIP-4788).");
}

/** 0x02 ‖ 0 ‖ WithdrawalVault. */
function credentialsOf(vault: Address): Hex {
  return concatHex(["0x02", pad(vault, { size: 31 })]).toLowerCase() as Hex;
}
