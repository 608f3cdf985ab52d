import { expect, test } from "vitest";
import type { InFlightBook } from "../src/inFlightBook.ts";
import { FakeChain, rootOf, snapshotOf } from "./support/fakeChain.ts";

const landed = (checkpoint: bigint, number: number) => ({ checkpoint, landed: number });
/** What may have to be shown at a checkpoint; of the first part the contract says what is on the short list. */
const watched = (book: InFlightBook, checkpoint: bigint) => [
  ...book.maybeShort(),
  ...book.passed(checkpoint),
];
const numbers = (deposits: readonly { readonly number: number }[]) => deposits.map(({ number }) => number);

test("deposits are known with their validator, whatever the pages", async () => {
  for (const range of [1, 3, 1000]) {
    const chain = new FakeChain(range);
    chain.join(2n, 1, 70);
    chain.join(4n, 2, 50);
    chain.deposit(9n, 3, 70);
    const { index } = chain.context;
    await index.readTo(4n);
    expect(index.members()).toEqual([50, 70]);
    const book = await index.bookAtHead();
    expect(book.between(0, 3).map(({ validatorIndex }) => validatorIndex)).toEqual([70, 50, 70]);
    expect(book.between(1, 2)).toEqual([
      { number: 2, validatorIndex: 50, pubkeyRoot: rootOf("key 50"), amountGwei: 32n, slot: 4n },
    ]);
    expect(index.members(), "what may be undone is not kept").toEqual([50, 70]);
  }
});

test("what is final is read once, what is not is read anew and may have been undone", async () => {
  const chain = new FakeChain();
  chain.join(2n, 1, 70);
  chain.open(3n, snapshotOf(1n, 1));
  const { index } = chain.context;
  await index.readTo(50n);
  const final = [...chain.logs];
  chain.open(60n, snapshotOf(2n, 1));
  chain.log(61n, "DepositPassedAbsent", { checkpoint: 2n, deposit: 1 });
  const before = await index.bookAtHead();
  expect(before.snapshot?.id).toBe(2n);
  expect(numbers(watched(before, 2n))).toEqual([1]);
  expect(index.snapshot?.id, "not final yet").toBe(1n);

  chain.logs = final;
  const after = await index.bookAtHead();
  expect(after.snapshot?.id).toBe(1n);
  expect(watched(after, 2n)).toEqual([]);
  expect(chain.asked).toEqual(["1-50", "51-100", "51-100"]);
});

test("the short list is what the last close saw pending before its pointer", async () => {
  const chain = new FakeChain();
  const at = async () => chain.context.index.bookAtHead();
  chain.join(2n, 1, 70);
  for (let deposit = 2; deposit <= 5; deposit++) chain.deposit(2n + BigInt(deposit), deposit, 70);
  // 2 and 4 were looked at one by one; 4 lies behind the pointer
  for (const deposit of [2, 4]) chain.log(10n, "DepositShownPending", { checkpoint: 1n, deposit });
  expect(watched(await at(), 1n), "nothing is settled yet").toEqual([]);
  expect((await at()).shownAt(1n)).toEqual(new Set([2, 4]));
  chain.log(11n, "DepositsLanded", landed(1n, 3));
  expect(numbers(watched(await at(), 2n))).toEqual([2]);
  expect((await at()).landed).toBe(3);

  // a checkpoint that was given up takes nothing off, and what it passed is forgotten
  chain.log(12n, "DepositShownPending", { checkpoint: 2n, deposit: 2 });
  chain.log(12n, "DepositPassedAbsent", { checkpoint: 2n, deposit: 5 });
  expect(numbers(watched(await at(), 2n))).toEqual([2, 5]);
  expect(numbers(watched(await at(), 3n))).toEqual([2]);

  chain.log(13n, "DepositShownPending", { checkpoint: 3n, deposit: 4 });
  chain.log(14n, "DepositsLanded", landed(3n, 5));
  expect(numbers(watched(await at(), 4n)), "2 was not shown again: it has landed").toEqual([4]);
  expect((await at()).shownAt(4n)).toEqual(new Set());
});
