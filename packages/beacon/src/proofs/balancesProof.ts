import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";
import { fromHex, toHex } from "../ssz/hex.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { LIST_LENGTH } from "../state/forkTable.ts";
import { balanceInChunk, chunkGindex, chunksOf } from "./balanceChunks.ts";
import { uint64Leaf } from "./leaves.ts";
import { type MembershipWord, membershipWords, membersOfWords } from "./membership.ts";
import { bytes32, proofNodes, requireRoot } from "./nodes.ts";
import type { BalancesProof } from "./structs.ts";

/** Words `first` to `last`, both included. */
export interface WordRange {
  readonly first: number;
  readonly last: number;
}

/** What a balances proof adds up to. */
export interface BalancesSum {
  readonly sumGwei: bigint;
  readonly count: number;
}

/**
 * Proves the balances of all `members` (strictly ascending), or of those in the words of `range`, against the
 * root of the state's balances list. `members` must hold every member of each word it touches: the contract reads
 * the words from its own bitmap. "badInput" without members or for an index outside the list.
 */
export function buildBalancesProof(
  state: BeaconStateBytes,
  members: readonly number[],
  range: WordRange = { first: 0, last: Number.MAX_SAFE_INTEGER },
): BalancesProof {
  const words = membershipWords(members).filter(({ word }) => word >= range.first && word <= range.last);
  const proven = membersOfWords(words);
  requireProvable(proven, state.validatorCount);
  const chunks = chunksOf(proven).map((chunk) => toHex(state.listNode("balances", chunkGindex(chunk))));
  const claim = {
    length: BigInt(state.balancesCount),
    words: packWords(words.map(({ word }) => word)),
    chunks,
  };
  const nodes = proofNodes(balancesLeaves(claim, proven), (gindex) => state.listNode("balances", gindex));
  const proof = { ...claim, nodes };
  verifyBalancesProof(proof, state.listRoot("balances"), words);
  return proof;
}

/**
 * Sum and number of the members' balances, if the contract would accept the proof; else "badProof".
 * `membership`: the bitmap words the contract holds; every word of the proof must be among them.
 */
export function verifyBalancesProof(
  proof: BalancesProof,
  balancesRoot: Hex,
  membership: readonly Pick<MembershipWord, "word" | "bitmap">[],
): BalancesSum {
  const bitmaps = new Map(membership.map(({ word, bitmap }) => [word, bitmap]));
  const words = unpackWords(proof.words).map((word) => ({ word, bitmap: bitmaps.get(word) ?? 0n }));
  const empty = words.find(({ bitmap }) => bitmap === 0n);
  if (empty !== undefined) throw new BeaconError("badProof", `Word ${empty.word} has no members.`);
  const members = membersOfWords(words);
  const last = members.at(-1);
  if (last === undefined || BigInt(last) >= proof.length) {
    throw new BeaconError("badProof", `Member ${last ?? "none"} is not in a list of ${proof.length}.`);
  }
  requireRoot(balancesLeaves(proof, members), proof.nodes, balancesRoot);
  return { sumGwei: sumOf(proof.chunks.map(bytes32), members), count: members.length };
}

/** Word numbers as the contract reads them: 4 bytes each, big-endian. */
export function packWords(words: readonly number[]): Hex {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, false);
  return toHex(bytes);
}

function unpackWords(packed: Hex): number[] {
  const bytes = fromHex(packed);
  if (bytes.length % 4 !== 0)
    throw new BeaconError("badProof", `Words take 4 bytes each, ${bytes.length} were given.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, false));
  if (words.every((word, i) => i === 0 || word > (words[i - 1] as number))) return words;
  throw new BeaconError("badProof", "Words must ascend strictly.");
}

function balancesLeaves(claim: Omit<BalancesProof, "nodes">, members: readonly number[]): Leaf[] {
  const chunks = chunksOf(members);
  if (chunks.length !== claim.chunks.length) {
    throw new BeaconError(
      "badProof",
      `The members lie in ${chunks.length} chunks, ${claim.chunks.length} were given.`,
    );
  }
  const leaves = chunks.map((chunk, i) => ({
    gindex: chunkGindex(chunk),
    value: bytes32(claim.chunks[i] as Hex),
  }));
  return [...leaves.reverse(), { gindex: LIST_LENGTH, value: uint64Leaf(claim.length) }];
}

function sumOf(chunks: readonly Uint8Array[], members: readonly number[]): bigint {
  const position = new Map(chunksOf(members).map((chunk, i) => [chunk, i]));
  let sum = 0n;
  for (const member of members) {
    const chunk = chunks[position.get(Math.floor(member / 4)) as number] as Uint8Array;
    sum += balanceInChunk(chunk, member % 4);
  }
  return sum;
}

function requireProvable(members: readonly number[], validatorCount: number): void {
  const last = members.at(-1);
  if (last === undefined) throw new BeaconError("badInput", "There are no members to prove in these words.");
  if (last < validatorCount) return;
  throw new BeaconError("badInput", `Member ${last} is not in a state of ${validatorCount} validators.`);
}
