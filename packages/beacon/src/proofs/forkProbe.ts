import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { concatGindices, leafGindex } from "../ssz/gindex.ts";
import { toHex } from "../ssz/hex.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import {
  type ForkGindices,
  fromBlockRoot,
  LIST_DATA,
  LIST_LENGTH,
  PENDING_DEPOSITS_DEPTH,
} from "../state/forkTable.ts";
import { BALANCES_PER_CHUNK, balanceInChunk, chunkGindex, chunksOf } from "./balanceChunks.ts";
import { containerLeaves, requireIndices, withoutKey } from "./containerLeaves.ts";
import { contextOf } from "./context.ts";
import { currentVersionLeaf, descending, type ProofContext, slotLeaf, uint64Leaf } from "./leaves.ts";
import { requireAscending } from "./membership.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import { FLAGS_PER_CHUNK, flagsGindex } from "./participationProof.ts";
import type { ForkProbe } from "./structs.ts";
import { balanceLeaves } from "./validatorsProof.ts";

const GWEI = 10n ** 9n;
/** The contract's PROBED_VALIDATORS, PROBE_LEAST_GWEI, PROBE_TOLERANCE_GWEI and MOST_EFFECTIVE_GWEI. */
const WORKING_NEEDED = 3;
const WORKING_GWEI = 16n * GWEI;
const TOLERANCE_GWEI = 2n * GWEI;
const MOST_EFFECTIVE_GWEI = 2048n * GWEI;
/** An epoch is finalized at the earliest in the state of the second after it. */
const LEAST_EPOCHS_UNFINAL = 2n;
const MOST_FINALITY_SECONDS = 7n * 86_400n;
/** Three flags are defined, in the lowest bits (consensus-specs, altair/beacon-chain.md). */
const MOST_FLAGS = 7;
/** PendingDeposit.slot: field 4 of 5. */
const DEPOSIT_SLOT = leafGindex(3, 4);

/** What a probe is checked against. */
export interface ProbeContext extends ProofContext {
  readonly genesisValidatorsRoot: Hex;
  /** The parent hash of the block that holds the probe. */
  readonly executionBlockHash: Hex;
}

/** The chain's constants that a probe depends on. */
export interface ProbeClock {
  readonly slotsPerEpoch: bigint;
  readonly secondsPerSlot: bigint;
}

/** The context a state's own probe is checked in. Errors as `BeaconStateBytes.header`. */
export function probeContextOf(state: BeaconStateBytes): ProbeContext {
  const { genesisValidatorsRoot, executionBlockHash } = state;
  return { ...contextOf(state), genesisValidatorsRoot, executionBlockHash };
}

/** Whether the validator's balance fits its effective balance, as that of each validator of a probe must. */
export function isProbeable(state: BeaconStateBytes, index: number): boolean {
  return isPlausible(state.balance(index), state.validator(index).effectiveBalance);
}

/**
 * Validators for a probe, ascending: a key of the pool's, which must be probeable, and the next ones in the list, whoever's,
 * until three of them work. "badInput" if the state has no three.
 */
export function probeIndices(state: BeaconStateBytes, poolKey: number): number[] {
  const works = (index: number) => state.validator(index).effectiveBalance >= WORKING_GWEI;
  const chosen = [poolKey];
  let missing = WORKING_NEEDED - (works(poolKey) ? 1 : 0);
  for (let step = 1; missing > 0 && step < state.validatorCount; step++) {
    const index = (poolKey + step) % state.validatorCount;
    if (!works(index) || !isProbeable(state, index)) continue;
    chosen.push(index);
    missing--;
  }
  if (missing === 0) return chosen.sort((a, b) => a - b);
  throw new BeaconError(
    "badInput",
    `A probe shows ${WORKING_NEEDED} working validators: ${missing} missing.`,
  );
}

/**
 * Shows, at the state's own block root, that its fork's indices lead to what they are named after. The contract takes it only
 * in the block right after the state's. `indices`: as `probeIndices` chooses them. "badInput" for what the contract would
 * refuse: bad indices, implausible balances, no pending deposit, odd finality; errors as `header`.
 */
export function buildForkProbe(
  state: BeaconStateBytes,
  indices: readonly number[],
  clock: ProbeClock,
): ForkProbe {
  requireAscending(indices);
  const context = probeContextOf(state);
  const pending = state.row.pendingDeposits === null ? null : state.pendingDeposits();
  const flags = flagsGindex(state.row, chunkOfLast(indices));
  const claim = {
    slot: state.slot,
    finalizedEpoch: state.finalizedCheckpoint.epoch,
    validatorCount: BigInt(state.validatorCount),
    pendingDeposits: BigInt(pending?.count ?? 0),
    firstDepositSlot: pending !== null && pending.count > 0 ? pending.at(0).slot : 0n,
    indices: [...indices],
    validators: indices.map((index) => withoutKey(state.validator(index))),
    balanceChunks: chunksOf(indices).map((chunk) => toHex(state.listNode("balances", chunkGindex(chunk)))),
    participationChunk: toHex(state.node(flags)),
  };
  requirePlausible(claim, state.row, clock, "badInput");
  const nodes = proofNodes(probeLeaves(claim, context), (gindex) => state.node(gindex));
  const probe = { ...claim, nodes };
  verifyForkProbe(probe, context, clock);
  return probe;
}

/** Throws "badProof" unless the contract would accept the probe in a block after `context`, one of the keys being the pool's. */
export function verifyForkProbe(probe: ForkProbe, context: ProbeContext, clock: ProbeClock): void {
  requireIndices(probe);
  const leaves = probeLeaves(probe, context);
  requirePlausible(probe, context.row, clock, "badProof");
  requireRoot(leaves, probe.nodes, context.blockRoot);
}

type Claim = Omit<ForkProbe, "nodes">;
type Refusal = "badInput" | "badProof";

function requirePlausible(claim: Claim, row: ForkGindices, clock: ProbeClock, code: Refusal): void {
  const refuse = (message: string): never => {
    throw new BeaconError(code, message, { details: { slot: claim.slot } });
  };
  const epochSeconds = clock.secondsPerSlot * clock.slotsPerEpoch;
  const epoch = claim.slot / clock.slotsPerEpoch;
  const unfinal = epoch - claim.finalizedEpoch;
  if (unfinal < LEAST_EPOCHS_UNFINAL || unfinal > MOST_FINALITY_SECONDS / epochSeconds) {
    refuse(`Epoch ${claim.finalizedEpoch} is finalized in epoch ${epoch}: a probe needs a chain that works.`);
  }
  if (bytes32(claim.participationChunk).some((flags) => flags > MOST_FLAGS)) {
    refuse("Its participation flags are none.");
  }
  requireDeposits(claim, row, refuse);
  requireWorking(claim, refuse);
}

function requireDeposits(
  { slot, pendingDeposits, firstDepositSlot }: Claim,
  row: ForkGindices,
  refuse: (message: string) => never,
): void {
  if (row.pendingDeposits === null) {
    if (pendingDeposits === 0n && firstDepositSlot === 0n) return;
    refuse(`A ${row.name} state has no pending deposits.`);
  }
  if (pendingDeposits === 0n) refuse("No deposit is pending: a probe shows the first.");
  if (firstDepositSlot > slot) refuse(`Slot ${firstDepositSlot} of a deposit is yet to come.`);
}

/** Balances fit their effective balances, and enough of those are of validators that work. */
function requireWorking(claim: Claim, refuse: (message: string) => never): void {
  const chunks = chunksOf(claim.indices);
  let working = 0;
  for (const [i, { effectiveBalance }] of claim.validators.entries()) {
    const index = claim.indices[i] as number;
    const chunk = claim.balanceChunks[chunks.indexOf(Math.floor(index / BALANCES_PER_CHUNK))] as Hex;
    const balance = balanceInChunk(bytes32(chunk), index % BALANCES_PER_CHUNK);
    if (!isPlausible(balance, effectiveBalance)) {
      refuse(`Validator ${index} has ${balance} gwei, ${effectiveBalance} effective.`);
    }
    if (effectiveBalance >= WORKING_GWEI) working++;
  }
  if (working < WORKING_NEEDED) refuse(`Of ${WORKING_NEEDED} working validators only ${working} are shown.`);
}

function isPlausible(balance: bigint, effective: bigint): boolean {
  if (effective === MOST_EFFECTIVE_GWEI && balance > MOST_EFFECTIVE_GWEI) return true;
  return balance + TOLERANCE_GWEI >= effective && effective + TOLERANCE_GWEI >= balance;
}

/** The chunk of flags that the last index's lies in. */
function chunkOfLast(indices: readonly number[]): number {
  const last = indices.at(-1);
  if (last !== undefined) return Math.floor(last / FLAGS_PER_CHUNK);
  throw new BeaconError("badInput", "A probe shows validators.");
}

function probeLeaves(claim: Claim, context: ProbeContext): Leaf[] {
  const { row, forkVersion } = context;
  const count = uint64Leaf(claim.validatorCount);
  return descending([
    ...containerLeaves(fromBlockRoot(row, row.validators), claim),
    ...requiredBalanceLeaves(claim, row),
    { gindex: fromBlockRoot(row, row.balances, LIST_LENGTH), value: count },
    { gindex: flagsGindex(row, chunkOfLast(claim.indices)), value: bytes32(claim.participationChunk) },
    { gindex: fromBlockRoot(row, row.previousEpochParticipation, LIST_LENGTH), value: count },
    ...depositLeaves(claim, row),
    {
      gindex: fromBlockRoot(row, row.finalizedCheckpoint, LIST_DATA),
      value: uint64Leaf(claim.finalizedEpoch),
    },
    { gindex: fromBlockRoot(row, row.genesisValidatorsRoot), value: bytes32(context.genesisValidatorsRoot) },
    { gindex: fromBlockRoot(row, row.executionBlockHash), value: bytes32(context.executionBlockHash) },
    currentVersionLeaf(row, forkVersion),
    slotLeaf(row, claim.slot),
  ]);
}

function requiredBalanceLeaves({ indices, balanceChunks }: Claim, row: ForkGindices): Leaf[] {
  if (balanceChunks.length === 0) throw new BeaconError("badProof", "A probe shows balances.");
  return balanceLeaves(row, indices, balanceChunks);
}

function depositLeaves(claim: Claim, row: ForkGindices): Leaf[] {
  if (row.pendingDeposits === null) return [];
  const first = concatGindices(LIST_DATA, leafGindex(PENDING_DEPOSITS_DEPTH, 0), DEPOSIT_SLOT);
  return [
    {
      gindex: fromBlockRoot(row, row.pendingDeposits, first),
      value: uint64Leaf(claim.firstDepositSlot),
    },
    {
      gindex: fromBlockRoot(row, row.pendingDeposits, LIST_LENGTH),
      value: uint64Leaf(claim.pendingDeposits),
    },
  ];
}
