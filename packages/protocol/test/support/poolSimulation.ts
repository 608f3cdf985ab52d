import { type Address, zeroAddress } from "viem";
import { type IncomeEvent, type Ledger, toEtherDown, toSharesDown, toSharesUp } from "../../src/index.ts";

/** What one close did, for the plain recomputation. */
export interface Close {
  readonly before: Ledger;
  readonly after: Ledger;
  readonly executionRewards: bigint;
  readonly burnt: bigint;
  readonly feeShares: bigint;
  /** Everybody's shares before it, what is burnt taken out: those that earned. */
  readonly earners: ReadonlyMap<Address, bigint>;
}

export const CHECKPOINTS: Address = "0x00000000000000000000000000000000000000cc";
export const QUEUE: Address = "0x00000000000000000000000000000000000000dd";

/** StakedEther's arithmetic and events (contracts/src/deposit/StakedEther.sol), without its limits. */
export class PoolSimulation {
  pool: Ledger = { poolShares: 0n, poolEther: 0n };
  readonly shares = new Map<Address, bigint>();
  readonly closes: Close[] = [];
  events: IncomeEvent[] = [];

  sharesOf(holder: Address): bigint {
    return this.shares.get(holder) ?? 0n;
  }

  stake(holder: Address, amount: bigint): void {
    const isFirst = this.pool.poolShares === 0n;
    const shares = isFirst ? amount * 10n ** 9n : toSharesDown(amount, this.pool);
    this.#grow(shares, amount);
    this.events.push({ eventName: "Submitted", args: { amount } });
    this.#emit(zeroAddress, holder, amount, shares);
  }

  transfer(from: Address, to: Address, amount: bigint): void {
    const shares = amount === 0n ? 0n : toSharesUp(amount, this.pool);
    this.#emit(from, to, amount, shares);
  }

  transferShares(from: Address, to: Address, shares: bigint): void {
    this.#emit(from, to, toEtherDown(shares, this.pool), shares);
  }

  instantExit(holder: Address, amount: bigint): void {
    const shares = toSharesUp(amount, this.pool);
    this.#grow(-shares, -amount);
    this.#emit(holder, zeroAddress, amount, shares);
    this.events.push({ eventName: "InstantlyExited", args: this.#after() });
  }

  finalize(shares: bigint): void {
    if (shares === 0n) return;
    const amount = toEtherDown(shares, this.pool);
    this.#grow(-shares, -amount);
    this.#emit(QUEUE, zeroAddress, amount, shares);
    this.events.push({ eventName: "SharesFinalized", args: this.#after() });
  }

  /** A close as Checkpoints books it: burn and fee in one step, the fee handed on before its event. */
  rebase(recognized: bigint, executionRewards: bigint, burnt: bigint, feeBps: bigint, feesTo: Address): void {
    const before = this.pool;
    const rest = before.poolShares - burnt;
    const change = before.poolEther + recognized;
    const etherAfter = change > 0n ? change : 0n;
    const fee = recognized > 0n ? (recognized * feeBps) / 10_000n : 0n;
    const feeShares = fee === 0n ? 0n : (fee * rest) / (etherAfter - fee);
    this.pool = { poolShares: rest + feeShares, poolEther: etherAfter };
    if (burnt > 0n) this.#emit(CHECKPOINTS, zeroAddress, toEtherDown(burnt, this.pool), burnt);
    const earners = new Map(this.shares);
    if (feeShares > 0n) this.#emit(zeroAddress, CHECKPOINTS, toEtherDown(feeShares, this.pool), feeShares);
    const figures = {
      sharesBefore: before.poolShares,
      etherBefore: before.poolEther,
      ...this.#after(),
      feeShares,
    };
    this.events.push({ eventName: "RebaseApplied", args: { ...figures, sharesBurnt: burnt } });
    this.closes.push({ before, after: this.pool, executionRewards, burnt, feeShares, earners });
    if (feeShares > 0n) this.transferShares(CHECKPOINTS, feesTo, feeShares);
    this.events.push({ eventName: "Rebased", args: { ...figures, executionRewards } });
  }

  #after() {
    return { sharesAfter: this.pool.poolShares, etherAfter: this.pool.poolEther };
  }

  #grow(shares: bigint, ethers: bigint): void {
    this.pool = { poolShares: this.pool.poolShares + shares, poolEther: this.pool.poolEther + ethers };
  }

  #emit(from: Address, to: Address, value: bigint, sharesValue: bigint): void {
    if (from !== zeroAddress) this.shares.set(from, this.sharesOf(from) - sharesValue);
    if (to !== zeroAddress) this.shares.set(to, this.sharesOf(to) + sharesValue);
    this.events.push({ eventName: "Transfer", args: { from, to, value } });
    this.events.push({ eventName: "TransferShares", args: { from, to, sharesValue } });
  }
}
