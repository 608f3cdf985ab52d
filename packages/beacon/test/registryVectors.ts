/**
 * Writes contracts/test/vectors/registry.json: balances proofs of some members in a registry of 1,000,000 validators,
 * from a naive Merkle tree of its own. Seeded: the same file every time. Used by contracts/test/gas/Proofs.t.sol.
 * Run: node packages/beacon/test/registryVectors.ts
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { encodeAbiParameters } from "viem";

const VALIDATORS = 1_000_000;
const PER_CHUNK = 4;
const DEPTH = 38;

type Node = Buffer<ArrayBufferLike>;
const pair = (left: Node, right: Node): Node => createHash("sha256").update(left).update(right).digest();

const zeroes: Node[] = [Buffer.alloc(32)];
for (let i = 0; i < DEPTH; i++) zeroes.push(pair(zeroes[i] as Node, zeroes[i] as Node));

/** 32 to 2,048 ETH in gwei. */
function balance(index: number): bigint {
  const seed = createHash("sha256").update(`balance ${index}`).digest().readUIntBE(0, 6);
  return 32_000_000_000n + (BigInt(seed) % 2_016_000_000_000n);
}

function chunk(number: number): Node {
  const bytes = Buffer.alloc(32);
  for (let k = 0; k < PER_CHUNK; k++) bytes.writeBigUInt64LE(balance(number * PER_CHUNK + k), k * 8);
  return bytes;
}

const layers: Node[][] = [Array.from({ length: VALIDATORS / PER_CHUNK }, (_, i) => chunk(i))];
for (let height = 0; height < DEPTH; height++) {
  const below = layers[height] as Node[];
  const above: Node[] = [];
  for (let i = 0; i < below.length; i += 2)
    above.push(pair(below[i] as Node, below[i + 1] ?? (zeroes[height] as Node)));
  layers.push(above);
}
const length = Buffer.alloc(32);
length.writeBigUInt64LE(BigInt(VALIDATORS));

const hex = (bytes: Node): `0x${string}` => `0x${bytes.toString("hex")}`;

/** Siblings in descending order of their generalized index: from the leaves up, each layer from the right. */
function siblings(chunks: readonly number[]): Node[] {
  const found: Node[] = [];
  let known = new Set(chunks);
  for (let height = 0; height < DEPTH; height++) {
    for (const at of [...known].sort((a, b) => b - a)) {
      const sibling = at ^ 1;
      if (!known.has(sibling)) found.push(layers[height]?.[sibling] ?? (zeroes[height] as Node));
    }
    known = new Set([...known].map((at) => at >> 1));
  }
  return found;
}

const parameters = [
  {
    type: "tuple",
    components: [
      { name: "length", type: "uint64" },
      { name: "words", type: "bytes" },
      { name: "chunks", type: "bytes32[]" },
      { name: "nodes", type: "bytes32[]" },
    ],
  },
] as const;

function batch(members: readonly number[]): Record<string, unknown> {
  const words = [...new Set(members.map((index) => index >> 8))];
  const bitmaps = words.map((word) =>
    members.reduce((bits, index) => (index >> 8 === word ? bits | (1n << BigInt(index & 255)) : bits), 0n),
  );
  const chunks = [...new Set(members.map((index) => Math.floor(index / PER_CHUNK)))];
  const packed = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => {
    packed.writeUInt32BE(word, i * 4);
  });
  const proof = {
    length: BigInt(VALIDATORS),
    words: hex(packed),
    chunks: chunks.map((number) => hex(layers[0]?.[number] as Node)),
    nodes: siblings(chunks).map(hex),
  };
  return {
    words: words.map(String),
    bitmaps: bitmaps.map(String),
    sumGwei: String(members.reduce((sum, index) => sum + balance(index), 0n)),
    encoded: encodeAbiParameters(parameters, [proof]),
  };
}

const run = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);
const registry = {
  balancesRoot: hex(pair((layers[DEPTH] as Node[])[0] as Node, length)),
  contiguous100: batch(run(700_003, 100)),
  contiguous1000: batch(run(700_003, 1000)),
  runs490: batch(run(0, 49).flatMap((i) => run(5_003 + i * 20_011, 10))),
  spread100: batch(run(0, 100).map((i) => 4_001 + i * 9_973)),
  spread1000: batch(run(0, 1000).map((i) => 401 + i * 997)),
};
writeFileSync(
  new URL("../../../contracts/test/vectors/registry.json", import.meta.url),
  `${JSON.stringify(registry)}\n`,
);
