/**
 * Writes contracts/test/vectors/sharesMath.json: amounts at rates far below and far above one, with the four
 * conversions as the TypeScript twin computes them. Solidity must agree (SharesMath.vectors.t.sol). Seeded: the same
 * file every time.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SHARES_PER_WEI, toEtherDown, toEtherUp, toSharesDown, toSharesUp } from "@cairn/protocol";

const CASES = 256;
let state = 0x9e3779b97f4a7c15n;

/** xorshift64*: small, seeded, good enough to scatter test cases. */
function next(): bigint {
  state ^= state >> 12n;
  state = (state ^ (state << 25n)) & (2n ** 64n - 1n);
  state ^= state >> 27n;
  return (state * 0x2545f4914f6cdd1dn) & (2n ** 64n - 1n);
}

const upTo = (limit: bigint): bigint => ((next() << 64n) | next()) % limit;

const vectors = Array.from({ length: CASES }, (_, i) => {
  const poolEther = 10n ** 18n + upTo(10n ** (18n + BigInt(i % 9)));
  // the rate runs from a hundredth to a hundred times the first one
  const poolShares = (poolEther * SHARES_PER_WEI * (1n + upTo(10_000n))) / 100n;
  const ledger = { poolShares, poolEther };
  const ethers = i % 7 === 0 ? upTo(10n) : upTo(poolEther);
  const shares = i % 11 === 0 ? upTo(10n ** 9n) : upTo(poolShares);
  return {
    poolShares,
    poolEther,
    ethers,
    shares,
    sharesDown: toSharesDown(ethers, ledger),
    sharesUp: toSharesUp(ethers, ledger),
    etherDown: toEtherDown(shares, ledger),
    etherUp: toEtherUp(shares, ledger),
  };
});

const columns = Object.fromEntries(
  Object.keys(vectors[0] ?? {}).map((key) => [key, vectors.map((v) => String(v[key as keyof typeof v]))]),
);
const target = join(import.meta.dirname, "../contracts/test/vectors/sharesMath.json");
writeFileSync(target, `${JSON.stringify(columns, null, 1)}\n`);
