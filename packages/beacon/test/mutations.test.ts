import fc from "fast-check";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type BalancesProof,
  BeaconError,
  type BeaconStateBytes,
  buildBalancesProof,
  buildStateProof,
  buildValidatorsProof,
  contextOf,
  membershipWords,
  openState,
  type ProofContext,
  type Validator,
  verifyBalancesProof,
  verifyStateProof,
  verifyValidatorsProof,
} from "../src/index.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { syntheticState } from "./support/syntheticState.ts";

const RUNS = 2000;
const MEMBERS = [1, 2, 3, 90, 91, 255, 256, 300, 599];
const INDICES = [0, 1, 7, 255, 256, 599];

let state: BeaconStateBytes;
let context: ProofContext;

beforeAll(async () => {
  const bytes = syntheticState({ fork: "fulu", validators: 600, seed: "mutations" });
  state = await openState({ preset: PRESET, fork: "fulu", bytes });
  context = contextOf(state);
});

/** One seed of randomness for a mutation: what to change, where, and how. */
const dice = fc.record({
  kind: fc.nat(99),
  at: fc.nat(9999),
  bit: fc.nat(255),
  by: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
});
type Dice = typeof dice extends fc.Arbitrary<infer Rolled> ? Rolled : never;
type Mutation<Proof> = (proof: Proof, rolled: Dice) => Proof;

function flip(value: Hex, { bit }: Dice): Hex {
  const bytes = hexToBytes(value);
  const at = (bit >> 3) % bytes.length;
  bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
  return bytesToHex(bytes);
}

/** Flip a bit in one, drop, add, or swap two: what can happen to a list of nodes. */
const listMutations: readonly ((list: readonly Hex[], rolled: Dice) => Hex[])[] = [
  (list, rolled) => list.map((value, i) => (i === rolled.at % list.length ? flip(value, rolled) : value)),
  (list, rolled) => list.toSpliced(rolled.at % list.length, 1),
  (list, rolled) => list.toSpliced(rolled.at % (list.length + 1), 0, list[rolled.bit % list.length] as Hex),
  (list, rolled) => {
    const [a, b] = [rolled.at % list.length, rolled.bit % list.length];
    return list.map((value, i) => (i === a ? (list[b] as Hex) : i === b ? (list[a] as Hex) : value));
  },
  (list, rolled) =>
    list.map((value, i) => (i === rolled.at % list.length ? (value.slice(0, -2) as Hex) : value)),
];

function mutateList(list: readonly Hex[], rolled: Dice): Hex[] {
  return (listMutations[rolled.kind % listMutations.length] as (typeof listMutations)[number])(list, rolled);
}

const shift = (value: bigint, { by }: Dice): bigint => (value + by) % 2n ** 64n;

/** Applies a random mutation many times; whatever still differs from the valid proof must be refused. */
function refuseAll<Proof>(
  valid: Proof,
  mutations: readonly Mutation<Proof>[],
  verify: (proof: Proof) => void,
): number {
  const text = (proof: Proof): string =>
    JSON.stringify(proof, (_, value) => (typeof value === "bigint" ? `${value}` : value));
  const original = text(valid);
  let tried = 0;
  verify(valid);
  fc.assert(
    fc.property(fc.nat(mutations.length - 1), dice, (which, rolled) => {
      const mutated = (mutations[which] as Mutation<Proof>)(valid, rolled);
      if (text(mutated) === original) return;
      tried++;
      try {
        verify(mutated);
      } catch (error) {
        expect(error, "a refusal, not a crash").toBeInstanceOf(BeaconError);
        return;
      }
      expect.unreachable(`accepted: mutation ${which}`);
    }),
    { numRuns: RUNS },
  );
  return tried;
}

describe("no changed proof is accepted:", () => {
  it("state", () => {
    const tried = refuseAll(
      buildStateProof(state),
      [
        (proof, rolled) => ({ ...proof, nodes: mutateList(proof.nodes, rolled) }),
        (proof, rolled) => ({ ...proof, slot: shift(proof.slot, rolled) }),
        (proof, rolled) => ({ ...proof, balancesRoot: flip(proof.balancesRoot, rolled) }),
        (proof, rolled) => ({ ...proof, validatorsRoot: flip(proof.validatorsRoot, rolled) }),
        (proof, rolled) => ({ ...proof, pendingDepositsRoot: flip(proof.pendingDepositsRoot, rolled) }),
        (proof, rolled) => ({ ...proof, executionBlockHash: flip(proof.executionBlockHash, rolled) }),
        (proof) => ({
          ...proof,
          balancesRoot: proof.executionBlockHash,
          executionBlockHash: proof.balancesRoot,
        }),
      ],
      (proof) => verifyStateProof(proof, context),
    );
    expect(tried).toBeGreaterThan(RUNS / 2);
  });

  it("balances", () => {
    const mutations: readonly Mutation<BalancesProof>[] = [
      (proof, rolled) => ({ ...proof, nodes: mutateList(proof.nodes, rolled) }),
      (proof, rolled) => ({ ...proof, chunks: mutateList(proof.chunks, rolled) }),
      (proof, rolled) => ({ ...proof, length: shift(proof.length, rolled) }),
      (proof, rolled) => ({ ...proof, words: flip(proof.words, rolled) }),
      (proof, rolled) => ({ ...proof, words: proof.words.slice(0, -2 * (1 + (rolled.at % 8))) as Hex }),
      (proof) => ({ ...proof, words: `${proof.words}${proof.words.slice(-8)}` }),
      (proof) => ({ ...proof, chunks: proof.nodes, nodes: proof.chunks }),
      (proof, rolled) => ({
        ...proof,
        chunks: proof.chunks.slice(1),
        nodes: [...proof.chunks.slice(rolled.at % 2, 1), ...proof.nodes],
      }),
    ];
    const words = membershipWords(MEMBERS);
    const tried = refuseAll(buildBalancesProof(state, MEMBERS), mutations, (proof) => {
      verifyBalancesProof(proof, state.listRoot("balances"), words);
    });
    expect(tried).toBeGreaterThan(RUNS / 2);
  });

  it("balances under another membership", () => {
    const proof = buildBalancesProof(state, MEMBERS);
    // Without 300, and with 590, the chunks no longer fit; [3, 90] lacks two of the three words.
    const others = [[...MEMBERS, 590].sort((a, b) => a - b), MEMBERS.filter((i) => i !== 300), [3, 90]];
    for (const members of others) {
      const words = membershipWords(members);
      const run = (): unknown => verifyBalancesProof(proof, state.listRoot("balances"), words);
      expect(run, members.join()).toThrow(expect.objectContaining({ code: "badProof" }));
    }
  });

  it.each([true, false])("validators (balances: %s)", (balances) => {
    const change = (
      proof: ReturnType<typeof buildValidatorsProof>,
      rolled: Dice,
      edit: (validator: Validator) => Validator,
    ) => ({
      ...proof,
      validators: proof.validators.map((validator, i) =>
        i === rolled.at % proof.validators.length ? edit(validator) : validator,
      ),
    });
    const tried = refuseAll(
      buildValidatorsProof(state, 1n, INDICES, { balances }),
      [
        (proof, rolled) => ({ ...proof, nodes: mutateList(proof.nodes, rolled) }),
        (proof, rolled) => ({ ...proof, slot: shift(proof.slot, rolled) }),
        (proof, rolled) => ({ ...proof, validatorCount: shift(proof.validatorCount, rolled) }),
        (proof, rolled) => ({
          ...proof,
          indices: proof.indices.map((index, i) =>
            i === rolled.at % 6 ? index + 1 + (rolled.bit % 9) : index,
          ),
        }),
        (proof, rolled) => ({ ...proof, indices: proof.indices.toSpliced(rolled.at % 6, 1) }),
        (proof, rolled) => ({
          ...proof,
          indices: proof.indices.toSpliced(rolled.at % 6, 1),
          validators: proof.validators.toSpliced(rolled.at % 6, 1),
        }),
        (proof) => ({ ...proof, validators: proof.validators.toReversed() }),
        (proof, rolled) => change(proof, rolled, (v) => ({ ...v, slashed: !v.slashed })),
        (proof, rolled) => change(proof, rolled, (v) => ({ ...v, exitEpoch: shift(v.exitEpoch, rolled) })),
        (proof, rolled) =>
          change(proof, rolled, (v) => ({ ...v, effectiveBalance: shift(v.effectiveBalance, rolled) })),
        (proof, rolled) => change(proof, rolled, (v) => ({ ...v, pubkeyRoot: flip(v.pubkeyRoot, rolled) })),
        (proof, rolled) =>
          change(proof, rolled, (v) => ({
            ...v,
            withdrawalCredentials: flip(v.withdrawalCredentials, rolled),
          })),
        (proof, rolled) =>
          change(proof, rolled, (v) => ({
            ...v,
            activationEpoch: v.exitEpoch,
            exitEpoch: v.activationEpoch,
          })),
        (proof, rolled) => ({
          ...proof,
          balanceChunks:
            proof.balanceChunks.length > 0
              ? mutateList(proof.balanceChunks, rolled)
              : [proof.nodes[0] as Hex],
        }),
      ],
      (proof) => verifyValidatorsProof(proof, context),
    );
    expect(tried).toBeGreaterThan(RUNS / 2);
  });

  it("a proof of one root at another", () => {
    const other = { ...context, blockRoot: flip(context.blockRoot, { kind: 0, at: 0, bit: 3, by: 1n }) };
    const bad = expect.objectContaining({ code: "badProof" });
    expect(() => verifyStateProof(buildStateProof(state), other)).toThrow(bad);
    expect(() =>
      verifyValidatorsProof(buildValidatorsProof(state, 1n, INDICES, { balances: true }), other),
    ).toThrow(bad);
  });
});
