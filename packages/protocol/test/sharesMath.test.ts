import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SHARES_PER_WEI, toEtherDown, toEtherUp, toSharesDown, toSharesUp } from "../src/index.ts";

const FILE = join(import.meta.dirname, "../../../contracts/test/vectors/sharesMath.json");
const ether = fc.bigInt({ min: 1n, max: 10n ** 27n });
const ledger = fc
  .record({
    poolEther: fc.bigInt({ min: 10n ** 18n, max: 10n ** 27n }),
    hundredths: fc.bigInt({ min: 1n, max: 10_000n }),
  })
  .map(({ poolEther, hundredths }) => ({
    poolEther,
    poolShares: (poolEther * SHARES_PER_WEI * hundredths) / 100n,
  }));

test("the committed vectors, which Solidity is held to, are this code's", () => {
  const columns = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, string[]>;
  const at = (key: string, i: number) => BigInt(columns[key]?.[i] ?? "");
  expect(columns.poolShares).toHaveLength(256);
  for (const i of columns.poolShares?.keys() ?? []) {
    const l = { poolShares: at("poolShares", i), poolEther: at("poolEther", i) };
    expect(toSharesDown(at("ethers", i), l)).toBe(at("sharesDown", i));
    expect(toSharesUp(at("ethers", i), l)).toBe(at("sharesUp", i));
    expect(toEtherDown(at("shares", i), l)).toBe(at("etherDown", i));
    expect(toEtherUp(at("shares", i), l)).toBe(at("etherUp", i));
  }
});

test("rounding favours those who stay: there and back never yields more", () => {
  fc.assert(
    fc.property(ether, ledger, (amount, l) => {
      expect(toEtherDown(toSharesDown(amount, l), l)).toBeLessThanOrEqual(amount);
      expect(toEtherDown(toSharesUp(amount, l), l)).toBeGreaterThanOrEqual(amount - 1n);
      expect(toSharesUp(amount, l) - toSharesDown(amount, l)).toBeLessThanOrEqual(1n);
      expect(toEtherUp(1n, l) - toEtherDown(1n, l)).toBeLessThanOrEqual(1n);
    }),
  );
});
