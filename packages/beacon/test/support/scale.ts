import { encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import { splitBatches } from "../../src/index.ts";
import { BalancesTree } from "./balancesTree.ts";
import { SeededBytes } from "./seededBytes.ts";

const REGISTRY = 1_000_000;
const RUNS = 1000;
const RUN_LENGTH = 10;
/** Between the beginnings of two runs: no two of them share a word of the bitmap, many lie in two. */
const RUN_DISTANCE = 997;
const MOST_PER_BATCH = 500;

/** What the text decodes to. */
export const scaleAbi = parseAbiParameters([
  "Scale scale",
  "struct Scale { bytes32 balancesRoot; uint64 sumGwei; uint32 count; Batch[] batches; }",
  "struct Batch { uint256[] words; uint256[] bitmaps; uint64 sumGwei; uint32 count; BalancesProof proof; }",
  "struct BalancesProof { uint64 length; bytes words; bytes32[] chunks; bytes32[] nodes; }",
]);

/**
 * A whole walk over 10,000 members in a registry of 1,000,000, as the hex of `abi.encode(Scale)`: 1,000 runs of ten, in
 * batches of 500 at most.
 */
export function encodeScale(): Hex {
  const tree = new BalancesTree(REGISTRY, new SeededBytes("scale"));
  const members = Array.from({ length: RUNS }, (_, run) =>
    Array.from({ length: RUN_LENGTH }, (_, i) => 403 + run * RUN_DISTANCE + i),
  ).flat();
  const batches = splitBatches(members, MOST_PER_BATCH).map((batch) => {
    const { words, bitmaps, proof } = tree.prove(batch.members);
    const sumGwei = tree.sumOf(batch.members);
    return { words: words.map(BigInt), bitmaps, sumGwei, count: batch.members.length, proof };
  });
  const scale = { balancesRoot: tree.root, sumGwei: tree.sumOf(members), count: members.length, batches };
  return encodeAbiParameters(scaleAbi, [scale]);
}
