import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { membershipWords, membersOfWords, splitBatches } from "../src/index.ts";

const badInput = expect.objectContaining({ code: "badInput" });
const memberSets = fc
  .uniqueArray(fc.nat(3000), { maxLength: 400 })
  .map((members) => members.sort((a, b) => a - b));

describe("membership words", () => {
  it("set the bit of each member, lowest bit first", () => {
    expect(membershipWords([0, 3, 255, 256, 70_000])).toEqual([
      { word: 0, bitmap: 1n + 8n + 2n ** 255n, count: 3 },
      { word: 1, bitmap: 1n, count: 1 },
      { word: 273, bitmap: 2n ** 112n, count: 1 },
    ]);
    expect(membershipWords([])).toEqual([]);
  });

  it("hold exactly the members", () => {
    fc.assert(
      fc.property(memberSets, (members) => {
        const words = membershipWords(members);
        expect(membersOfWords(words)).toEqual(members);
        for (const { bitmap, count } of words)
          expect(bitmap.toString(2).replaceAll("0", "")).toHaveLength(count);
      }),
    );
  });

  it.each([[[3, 3]], [[5, 4]], [[-1]], [[1.5]], [[2 ** 40]], [[Number.NaN]]])("refuse %j", (members) => {
    expect(() => membershipWords(members)).toThrow(badInput);
  });
});

describe("batches", () => {
  it("cover every member once, cut between words only, and keep to the limit where they can", () => {
    fc.assert(
      fc.property(memberSets, fc.integer({ min: 1, max: 500 }), (members, limit) => {
        const batches = splitBatches(members, limit);
        expect(batches.flatMap((batch) => batch.members)).toEqual(members);
        let before = -1;
        for (const { firstWord, lastWord, members: inBatch } of batches) {
          expect(firstWord, "words ascend from batch to batch").toBeGreaterThan(before);
          expect(
            inBatch.length <= limit || firstWord === lastWord,
            "only a single word passes the limit",
          ).toBe(true);
          expect(Math.floor((inBatch[0] as number) / 256)).toBe(firstWord);
          expect(Math.floor((inBatch.at(-1) as number) / 256)).toBe(lastWord);
          before = lastWord;
        }
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])("refuse a limit of %d", (limit) => {
    expect(() => splitBatches([1], limit)).toThrow(badInput);
  });
});
