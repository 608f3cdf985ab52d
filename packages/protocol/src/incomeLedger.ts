import { type Address, zeroAddress } from "viem";
import { growIndices, INDEX_UNIT, type Indices, NO_INDICES, type RebaseFigures } from "./attribution.ts";
import { ProtocolError } from "./protocolError.ts";
import { type Ledger, toEtherDown } from "./sharesMath.ts";

/** Where income comes from. Consensus takes every remainder, the dust of rounding between rebases included. */
export interface Income {
  readonly consensus: bigint;
  readonly execution: bigint;
  readonly penalties: bigint;
  /** Never above 0. */
  readonly fees: bigint;
}

/** A holder's whole story in wei: balance = principal + the sum of its income by source, always. */
export interface HolderIncome {
  readonly shares: bigint;
  readonly balance: bigint;
  /** Moved in less moved out, each move at the rate of its moment. */
  readonly principal: bigint;
  readonly income: Income;
}

/** The events of StakedEther and Checkpoints that move shares, ether or the rate, as viem's `parseEventLogs` gives them. */
export type IncomeEvent =
  | { eventName: "Transfer"; args: { from: Address; to: Address; value: bigint } }
  | { eventName: "TransferShares"; args: { from: Address; to: Address; sharesValue: bigint } }
  | { eventName: "RebaseApplied"; args: PoolChange & { sharesBurnt: bigint; feeShares: bigint } }
  | { eventName: "Rebased"; args: RebaseFigures }
  | { eventName: "SharesFinalized" | "InstantlyExited"; args: PoolAfter }
  | { eventName: "Submitted"; args: { amount: bigint } };

interface PoolAfter {
  readonly sharesAfter: bigint;
  readonly etherAfter: bigint;
}

interface PoolChange extends PoolAfter {
  readonly sharesBefore: bigint;
  readonly etherBefore: bigint;
}

interface Move {
  readonly from: Address;
  readonly to: Address;
  readonly shares: bigint;
  readonly value: bigint;
}

interface Account {
  shares: bigint;
  principal: bigint;
  /** Of the pool's indices, those `earned` knows. */
  seen: Indices;
  /** Σ shares × growth: wei × INDEX_UNIT, so that nothing is rounded before it is read. */
  earned: Omit<Indices, "consensus">;
}

/**
 * Folds the events of StakedEther and Checkpoints, in the chain's order, into every holder's shares, balance and income by
 * source, from nothing else. A transfer is worth what its `Transfer` says; what a close burns leaves at the rate before it,
 * the fee it mints comes in at the rate after it.
 */
export class IncomeLedger {
  #pool: Ledger = { poolShares: 0n, poolEther: 0n };
  #indices: Indices = NO_INDICES;
  readonly #accounts = new Map<Address, Account>();
  /** Mints and burns that may turn out to be a close's: its own event comes behind them. */
  #waiting: Move[] = [];

  get pool(): Ledger {
    return this.#pool;
  }

  get indices(): Indices {
    return this.#indices;
  }

  /** Everybody who ever held a share, in the order of their first. */
  holders(): Address[] {
    return [...this.#accounts.keys()];
  }

  /** `events`: whole transactions, in order. Others than those named are passed over. "eventsMissing" if some are. */
  apply(events: readonly (IncomeEvent | { eventName: string; args?: unknown })[]): void {
    let value = 0n;
    for (const [i, event] of (events as readonly IncomeEvent[]).entries()) {
      switch (event.eventName) {
        case "Transfer":
          value = event.args.value;
          break;
        case "TransferShares":
          this.#take({ from: event.args.from, to: event.args.to, shares: event.args.sharesValue, value });
          break;
        case "RebaseApplied":
          this.#rebase(event.args, figuresAfter(events as readonly IncomeEvent[], i));
          break;
        case "SharesFinalized":
        case "InstantlyExited":
          this.#settleWaiting();
          this.#requirePool(event.args.sharesAfter, event.args.etherAfter);
      }
    }
    this.#settleWaiting();
  }

  /** The holder's story up to the last event; all 0 for one who never held a share. */
  holder(address: Address): HolderIncome {
    const account = this.#accounts.get(keyOf(address));
    const none = { consensus: 0n, execution: 0n, penalties: 0n, fees: 0n };
    if (account === undefined) return { shares: 0n, balance: 0n, principal: 0n, income: none };
    this.#earn(account);
    const { shares, principal, earned } = account;
    const balance = toEtherDown(shares, this.#pool);
    const execution = earned.execution / INDEX_UNIT;
    const penalties = earned.penalties / INDEX_UNIT;
    const fees = earned.fees / INDEX_UNIT;
    const consensus = balance - principal - execution - penalties - fees;
    return { shares, balance, principal, income: { consensus, execution, penalties, fees } };
  }

  #take(move: Move): void {
    if (move.from === zeroAddress || move.to === zeroAddress) {
      this.#waiting.push(move);
      return;
    }
    this.#settleWaiting();
    this.#add(move.from, -move.shares, -move.value);
    this.#add(move.to, move.shares, move.value);
  }

  /** Mints and burns outside a close: what they move is what the pool's ether changes by. */
  #settleWaiting(): void {
    for (const move of this.#waiting) {
      const sign = move.from === zeroAddress ? 1n : -1n;
      this.#add(sign > 0n ? move.to : move.from, sign * move.shares, sign * move.value);
      this.#pool = {
        poolShares: this.#pool.poolShares + sign * move.shares,
        poolEther: this.#pool.poolEther + sign * move.value,
      };
    }
    this.#waiting = [];
  }

  /** One step: the burn at the rate before, the growth, the fee at the rate after. */
  #rebase(
    change: PoolChange & { readonly sharesBurnt: bigint; readonly feeShares: bigint },
    figures: RebaseFigures,
  ): void {
    const fee = change.feeShares === 0n ? undefined : this.#takeBack("from", change.feeShares);
    const burnt = change.sharesBurnt === 0n ? undefined : this.#takeBack("to", change.sharesBurnt);
    this.#settleWaiting();
    this.#requirePool(change.sharesBefore, change.etherBefore);
    if (burnt) this.#add(burnt.from, -burnt.shares, -toEtherDown(burnt.shares, this.#pool));
    this.#indices = growIndices(this.#indices, figures);
    this.#pool = { poolShares: change.sharesAfter, poolEther: change.etherAfter };
    if (fee) this.#add(fee.to, fee.shares, fee.value);
  }

  /** The newest waiting mint (`from` nobody) or burn (`to` nobody), which must be of so many shares. */
  #takeBack(side: "from" | "to", shares: bigint): Move {
    const move = this.#waiting.pop();
    if (move?.[side] === zeroAddress && move.shares === shares) return move;
    throw new ProtocolError("eventsMissing", "A close moved shares that no TransferShares before it shows.", {
      shares,
    });
  }

  #add(holder: Address, shares: bigint, value: bigint): void {
    const key = keyOf(holder);
    const account = this.#accounts.get(key) ?? {
      shares: 0n,
      principal: 0n,
      seen: this.#indices,
      earned: { execution: 0n, penalties: 0n, fees: 0n },
    };
    this.#earn(account);
    account.shares += shares;
    account.principal += value;
    if (account.shares < 0n) {
      throw new ProtocolError("eventsMissing", `${holder} gave more shares than events gave it.`, { shares });
    }
    this.#accounts.set(key, account);
  }

  #earn(account: Account): void {
    const { shares, seen, earned } = account;
    const now = this.#indices;
    account.earned = {
      execution: earned.execution + shares * (now.execution - seen.execution),
      penalties: earned.penalties + shares * (now.penalties - seen.penalties),
      fees: earned.fees + shares * (now.fees - seen.fees),
    };
    account.seen = now;
  }

  #requirePool(shares: bigint, ethers: bigint): void {
    const { poolShares, poolEther } = this.#pool;
    if (poolShares === shares && poolEther === ethers) return;
    throw new ProtocolError("eventsMissing", "The pool is not what the events before made it.", {
      shares,
      poolShares,
      ethers,
      poolEther,
    });
  }
}

/** The close's own event, behind the token's in the same transaction. */
function figuresAfter(events: readonly IncomeEvent[], from: number): RebaseFigures {
  for (let i = from; i < events.length; i++) {
    const event = events[i];
    if (event?.eventName === "Rebased") return event.args;
  }
  throw new ProtocolError("eventsMissing", "A rebase was applied, but no Rebased of Checkpoints follows it.");
}

function keyOf(address: Address): Address {
  return address.toLowerCase() as Address;
}
