import fc from "fast-check";
import type { Address } from "viem";
import { describe, expect, it } from "vitest";
import { type IncomeEvent, IncomeLedger, toEtherDown } from "../src/index.ts";
import { CHECKPOINTS, PoolSimulation, QUEUE } from "./support/poolSimulation.ts";

const PEOPLE: readonly Address[] = [1, 2, 3, 4].map((i) => `0x${`${i}`.repeat(40)}` as Address);
const FEES: Address = "0x00000000000000000000000000000000000000ff";
const EVERYBODY = [...PEOPLE, FEES, CHECKPOINTS, QUEUE];
const ETHER = 10n ** 18n;
const SOURCES = ["consensus", "execution", "penalties", "fees"] as const;

const person = fc.nat(PEOPLE.length - 1).map((i) => PEOPLE[i] as Address);
const anybody = fc.nat(EVERYBODY.length - 1).map((i) => EVERYBODY[i] as Address);
const permille = fc.bigInt(0n, 1000n);
const action = fc.oneof(
  fc.record({ kind: fc.constant("stake" as const), who: person, amount: fc.bigInt(1n, 1000n * ETHER) }),
  fc.record({ kind: fc.constant("move" as const), who: anybody, to: anybody, part: permille }),
  fc.record({ kind: fc.constant("moveShares" as const), who: anybody, to: anybody, part: permille }),
  fc.record({ kind: fc.constant("exit" as const), who: person, part: permille }),
  fc.record({ kind: fc.constant("finalize" as const), part: permille }),
  fc.record({
    kind: fc.constant("close" as const),
    bps: fc.bigInt(-300n, 30n),
    executionPart: permille,
    burnPart: permille,
    feeBps: fc.bigInt(0n, 1500n),
  }),
);
type Action = typeof action extends fc.Arbitrary<infer Some> ? Some : never;

function act(pool: PoolSimulation, step: Action): void {
  const balanceOf = (holder: Address): bigint => toEtherDown(pool.sharesOf(holder), pool.pool);
  if (step.kind === "stake") pool.stake(step.who, step.amount);
  if (step.kind === "move") pool.transfer(step.who, step.to, (balanceOf(step.who) * step.part) / 1000n);
  if (step.kind === "moveShares") {
    pool.transferShares(step.who, step.to, (pool.sharesOf(step.who) * step.part) / 1000n);
  }
  if (step.kind === "exit") {
    const amount = (balanceOf(step.who) * step.part) / 1000n;
    if (amount > 0n) pool.instantExit(step.who, amount);
  }
  if (step.kind === "finalize") pool.finalize((pool.sharesOf(QUEUE) * step.part) / 1000n);
  if (step.kind === "close") {
    const recognized = (pool.pool.poolEther * step.bps) / 10_000n;
    const execution = recognized > 0n ? (recognized * step.executionPart) / 1000n : 0n;
    const burnt = (pool.sharesOf(CHECKPOINTS) * step.burnPart) / 1000n;
    pool.rebase(recognized, execution, burnt, step.feeBps, FEES);
  }
}

function simulate(steps: readonly Action[]): PoolSimulation {
  const pool = new PoolSimulation();
  pool.stake(PEOPLE[0] as Address, 10n * ETHER);
  pool.transfer(PEOPLE[0] as Address, CHECKPOINTS, ETHER);
  for (const step of steps) act(pool, step);
  return pool;
}

/** Σ over all closes of shares × (what the formula of the split says), in a finer unit and all at once. */
function plainly(pool: PoolSimulation, holder: Address) {
  const unit = 10n ** 60n;
  let [execution, penalties, fees] = [0n, 0n, 0n];
  for (const { before, after, executionRewards, feeShares, earners } of pool.closes) {
    const shares = earners.get(holder) ?? 0n;
    const rest = after.poolShares - feeShares;
    execution += (shares * executionRewards * unit) / rest;
    penalties += (shares * before.poolEther * unit) / rest;
    penalties -= (shares * before.poolEther * unit) / before.poolShares;
    fees += (shares * after.poolEther * unit) / after.poolShares;
    fees -= (shares * after.poolEther * unit) / rest;
  }
  return { execution: execution / unit, penalties: penalties / unit, fees: fees / unit };
}

const near = (a: bigint, b: bigint): boolean => a - b <= 1n && b - a <= 1n;

describe("after any sequence of stakes, moves, exits and closes", () => {
  const sequences = fc.array(action, { minLength: 1, maxLength: 40 });

  it("balance = principal + income by source, to the wei, for everybody and at every point", () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const pool = new PoolSimulation();
        const ledger = new IncomeLedger();
        pool.stake(PEOPLE[0] as Address, 10n * ETHER);
        pool.transfer(PEOPLE[0] as Address, CHECKPOINTS, ETHER);
        for (const step of steps) {
          act(pool, step);
          ledger.apply(pool.events);
          pool.events = [];
          expect(ledger.pool).toEqual(pool.pool);
          for (const holder of EVERYBODY) {
            const { shares, balance, principal, income } = ledger.holder(holder);
            expect(shares).toBe(pool.sharesOf(holder));
            expect(balance).toBe(toEtherDown(shares, pool.pool));
            expect(principal + SOURCES.reduce((sum, source) => sum + income[source], 0n)).toBe(balance);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is what a plain recomputation over all closes says, within a wei a source", () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const pool = simulate(steps);
        const ledger = new IncomeLedger();
        ledger.apply(pool.events);
        for (const holder of EVERYBODY) {
          const { income } = ledger.holder(holder);
          const plain = plainly(pool, holder);
          for (const source of ["execution", "penalties", "fees"] as const) {
            expect(
              near(income[source], plain[source]),
              `${source}: ${income[source]}, ${plain[source]}`,
            ).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives everybody together what the closes brought", () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const pool = simulate(steps);
        const ledger = new IncomeLedger();
        ledger.apply(pool.events);
        const sum = (source: (typeof SOURCES)[number]) =>
          ledger.holders().reduce((all, holder) => all + ledger.holder(holder).income[source], 0n);
        const brought = pool.closes.reduce((all, close) => all + close.executionRewards, 0n);
        const burnt = pool.closes.reduce((all, close) => all + toEtherDown(close.burnt, close.before), 0n);
        // each holder's part is rounded
        const most = BigInt(EVERYBODY.length + pool.closes.length);
        expect(brought - sum("execution")).toBeLessThanOrEqual(most);
        expect(sum("execution")).toBeLessThanOrEqual(brought);
        expect(sum("penalties") - burnt).toBeLessThanOrEqual(most);
        expect(burnt - sum("penalties")).toBeLessThanOrEqual(most);
      }),
      { numRuns: 150 },
    );
  });

  it("does not depend on how the events are cut into transactions' batches", () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const whole = new IncomeLedger();
        whole.apply(simulate(steps).events);
        const pool = new PoolSimulation();
        const parts = new IncomeLedger();
        pool.stake(PEOPLE[0] as Address, 10n * ETHER);
        pool.transfer(PEOPLE[0] as Address, CHECKPOINTS, ETHER);
        for (const step of steps) {
          act(pool, step);
          parts.apply(pool.events);
          pool.events = [];
          parts.holder(PEOPLE[1] as Address);
        }
        for (const holder of EVERYBODY) expect(parts.holder(holder)).toEqual(whole.holder(holder));
      }),
      { numRuns: 60 },
    );
  });
});

describe("a close", () => {
  const [alice, bob] = PEOPLE as [Address, Address];

  it("splits as its event says, and leaves the burnt shares' worth to the others", () => {
    const pool = new PoolSimulation();
    pool.stake(alice, 50n * ETHER);
    pool.stake(bob, 40n * ETHER);
    pool.stake(CHECKPOINTS, 10n * ETHER);
    pool.rebase(3n * ETHER, ETHER, pool.sharesOf(CHECKPOINTS), 0n, FEES);
    const ledger = new IncomeLedger();
    ledger.apply(pool.events);
    expect(ledger.holder(CHECKPOINTS)).toMatchObject({ shares: 0n, balance: 0n, principal: 0n });
    const { income, balance } = ledger.holder(alice);
    expect(balance).toBe((103n * ETHER * 5n) / 9n);
    // 5 of 9 parts of 10 ETH burnt, 1 ETH of execution, 2 ETH of consensus rewards; consensus takes what is rounded
    expect(income.penalties).toBe((10n * ETHER * 5n) / 9n);
    expect(income.execution).toBe((ETHER * 5n) / 9n);
    expect(income.fees).toBe(0n);
    expect(income.consensus).toBe(balance - 50n * ETHER - income.penalties - income.execution);
  });

  it("in one transaction with a stake before it is told apart from it", () => {
    const pool = new PoolSimulation();
    pool.stake(alice, 50n * ETHER);
    pool.stake(bob, ETHER);
    pool.rebase(ETHER, 0n, 0n, 1000n, FEES);
    const ledger = new IncomeLedger();
    ledger.apply(pool.events);
    expect(ledger.holder(bob).principal).toBe(ETHER);
    expect(ledger.pool).toEqual(pool.pool);
    expect(ledger.holder(FEES).shares).toBe(pool.sharesOf(FEES));
  });

  it("that takes everything leaves shares of no worth", () => {
    const pool = new PoolSimulation();
    pool.stake(alice, 5n * ETHER);
    pool.rebase(-6n * ETHER, 0n, 0n, 0n, FEES);
    const ledger = new IncomeLedger();
    ledger.apply(pool.events);
    const income = { consensus: -5n * ETHER, execution: 0n, penalties: 0n, fees: 0n };
    expect(ledger.holder(alice)).toMatchObject({ balance: 0n, principal: 5n * ETHER, income });
  });
});

describe("events that cannot all be there are refused:", () => {
  const [alice, bob] = PEOPLE as [Address, Address];
  const missing = expect.objectContaining({ code: "eventsMissing", retryable: false });

  function story(): IncomeEvent[] {
    const pool = new PoolSimulation();
    pool.stake(alice, 50n * ETHER);
    pool.transfer(alice, CHECKPOINTS, ETHER);
    pool.rebase(ETHER, 0n, 7n, 1000n, FEES);
    pool.instantExit(alice, ETHER);
    return pool.events;
  }

  const isNot = (name: string) => (event: IncomeEvent) => event.eventName !== name;
  it.each([
    ["the stake", (events: IncomeEvent[]) => events.slice(3)],
    ["Rebased", (events: IncomeEvent[]) => events.filter(isNot("Rebased"))],
    ["RebaseApplied", (events: IncomeEvent[]) => events.filter(isNot("RebaseApplied"))],
    ["the fee's mint", (events: IncomeEvent[]) => events.filter((_, i) => i !== 8)],
    [
      "the exit's burn",
      (events: IncomeEvent[]) => events.filter((_, i) => i < events.length - 3 || i === events.length - 1),
    ],
  ])("without %s", (_, without) => {
    const events = story();
    new IncomeLedger().apply(events);
    expect(() => new IncomeLedger().apply(without(events))).toThrow(missing);
  });

  it("and a stranger has nothing", () => {
    const ledger = new IncomeLedger();
    ledger.apply(story());
    expect(ledger.holder(bob)).toMatchObject({ shares: 0n, balance: 0n, principal: 0n });
    expect(ledger.holders()).not.toContain(bob);
  });
});
