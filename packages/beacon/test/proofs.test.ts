import { beforeAll, describe, expect, it } from "vitest";
import {
  type BeaconStateBytes,
  buildBalancesProof,
  buildStateProof,
  buildValidatorsProof,
  contextOf,
  FAR_FUTURE_EPOCH,
  type ForkName,
  membershipWords,
  openState,
  splitBatches,
  verifyBalancesProof,
  verifyStateProof,
  verifyValidatorsProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { SeededBytes } from "./support/seededBytes.ts";
import { encode } from "./support/structAbi.ts";
import { FORK_VERSIONS, syntheticState } from "./support/syntheticState.ts";

const TIMESTAMP = 1_800_000_000n;
const SEED = "proofs";
const COUNT = 3000;

async function open(fork: ForkName, validators: number): Promise<BeaconStateBytes> {
  const bytes = syntheticState({ fork, validators, seed: SEED, pendingDeposits: 3 });
  return openState({ preset: PRESET, fork, bytes });
}

function code(value: string): unknown {
  return expect.objectContaining({ code: value });
}

/** Member sets of every texture, ascending. */
function memberSets(seed: string, limit: number): [string, number[]][] {
  const random = new SeededBytes(seed);
  const all = Array.from({ length: limit }, (_, i) => i);
  const runs = Array.from({ length: 9 }, () => random.below(limit - 20)).flatMap((at) =>
    all.slice(at, at + 12),
  );
  return [
    ["all", all],
    ["first", [0]],
    ["last", [limit - 1]],
    ["sparse", random.distinct(15, limit)],
    ["dense", random.distinct(Math.floor(limit * 0.7), limit)],
    ["runs", [...new Set(runs)].sort((a, b) => a - b)],
    ["every fourth", all.filter((i) => i % 4 === 3)],
  ];
}

describe.each(["deneb", "electra", "fulu"] as const)("proofs from %s", (fork) => {
  let state: BeaconStateBytes;
  beforeAll(async () => {
    state = await open(fork, COUNT);
  });

  it("state", () => {
    const proof = buildStateProof(state);
    expect(proof).toMatchObject({ slot: state.slot, executionBlockHash: state.executionBlockHash });
    expect(proof.validatorsRoot).toBe(state.listRoot("validators"));
    expect(proof.balancesRoot).toBe(state.listRoot("balances"));
    expect(proof.pendingDepositsRoot).toBe(state.listRoot("pendingDeposits"));
    expect(/^0x0+$/.test(proof.pendingDepositsRoot)).toBe(fork === "deneb");
    verifyStateProof(proof, contextOf(state));
    expect(encode.stateProof(proof)).toMatch(/^0x/);
  });

  it.each(memberSets(SEED, COUNT))("balances of %s", (_, members) => {
    const words = membershipWords(members);
    const proof = buildBalancesProof(state, members);
    const expected = members.reduce((sum, member) => sum + state.balance(member), 0n);
    expect(verifyBalancesProof(proof, state.listRoot("balances"), words)).toEqual({
      sumGwei: expected,
      count: members.length,
    });
    expect(proof.length).toBe(BigInt(COUNT));
    expect(proof.words).toHaveLength(2 + 8 * words.length);
    expect(encode.balancesProof(proof)).toMatch(/^0x/);
  });

  it.each(memberSets(SEED, COUNT))("balances of %s in batches add up", (_, members) => {
    const sums = splitBatches(members, 100).map((batch) => {
      const range = { first: batch.firstWord, last: batch.lastWord };
      const proof = buildBalancesProof(state, members, range);
      expect(proof, "the whole membership with a range, or the batch alone").toEqual(
        buildBalancesProof(state, batch.members),
      );
      return verifyBalancesProof(proof, state.listRoot("balances"), membershipWords(members));
    });
    const expected = members.reduce((sum, member) => sum + state.balance(member), 0n);
    expect(sums.reduce((sum, part) => sum + part.sumGwei, 0n)).toBe(expected);
    expect(sums.reduce((sum, part) => sum + part.count, 0)).toBe(members.length);
  });

  it.each(memberSets(SEED, COUNT).slice(1))("validators: %s", (_, indices) => {
    for (const balances of [true, false]) {
      const proof = buildValidatorsProof(state, TIMESTAMP, indices, { balances });
      verifyValidatorsProof(proof, contextOf(state));
      expect(proof).toMatchObject({
        timestamp: TIMESTAMP,
        slot: state.slot,
        validatorCount: BigInt(COUNT),
        indices,
      });
      expect(proof.balanceChunks.length > 0).toBe(balances);
      expect(encode.validatorsProof(proof)).toMatch(/^0x/);
    }
  });

  it("name the fork's version", () => {
    expect(contextOf(state).forkVersion).toBe(FORK_VERSIONS[fork]);
    const other = { ...contextOf(state), forkVersion: "0x99000000" as const };
    expect(() => verifyStateProof(buildStateProof(state), other)).toThrow(code("badProof"));
  });
});

describe("validator containers", () => {
  it("carry the far future as 2^64 - 1 and the key only as its root", async () => {
    const state = await open("fulu", 5);
    const [validator] = buildValidatorsProof(state, TIMESTAMP, [0], { balances: false }).validators;
    expect(Object.keys(validator ?? {})).toEqual([
      "pubkeyRoot",
      "withdrawalCredentials",
      "effectiveBalance",
      "slashed",
      "activationEligibilityEpoch",
      "activationEpoch",
      "exitEpoch",
      "withdrawableEpoch",
    ]);
    const epochs = Array.from({ length: 5 }, (_, i) => state.validator(i).exitEpoch);
    expect(epochs).toContain(FAR_FUTURE_EPOCH);
  });
});

describe("a state before Electra", () => {
  it("has no root of pending deposits, whatever a proof says", async () => {
    const state = await open("deneb", 5);
    const proof = { ...buildStateProof(state), pendingDepositsRoot: state.listRoot("balances") };
    expect(() => verifyStateProof(proof, contextOf(state))).toThrow(code("badProof"));
  });
});

describe("builders refuse", () => {
  it.each([[[]], [[5]], [[3, 1]], [[1, 1]], [[-1]]])("members and indices %j of five", async (indices) => {
    const state = await open("fulu", 5);
    const bad = expect.objectContaining({ code: expect.stringMatching(/badInput|badProof/) });
    expect(() => buildBalancesProof(state, indices)).toThrow(bad);
    expect(() => buildValidatorsProof(state, TIMESTAMP, indices, { balances: true })).toThrow(bad);
  });

  it("a range of words without members", async () => {
    const state = await open("fulu", 600);
    expect(() => buildBalancesProof(state, [1, 2], { first: 1, last: 2 })).toThrow(code("badInput"));
  });
});
