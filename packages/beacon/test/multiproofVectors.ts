// Balances proofs over lists of 1 to 1,000,000 validators, made without this package: roots and siblings come from the
// consensus client's own trees, their places from the specification's words. For the contracts' tests.
// Usage: LODESTAR_PRESET=minimal node test/multiproofVectors.ts path. Same output on every run.
import { writeFileSync } from "node:fs";
import { Tree } from "@chainsafe/persistent-merkle-tree";
import { ssz } from "@lodestar/types";
import { bytesToHex, encodeAbiParameters, parseAbiParameters } from "viem";
import { SeededBytes } from "./support/seededBytes.ts";

const MOST = 1_000_000;
const RANDOM_SIZES = 40;
/** Depth of the balances' chunks below the list's root: 38 and one for the length. */
const DEPTH = 39;

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

function balanceBytes(size: number): Buffer {
  const bytes = random.bytes(size * 8);
  // below 2^48 gwei each: a million of them fit 64 bits many times over
  for (let i = 0; i < size; i++) bytes.fill(0, i * 8 + 6, i * 8 + 8);
  return bytes;
}

/** get_helper_indices of ssz/merkle-proofs.md. */
function helpers(leaves: readonly bigint[]): bigint[] {
  const siblings = new Set<bigint>();
  const paths = new Set<bigint>();
  for (const leaf of leaves) {
    for (let node = leaf; node > 1n; node >>= 1n) {
      siblings.add(node ^ 1n);
      paths.add(node);
    }
  }
  return [...siblings].filter((node) => !paths.has(node)).sort((a, b) => (a > b ? -1 : 1));
}

function makeCase(size: number) {
  const bytes = balanceBytes(size);
  const tree = new Tree(ssz.phase0.Balances.deserializeToViewDU(bytes).node);
  const members = membersOf(size);
  const words = [...new Set(members.map((index) => index >> 8))];
  const packed = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => {
    packed.writeUInt32BE(word, i * 4);
  });
  const chunks = [...new Set(members.map((index) => index >> 2))];
  const gindices = chunks.map((chunk) => (1n << BigInt(DEPTH)) + BigInt(chunk));
  const at = (gindex: bigint) => bytesToHex(tree.getRoot(gindex));
  return {
    root: at(1n),
    bitmaps: words.map((word) =>
      members.reduce((bits, index) => (index >> 8 === word ? bits | (1n << BigInt(index & 255)) : bits), 0n),
    ),
    positions: chunks.map(BigInt),
    sumGwei: members.reduce((sum, index) => sum + bytes.readBigUInt64LE(index * 8), 0n),
    count: members.length,
    proof: {
      length: BigInt(size),
      words: bytesToHex(packed),
      chunks: gindices.map(at),
      nodes: helpers([...gindices, 3n]).map(at),
    },
  };
}

const parameters = parseAbiParameters([
  "Case[] cases",
  "struct Case { bytes32 root; uint256[] bitmaps; uint256[] positions; uint64 sumGwei; uint32 count; BalancesProof proof; }",
  "struct BalancesProof { uint64 length; bytes words; bytes32[] chunks; bytes32[] nodes; }",
]);
writeFileSync(process.argv[2] as string, encodeAbiParameters(parameters, [sizes().map(makeCase)]));
