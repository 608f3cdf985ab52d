import { BeaconError } from "../beaconError.ts";

/** Validators a bitmap word covers. */
export const MEMBERS_PER_WORD = 256;

/** One word of the membership bitmap: bit b (from the lowest) stands for validator 256 × word + b. */
export interface MembershipWord {
  readonly word: number;
  readonly bitmap: bigint;
  /** Bits set, 1..256. */
  readonly count: number;
}

/** Members proven together: all of those in the words `firstWord` to `lastWord`, both included. */
export interface MemberBatch {
  readonly firstWord: number;
  readonly lastWord: number;
  readonly members: readonly number[];
}

/** The non-empty words of these members, ascending. `members`: strictly ascending validator indices. */
export function membershipWords(members: readonly number[]): MembershipWord[] {
  requireAscending(members);
  const words: { word: number; bitmap: bigint; count: number }[] = [];
  for (const member of members) {
    const word = Math.floor(member / MEMBERS_PER_WORD);
    const bit = 1n << BigInt(member % MEMBERS_PER_WORD);
    const last = words.at(-1);
    if (last?.word === word) {
      last.bitmap |= bit;
      last.count++;
    } else {
      words.push({ word, bitmap: bit, count: 1 });
    }
  }
  return words;
}

/** The validator indices of these words, in the order given. Inverse of `membershipWords`. */
export function membersOfWords(words: readonly Pick<MembershipWord, "word" | "bitmap">[]): number[] {
  const members: number[] = [];
  for (const { word, bitmap } of words) {
    for (let bit = 0, rest = bitmap; rest > 0n; bit++, rest >>= 1n) {
      if (rest & 1n) members.push(word * MEMBERS_PER_WORD + bit);
    }
  }
  return members;
}

/**
 * Cuts members into batches of at most `maxMembersPerBatch`, only between words: the contract takes whole words.
 * A single word with more members than that becomes a batch of its own. No members, no batches.
 */
export function splitBatches(members: readonly number[], maxMembersPerBatch: number): MemberBatch[] {
  if (!Number.isInteger(maxMembersPerBatch) || maxMembersPerBatch < 1) {
    throw new BeaconError("badInput", `A batch holds at least one member, not ${maxMembersPerBatch}.`);
  }
  const batches: { firstWord: number; lastWord: number; members: number[] }[] = [];
  let taken = 0;
  for (const { word, count } of membershipWords(members)) {
    const inWord = members.slice(taken, taken + count);
    taken += count;
    const last = batches.at(-1);
    if (last !== undefined && last.members.length + count <= maxMembersPerBatch) {
      last.members.push(...inWord);
      last.lastWord = word;
    } else {
      batches.push({ firstWord: word, lastWord: word, members: inWord });
    }
  }
  return batches;
}

/** "badInput" unless these are validator indices (below 2^40) in strictly ascending order. */
export function requireAscending(indices: readonly number[]): void {
  let before = -1;
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= 2 ** 40) {
      throw new BeaconError("badInput", `${index} is no validator index.`);
    }
    if (index <= before) {
      throw new BeaconError(
        "badInput",
        `Validator indices must ascend strictly: ${before} stands before ${index}.`,
      );
    }
    before = index;
  }
}
