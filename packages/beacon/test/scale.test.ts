import { decodeAbiParameters } from "viem";
import { expect, it } from "vitest";
import { verifyBalancesProof } from "../src/index.ts";
import { encodeScale, scaleAbi } from "./support/scale.ts";

it("a walk over 10,000 members among 1,000,000 is whole, strict and in small batches", () => {
  const encoded = encodeScale();
  expect(encoded.length).toBeLessThan(3_000_000);
  const [scale] = decodeAbiParameters(scaleAbi, encoded);
  const sums = scale.batches.map(({ words, bitmaps, proof, count }) => {
    expect(count).toBeLessThanOrEqual(500);
    const membership = words.map((word, i) => ({ word: Number(word), bitmap: bitmaps[i] as bigint }));
    return verifyBalancesProof(proof, scale.balancesRoot, membership);
  });
  expect(sums).toEqual(scale.batches.map(({ sumGwei, count }) => ({ sumGwei, count })));
  expect(sums.reduce((sum, part) => sum + part.sumGwei, 0n)).toBe(scale.sumGwei);
  expect(sums.reduce((sum, part) => sum + part.count, 0)).toBe(10_000);
  const words = scale.batches.flatMap((batch) => batch.words);
  expect(words).toEqual([...new Set(words)].sort((a, b) => Number(a - b)));
});
