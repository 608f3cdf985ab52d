// Vectors for the contracts' tests. Usage: LODESTAR_PRESET=minimal node test/vectors.ts folder. A file a case, for a test
// reads every value of it anew; and scaleVectors.txt. Every number is a decimal string. Same output on every run.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import {
  BeaconError,
  type BeaconStateBytes,
  buildBalancesProof,
  buildContainersProof,
  buildParticipationProof,
  buildPendingProof,
  buildStateProof,
  buildValidatorsProof,
  contextOf,
  type ForkName,
  fromBlockRoot,
  membershipWords,
  openState,
  verifyBalancesProof,
  verifyParticipationProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { encodeScale } from "./support/scale.ts";
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
  /** Length of pending_deposits, and places in it. */
  readonly pendingDeposits: number;
  readonly pending: readonly number[];
}

/** Members: all kinds of spread. Proven and pending: first, last, neighbours, and strangers. */
function inputs(): CaseInput[] {
  return (["electra", "fulu"] as const).flatMap((fork) => [
    { fork, validators: 5, members: [0, 2, 4], proven: [0, 3, 4], pendingDeposits: 0, pending: [] },
    {
      fork,
      validators: 300,
      members: new SeededBytes("300").distinct(40, 300),
      proven: [0, 1, 2, 255, 256, 299],
      pendingDeposits: 1,
      pending: [0],
    },
    {
      fork,
      validators: 1000,
      members: [...range(10, 40), 255, 256, ...range(600, 900), 999],
      proven: [...range(300, 310), 511, 512, 998, 999],
      pendingDeposits: 1100,
      pending: [...range(0, 20), 511, 512, 777, 1099],
    },
  ]);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

async function makeCase(input: CaseInput): Promise<Record<string, unknown>> {
  const { fork, validators, pendingDeposits } = input;
  const bytes = syntheticState({ fork, validators, pendingDeposits, seed: "vectors" });
  const state = await openState({ preset: PRESET, fork, bytes });
  const stateProof = buildStateProof(state);
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
    containersProof: containersCase(state, input.proven),
    pendingProof: pendingCase(state, input.pending),
    pendingLengthProof: pendingCase(state, []),
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
  const { sumGwei, count } = verifyBalancesProof(proof, state.listRoot("balances"), words);
  return {
    ...proof,
    balancesRoot: state.listRoot("balances"),
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

function containersCase(state: BeaconStateBytes, indices: readonly number[]): Record<string, unknown> {
  const proof = buildContainersProof(state, indices);
  return { validatorsRoot: state.listRoot("validators"), encoded: encode.containersProof(proof) };
}

function pendingCase(state: BeaconStateBytes, positions: readonly number[]): Record<string, unknown> {
  const proof = buildPendingProof(state, positions);
  const pendingDepositsRoot = state.listRoot("pendingDeposits");
  return { pendingDepositsRoot, encoded: encode.pendingProof(proof) };
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

const cases = await Promise.all(inputs().map(makeCase));
const folder = process.argv[2];
if (folder === undefined) throw new BeaconError("badInput", "Usage: node test/vectors.ts folder");
for (const [i, vectors] of cases.entries())
  writeFileSync(join(folder, `proofVectors${i}.json`), `${toJson(vectors)}\n`);
writeFileSync(join(folder, "scaleVectors.txt"), encodeScale());

function toJson(value: unknown): string {
  const asText = (_: string, v: unknown) =>
    typeof v === "bigint" || typeof v === "number" ? v.toString() : v;
  return JSON.stringify(value, asText, 2);
}
