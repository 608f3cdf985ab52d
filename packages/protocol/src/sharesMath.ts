/**
 * The exact twin of contracts/src/types/SharesMath.sol and of the queue's F(x), in bigint.
 * Both are held together by shared vectors (test/vectors).
 */

/** 1 wei of the first stake is this many shares. */
export const SHARES_PER_WEI = 10n ** 9n;

export interface Ledger {
  readonly poolShares: bigint;
  /** Wei. */
  readonly poolEther: bigint;
}

const divUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Shares worth `ethers` wei, rounded down. */
export const toSharesDown = (ethers: bigint, l: Ledger): bigint => (ethers * l.poolShares) / l.poolEther;

/** Shares worth `ethers` wei, rounded up. */
export const toSharesUp = (ethers: bigint, l: Ledger): bigint => divUp(ethers * l.poolShares, l.poolEther);

/** Wei that `shares` are worth, rounded down. */
export const toEtherDown = (shares: bigint, l: Ledger): bigint => (shares * l.poolEther) / l.poolShares;

/** Wei that `shares` are worth, rounded up. */
export const toEtherUp = (shares: bigint, l: Ledger): bigint => divUp(shares * l.poolEther, l.poolShares);
