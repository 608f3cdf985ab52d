import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { growIndices, INDEX_UNIT, NO_INDICES, SHARES_PER_WEI } from "../src/index.ts";

const FILE = join(import.meta.dirname, "../../../contracts/test/vectors/attribution.json");
const SOURCES = ["consensus", "execution", "penalties", "fees"] as const;

test("the committed vectors, which Solidity is held to, are this code's", () => {
  const columns = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, string[]>;
  const at = (key: string, i: number) => BigInt(columns[key]?.[i] ?? "");
  const indicesAt = (suffix: string, i: number) => ({
    consensus: at(`consensus${suffix}`, i),
    execution: at(`execution${suffix}`, i),
    penalties: at(`penalties${suffix}`, i),
    fees: at(`fees${suffix}`, i),
  });
  expect(columns.feeShares?.length).toBeGreaterThanOrEqual(200);
  for (const i of columns.feeShares?.keys() ?? []) {
    const rebase = {
      sharesBefore: at("sharesBefore", i),
      etherBefore: at("etherBefore", i),
      sharesAfter: at("sharesAfter", i),
      etherAfter: at("etherAfter", i),
      executionRewards: at("executionRewards", i),
      feeShares: at("feeShares", i),
    };
    expect(growIndices(indicesAt("Before", i), rebase), `case ${i}`).toEqual(indicesAt("After", i));
  }
});

const close = fc
  .record({
    etherBefore: fc.bigInt(1n, 10n ** 27n),
    milli: fc.bigInt(1n, 5000n),
    gainBps: fc.bigInt(-10_000n, 1000n),
    executionPermille: fc.bigInt(0n, 1000n),
    burntPermille: fc.bigInt(0n, 900n),
    feePermille: fc.bigInt(0n, 100n),
  })
  .map(({ etherBefore, milli, gainBps, executionPermille, burntPermille, feePermille }) => {
    const sharesBefore = (etherBefore * SHARES_PER_WEI * milli) / 1000n;
    const gain = (etherBefore * gainBps) / 10_000n;
    const rest = sharesBefore - (sharesBefore * burntPermille) / 1000n;
    const feeShares = gain > 0n ? (rest * feePermille) / 1000n : 0n;
    const executionRewards = gain > 0n ? (gain * executionPermille) / 1000n : 0n;
    return {
      etherBefore,
      sharesBefore,
      etherAfter: etherBefore + gain,
      sharesAfter: rest + feeShares,
      executionRewards,
      feeShares,
    };
  });

test("sources add up to the rate's whole rise, and each has its sign", () => {
  fc.assert(
    fc.property(close, (rebase) => {
      const grown = growIndices(NO_INDICES, rebase);
      const rate = (ethers: bigint, shares: bigint) => (ethers * INDEX_UNIT) / shares;
      const sum = SOURCES.reduce((all, source) => all + grown[source], 0n);
      expect(sum).toBe(
        rate(rebase.etherAfter, rebase.sharesAfter) - rate(rebase.etherBefore, rebase.sharesBefore),
      );
      expect(grown.fees <= 0n && grown.execution >= 0n && grown.penalties >= 0n).toBe(true);
      if (rebase.feeShares === 0n) expect(grown.fees).toBe(0n);
      const loses = rebase.etherAfter < rebase.etherBefore + rebase.executionRewards;
      // one unit of each of three roundings
      if (loses) expect(grown.consensus).toBeLessThanOrEqual(3n);
      else expect(grown.consensus).toBeGreaterThanOrEqual(-3n);
    }),
  );
});
