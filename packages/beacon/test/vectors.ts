// Vectors for the contracts' tests. Usage: LODESTAR_PRESET=minimal node test/vectors.ts [path]; without a path, to stdout.
// Every number is a decimal string. Same output on every run.
import { writeFileSync } from "node:fs";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { hexToBytes } from "viem";
import {
  type BeaconStateBytes,
  buildBalancesProof,
  buildParticipationProof,
  buildPendingDepositsEmptyProof,
  buildStateProof,
  buildValidatorsProof,
  computeMultiproofRoot,
  contextOf,
  type ForkName,
  fromBlockRoot,
  membershipWords,
  openState,
  verifyBalancesProof,
  verifyParticipationProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { SeededBytes } from "./support/seededBytes.ts";
import { encode } from "./support/structAbi.ts";
import { syntheticState } from "./support/syntheticState.ts";

/** Unix seconds of the child block in every vector. */
const TIMESTAMP = 1_800_000_012n;

interface CaseInput {
  readonly fork: ForkName;
  readonly validators: number;
  readonly members: readonly number[];
  readonly proven: readonly number[];
}

/** Members: all kinds of spread. Proven: first, last, neighbours that share a chunk, and strangers. */
function inputs(): CaseInput[] {
  return (["electra", "fulu"] as const).flatMap((fork) => [
    { fork, validators: 5, members: [0, 2, 4], proven: [0, 3, 4] },
    {
      fork,
      validators: 300,
      members: new SeededBytes("300").distinct(40, 300),
      proven: [0, 1, 2, 255, 256, 299],
    },
    {
      fork,
      validators: 1000,
      members: [...range(10, 40), 255, 256, ...range(600, 900), 999],
      proven: [...range(300, 310), 511, 512, 998, 999],
    },
  ]);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

async function makeCase(input: CaseInput): Promise<Record<string, unknown>> {
  const { fork, validators } = input;
  const bytes = syntheticState({ fork, validators, seed: "vectors" });
  const state = await openState({ preset: PRESET, fork, bytes });
  const stateProof = buildStateProof(state);
  const pendingDepositsProof = buildPendingDepositsEmptyProof(state, TIMESTAMP);
  return {
    name: `${fork}_${validators}`,
    fork,
    version: state.forkVersion,
    blockRoot: state.blockRoot(),
    stateRoot: state.stateRoot(),
    slot: state.slot,
    slotsPerEpoch: SLOTS_PER_EPOCH,
    genesisValidatorsRoot: state.genesisValidatorsRoot,
    gindices: { ...state.row, name: undefined },
    blockGindices: blockGindices(state),
    stateProof: { ...stateProof, encoded: encode.stateProof(stateProof) },
    balancesProof: balancesCase(state, input.members),
    validatorsProof: validatorsCase(state, input.proven, true),
    validatorsProofPlain: validatorsCase(state, input.proven, false),
    participationProof: participationCase(state, input.proven),
    pendingDepositsProof: {
      ...pendingDepositsProof,
      encoded: encode.pendingDepositsProof(pendingDepositsProof),
    },
  };
}

/** `gindices` are from the state root (slot and stateRoot: from the block root); these are all from the block root. */
function blockGindices({ row }: BeaconStateBytes): Record<string, bigint> {
  return {
    slot: row.slot,
    currentVersion: fromBlockRoot(row, row.currentVersion),
    genesisValidatorsRoot: fromBlockRoot(row, row.genesisValidatorsRoot),
    validators: fromBlockRoot(row, row.validators),
    balances: fromBlockRoot(row, row.balances),
    executionBlockHash: fromBlockRoot(row, row.executionBlockHash),
    pendingDeposits: row.pendingDeposits === null ? 0n : fromBlockRoot(row, row.pendingDeposits),
    previousParticipation: fromBlockRoot(row, row.previousEpochParticipation),
    finalizedEpoch: fromBlockRoot(row, row.finalizedCheckpoint, 2n),
  };
}

function balancesCase(state: BeaconStateBytes, members: readonly number[]): Record<string, unknown> {
  const proof = buildBalancesProof(state, members);
  const words = membershipWords(members);
  const { sumGwei, count } = verifyBalancesProof(proof, state.balancesRoot(), words);
  return {
    ...proof,
    balancesRoot: state.balancesRoot(),
    wordNumbers: words.map(({ word }) => word),
    bitmaps: words.map(({ bitmap }) => bitmap),
    members,
    sumGwei,
    count,
    encoded: encode.balancesProof(proof),
  };
}

function validatorsCase(
  state: BeaconStateBytes,
  indices: readonly number[],
  balances: boolean,
): Record<string, unknown> {
  const proof = buildValidatorsProof(state, TIMESTAMP, indices, { balances });
  return {
    ...proof,
    pubkeys: indices.map((index) => state.validator(index).pubkey),
    balancesGwei: indices.map((index) => state.balance(index)),
    encoded: encode.validatorsProof(proof),
  };
}

/** Of those that were active and are not slashed. */
function participationCase(state: BeaconStateBytes, indices: readonly number[]): Record<string, unknown> {
  const epoch = state.slot / BigInt(SLOTS_PER_EPOCH) - 1n;
  const active = indices.filter((index) => {
    const { slashed, activationEpoch, exitEpoch } = state.validator(index);
    return !slashed && activationEpoch <= epoch && exitEpoch > epoch;
  });
  const proof = buildParticipationProof(state, TIMESTAMP, active, BigInt(SLOTS_PER_EPOCH));
  const said = verifyParticipationProof(proof, contextOf(state), BigInt(SLOTS_PER_EPOCH));
  return { ...proof, ...said, encoded: encode.participationProof(proof) };
}

/** A tree of four leaves by hand, for the walk alone. */
function smallTree(): Record<string, unknown> {
  const value = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
  const leaves = [
    { gindex: 7n, value: value("a") },
    { gindex: 4n, value: value("b") },
  ];
  const nodes = [value("c"), value("d")];
  const bytes = leaves.map((leaf) => ({ gindex: leaf.gindex, value: hexToBytes(leaf.value) }));
  const root = `0x${Buffer.from(
    computeMultiproofRoot(
      bytes,
      nodes.map((node) => hexToBytes(node)),
    ),
  ).toString("hex")}`;
  return {
    gindices: leaves.map((leaf) => leaf.gindex),
    values: leaves.map((leaf) => leaf.value),
    nodes,
    root,
  };
}

const cases = await Promise.all(inputs().map(makeCase));
const json = JSON.stringify(
  { cases, multiproof: smallTree() },
  (_, value) => (typeof value === "bigint" || typeof value === "number" ? value.toString() : value),
  2,
);
const path = process.argv[2];
if (path === undefined) process.stdout.write(`${json}\n`);
else writeFileSync(path, `${json}\n`);
