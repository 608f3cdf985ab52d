/**
 * Writes contracts/test/vectors/attribution.json: closes at rates far below and far above one, with gains, losses, burns and
 * fees, and the indices before and after as the TypeScript twin computes them. Solidity must agree. Each case starts where the
 * one before it ended, now and then anew from negative indices. Seeded: the same file every time.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { growIndices, type Indices, NO_INDICES, SHARES_PER_WEI } from "@cairn/protocol";

const CASES = 320;
let state = 0x9e3779b97f4a7c15n;

/** xorshift64*: small, seeded, good enough to scatter test cases. */
function next(): bigint {
  state ^= state >> 12n;
  state = (state ^ (state << 25n)) & (2n ** 64n - 1n);
  state ^= state >> 27n;
  return (state * 0x2545f4914f6cdd1dn) & (2n ** 64n - 1n);
}

const upTo = (limit: bigint): bigint => (limit === 0n ? 0n : ((next() << 64n) | next()) % limit);

/** A pool of 1 to 1e27 wei, its rate from a thousandth of the first one to a hundred million times it. */
function pool(i: number): { etherBefore: bigint; sharesBefore: bigint } {
  const etherBefore = 1n + upTo(10n ** BigInt(1 + (i % 27)));
  const first = etherBefore * SHARES_PER_WEI;
  const sharesBefore = i % 5 === 0 ? first * (1n + upTo(1000n)) : first / (1n + upTo(10n ** BigInt(i % 9)));
  return { etherBefore, sharesBefore: sharesBefore + 2n };
}

/** A gain of up to a tenth with fees and burns, a loss of up to everything with burns, or nothing at all. */
function closeOf(i: number) {
  const { etherBefore, sharesBefore } = pool(i);
  const isLoss = i % 3 === 1;
  const gain = i % 16 === 0 ? 0n : upTo(etherBefore / 10n + 1n);
  const loss = i % 32 === 1 ? etherBefore : upTo(etherBefore + 1n);
  const burnt = i % 4 < 2 ? upTo(sharesBefore / (i % 8 === 0 ? 1n : 50n)) : 0n;
  const rest = sharesBefore - burnt;
  const feeShares = isLoss || i % 6 === 0 ? 0n : upTo(rest / 50n + 1n);
  const etherAfter = isLoss ? etherBefore - loss : etherBefore + gain;
  return {
    sharesBefore,
    etherBefore,
    sharesAfter: rest + feeShares,
    etherAfter,
    // on a loss too: the consensus layer may have lost more than the execution layer brought
    executionRewards: i % 7 === 0 ? 0n : upTo(gain + 1n),
    feeShares,
  };
}

/** Of every size and sign; fees never above 0. */
function anywhere(): Indices {
  const any = (): bigint => upTo(10n ** 38n) - 5n * 10n ** 37n;
  return {
    consensus: any(),
    execution: upTo(10n ** 37n),
    penalties: upTo(10n ** 37n),
    fees: -upTo(10n ** 37n),
  };
}

let indices = NO_INDICES;
const vectors = Array.from({ length: CASES }, (_, i) => {
  if (i % 20 === 19) indices = anywhere();
  if (i % 40 === 0) indices = NO_INDICES;
  const before = indices;
  const rebase = closeOf(i);
  indices = growIndices(before, rebase);
  return { ...rebase, ...named("Before", before), ...named("After", indices) };
});

function named(suffix: string, some: Indices): Record<string, bigint> {
  return Object.fromEntries(Object.entries(some).map(([source, value]) => [`${source}${suffix}`, value]));
}

const columns = Object.fromEntries(
  Object.keys(vectors[0] ?? {}).map((key) => [
    key,
    vectors.map((vector) => String((vector as Record<string, bigint>)[key])),
  ]),
);
const target = join(import.meta.dirname, "../contracts/test/vectors/attribution.json");
writeFileSync(target, `${JSON.stringify(columns, null, 1)}\n`);
