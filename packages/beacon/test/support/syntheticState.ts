import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { ssz } from "@lodestar/types";
import type { ForkName } from "../../src/index.ts";
import { SeededBytes } from "./seededBytes.ts";

export interface SyntheticOptions {
  readonly fork: ForkName;
  readonly validators: number;
  readonly seed: string;
  /** Elements of pending_deposits; none before Electra. */
  readonly pendingDeposits?: number;
  /** The last word on the contents. */
  readonly edit?: (view: View) => void;
  /** State root in the header: set it to make a state that was advanced past its block. */
  readonly headerStateRoot?: Uint8Array;
}

export const FORK_VERSIONS: Readonly<Record<ForkName, `0x${string}`>> = {
  deneb: "0x04000000",
  electra: "0x05000000",
  fulu: "0x06000000",
};

const FAR_FUTURE = 2n ** 64n - 1n;

/** A state with random contents in every field that a proof or root could get wrong. Not a possible chain. */
export function syntheticState(options: SyntheticOptions): Uint8Array {
  const random = new SeededBytes(`${options.seed}/${options.fork}/${options.validators}`);
  // Fulu's fields are Electra's and one more; the view of the fork itself is filled through the common ones.
  const view = ssz[options.fork].BeaconState.defaultViewDU() as ReturnType<
    typeof ssz.fulu.BeaconState.defaultViewDU
  >;
  const version = Buffer.from(FORK_VERSIONS[options.fork].slice(2), "hex");
  // the last slot of an epoch, of 8 slots and of 32
  const slot = (1_000_000 + random.below(1_000_000)) | 31;
  view.genesisTime = 1_700_000_000;
  view.genesisValidatorsRoot = random.bytes(32);
  view.slot = slot;
  view.fork = ssz.phase0.Fork.toViewDU({
    previousVersion: random.bytes(4),
    currentVersion: version,
    epoch: 7,
  });
  view.latestBlockHeader = ssz.phase0.BeaconBlockHeader.toViewDU({
    slot,
    proposerIndex: random.below(options.validators),
    parentRoot: random.bytes(32),
    stateRoot: options.headerStateRoot ?? new Uint8Array(32),
    bodyRoot: random.bytes(32),
  });
  fillHistory(view, slot, random);
  view.latestExecutionPayloadHeader = payloadHeader(random);
  fillVectors(view, random);
  fillRegistry(view, options.validators, random);
  if (options.fork !== "deneb") fillElectra(view, options.pendingDeposits ?? 0, random);
  options.edit?.(view);
  view.commit();
  return view.serialize();
}

export type View = ReturnType<typeof ssz.fulu.BeaconState.defaultViewDU>;

function payloadHeader(random: SeededBytes): View["latestExecutionPayloadHeader"] {
  return ssz.deneb.ExecutionPayloadHeader.toViewDU({
    ...ssz.deneb.ExecutionPayloadHeader.defaultValue(),
    parentHash: random.bytes(32),
    logsBloom: random.bytes(256),
    extraData: random.bytes(random.below(33)),
    baseFeePerGas: 7n + BigInt(random.below(1_000_000)),
    blockHash: random.bytes(32),
    blockNumber: random.below(1_000_000),
  });
}

function fillHistory(view: View, slot: number, random: SeededBytes): void {
  view.finalizedCheckpoint = ssz.phase0.Checkpoint.toViewDU({
    epoch: Math.floor(slot / SLOTS_PER_EPOCH) - 2,
    root: random.bytes(32),
  });
  view.historicalSummaries = ssz.capella.BeaconState.fields.historicalSummaries.toViewDU(
    Array.from({ length: 3 }, () => ({
      blockSummaryRoot: random.bytes(32),
      stateSummaryRoot: random.bytes(32),
    })),
  );
  view.historicalRoots = ssz.phase0.BeaconState.fields.historicalRoots.toViewDU([
    random.bytes(32),
    random.bytes(32),
    random.bytes(32),
  ]);
  view.eth1DataVotes = ssz.phase0.Eth1DataVotes.toViewDU([
    { depositRoot: random.bytes(32), depositCount: 5n, blockHash: random.bytes(32) },
  ]);
}

/** Everything of fixed size that is not the same in every tree. */
function fillVectors(view: View, random: SeededBytes): void {
  const { fields } = ssz.fulu.BeaconState;
  view.blockRoots = fields.blockRoots.deserializeToViewDU(random.bytes(fields.blockRoots.fixedSize ?? 0));
  view.stateRoots = fields.stateRoots.deserializeToViewDU(random.bytes(fields.stateRoots.fixedSize ?? 0));
  view.randaoMixes = fields.randaoMixes.deserializeToViewDU(random.bytes(fields.randaoMixes.fixedSize ?? 0));
  view.currentSyncCommittee = fields.currentSyncCommittee.deserializeToViewDU(
    random.bytes(fields.currentSyncCommittee.fixedSize ?? 0),
  );
  view.slashings.set(3, fields.slashings.elementType.deserialize(random.bytes(8).fill(0, 5)));
}

function fillRegistry(view: View, count: number, random: SeededBytes): void {
  view.validators = ssz.phase0.Validators.deserializeToViewDU(validatorBytes(count, random));
  view.balances = ssz.phase0.Balances.deserializeToViewDU(balanceBytes(count, random));
  const participation = random.bytes(count * 2).map((flags) => flags & 7);
  view.previousEpochParticipation = ssz.altair.EpochParticipation.deserializeToViewDU(
    participation.slice(0, count),
  );
  view.currentEpochParticipation = ssz.altair.EpochParticipation.deserializeToViewDU(
    participation.slice(count),
  );
  const scores = Buffer.alloc(count * 8);
  for (let i = 0; i < count; i += 7) scores.writeUInt32LE(random.below(1000), i * 8);
  view.inactivityScores = ssz.altair.InactivityScores.deserializeToViewDU(scores);
}

function validatorBytes(count: number, random: SeededBytes): Uint8Array {
  const bytes = Buffer.alloc(count * 121);
  const keys = random.bytes(count * 48);
  const dice = random.bytes(count);
  for (let i = 0; i < count; i++) {
    const at = i * 121;
    keys.copy(bytes, at, i * 48, i * 48 + 48);
    bytes[at + 48] = 2;
    bytes.fill((dice[i] as number) | 1, at + 60, at + 80);
    bytes.writeBigUInt64LE(32_000_000_000n + BigInt((dice[i] as number) % 100) * 1_000_000_000n, at + 80);
    const leaving = (dice[i] as number) > 250;
    bytes[at + 88] = leaving && (dice[i] as number) % 2 === 0 ? 1 : 0;
    bytes.writeBigUInt64LE(BigInt(i % 1000), at + 89);
    bytes.writeBigUInt64LE(BigInt((i % 1000) + 5), at + 97);
    bytes.writeBigUInt64LE(leaving ? 40_000n : FAR_FUTURE, at + 105);
    bytes.writeBigUInt64LE(leaving ? 40_256n : FAR_FUTURE, at + 113);
  }
  return bytes;
}

function balanceBytes(count: number, random: SeededBytes): Uint8Array {
  const bytes = Buffer.alloc(count * 8);
  const noise = random.bytes(count * 4);
  for (let i = 0; i < count; i++) {
    bytes.writeBigUInt64LE(32_000_000_000n + BigInt(noise.readUInt32LE(i * 4)) * 3n, i * 8);
  }
  return bytes;
}

function fillElectra(view: View, pendingDeposits: number, random: SeededBytes): void {
  view.depositRequestsStartIndex = FAR_FUTURE;
  view.depositBalanceToConsume = BigInt(random.below(1_000_000));
  view.pendingDeposits = ssz.electra.PendingDeposits.toViewDU(
    Array.from({ length: pendingDeposits }, (_, i) => ({
      pubkey: random.bytes(48),
      withdrawalCredentials: random.bytes(32),
      amount: 1_000_000_000 + i,
      signature: random.bytes(96),
      slot: 900_000 + i,
    })),
  );
  view.pendingPartialWithdrawals = ssz.electra.PendingPartialWithdrawals.toViewDU([
    { validatorIndex: 0, amount: 5_000_000_000n, withdrawableEpoch: 40_000 },
  ]);
  view.pendingConsolidations = ssz.electra.PendingConsolidations.toViewDU([
    { sourceIndex: 0, targetIndex: 0 },
  ]);
}
