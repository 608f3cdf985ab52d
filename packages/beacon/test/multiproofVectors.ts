// Balances proofs over lists of 1 to 1,000,000 validators, made without this package: roots and siblings come from the
// consensus client's own trees, their places from the specification's words. For the contracts' tests.
// Usage: LODESTAR_PRESET=minimal node test/multiproofVectors.ts path. Same output on every run.
import { writeFileSync } from "node:fs";
import { encodeAbiParameters, parseAbiParameters } from "viem";
import { BalancesTree } from "./support/balancesTree.ts";
import { SeededBytes } from "./support/seededBytes.ts";

const MOST = 1_000_000;
const RANDOM_SIZES = 40;

const random = new SeededBytes("multiproofs");

/** Every power of two with its neighbours, the ends, and random sizes of every magnitude. */
function sizes(): number[] {
  const found = new Set([1, 2, 3, 4, 5, MOST]);
  for (let power = 4; power < MOST; power *= 2) for (const by of [-1, 0, 1]) found.add(power + by);
  while (found.size < 60 + RANDOM_SIZES) found.add(1 + random.below(2 ** (1 + random.below(20))));
  return [...found].filter((size) => size <= MOST).sort((a, b) => a - b);
}

/** First, last, a cluster and strangers: up to thirty members. */
function membersOf(size: number): number[] {
  const start = random.below(size);
  const cluster = Array.from({ length: 1 + random.below(9) }, (_, i) => start + i);
  const members = new Set([...random.distinct(random.below(16), size), ...cluster]);
  if (random.below(2) === 0) members.add(0);
  if (random.below(2) === 0) members.add(size - 1);
  return [...members].filter((index) => index < size).sort((a, b) => a - b);
}

function makeCase(size: number) {
  const tree = new BalancesTree(size, random);
  const members = membersOf(size);
  const { bitmaps, positions, proof } = tree.prove(members);
  return { root: tree.root, bitmaps, positions, sumGwei: tree.sumOf(members), count: members.length, proof };
}

const parameters = parseAbiParameters([
  "Case[] cases",
  "struct Case { bytes32 root; uint256[] bitmaps; uint256[] positions; uint64 sumGwei; uint32 count; BalancesProof proof; }",
  "struct BalancesProof { uint64 length; bytes words; bytes32[] chunks; bytes32[] nodes; }",
]);
writeFileSync(process.argv[2] as string, encodeAbiParameters(parameters, [sizes().map(makeCase)]));
