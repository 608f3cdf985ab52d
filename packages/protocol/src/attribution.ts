/**
 * The exact twin of contracts/src/accounting/Attribution.sol: what one share has earned, by source. Both are held together
 * by shared vectors (contracts/test/vectors/attribution.json).
 */

/** What one share has earned by source, as fixed point: `INDEX_UNIT` is one wei a share. Fees never rise. */
export interface Indices {
  readonly consensus: bigint;
  readonly execution: bigint;
  readonly penalties: bigint;
  readonly fees: bigint;
}

/** What a `Rebased` event says of the pool, as far as the split needs it. Ether in wei. */
export interface RebaseFigures {
  readonly sharesBefore: bigint;
  readonly etherBefore: bigint;
  readonly sharesAfter: bigint;
  readonly etherAfter: bigint;
  readonly executionRewards: bigint;
  readonly feeShares: bigint;
}

/** One wei a share. */
export const INDEX_UNIT = 10n ** 36n;

/** Before the first close. */
export const NO_INDICES: Indices = { consensus: 0n, execution: 0n, penalties: 0n, fees: 0n };

/** Rounded down. */
const ratio = (ethers: bigint, shares: bigint): bigint => (ethers * INDEX_UNIT) / shares;

/**
 * The indices with a close added. With E0, S0 before, E1, S1 after, S = S1 − fee shares and execution rewards X:
 *
 *   penalties = E0/S − E0/S0     execution = X/S     fees = E1/S1 − E1/S     consensus = the remainder of E1/S1 − E0/S0
 */
export function growIndices(indices: Indices, rebase: RebaseFigures): Indices {
  const shares = rebase.sharesAfter - rebase.feeShares;
  const before = ratio(rebase.etherBefore, rebase.sharesBefore);
  const afterwards = ratio(rebase.etherAfter, rebase.sharesAfter);
  const penalties = ratio(rebase.etherBefore, shares) - before;
  const execution = ratio(rebase.executionRewards, shares);
  const fees = afterwards - ratio(rebase.etherAfter, shares);
  return {
    consensus: indices.consensus + afterwards - before - penalties - execution - fees,
    execution: indices.execution + execution,
    penalties: indices.penalties + penalties,
    fees: indices.fees + fees,
  };
}
