import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Devnet } from "../src/index.ts";
import { ALICE, BOB, type Clients, clientsOf, startTestChain } from "./support/testChain.ts";

/** A transaction that nothing can take is waited for so many slots. */
const MOST_SLOTS = 32;
/** For what would never come. */
const BACKSTOP_MS = 10 * 60_000;
let chain: Devnet;
let clients: Clients;

beforeAll(async () => {
  chain = await startTestChain({ pace: "whenPending" });
  clients = clientsOf(chain);
});
afterAll(() => chain?.stop());

const pay = (nonce?: number) =>
  clients.alice.sendTransaction({ to: BOB.address, value: 1n, ...(nonce === undefined ? {} : { nonce }) });
const receiptOf = (hash: `0x${string}`) => clients.client.waitForTransactionReceipt({ hash });

test("whenPending: transactions sent one after the other get a block each and one behind it, and nothing else moves the chain", async () => {
  expect(chain.slot).toBe(0);
  for (const slot of [1, 3, 5]) {
    const { blockNumber } = await receiptOf(await pay());
    expect([blockNumber, chain.slot]).toEqual([BigInt(slot), slot + 1]);
  }
  expect(chain.pace).toBe("whenPending");
  await chain.advance(2);
  expect(chain.slot).toBe(8);
});

test("whenPending: a transaction gets its block behind slots that are missed", async () => {
  const { slot } = chain;
  chain.faults.missSlots(3);
  await receiptOf(await pay());
  expect(chain.slot).toBe(slot + 5);
});

test("whenPending: a transaction that cannot be mined is given up, and mined with the one that was missing", async () => {
  const { slot } = chain;
  const nonce = await clients.client.getTransactionCount({ address: ALICE.address });
  const early = await pay(nonce + 1);
  await vi.waitUntil(() => chain.slot >= slot + MOST_SLOTS, { timeout: BACKSTOP_MS });
  // another whole turn of the loop would have made one more
  await new Promise((resolve) => setImmediate(resolve));
  await chain.advance(0);
  expect(chain.slot).toBe(slot + MOST_SLOTS);
  const between = await receiptOf(await pay(nonce));
  const late = await receiptOf(early);
  expect(late.blockNumber).toBe(between.blockNumber);
  expect(chain.slot).toBe(slot + MOST_SLOTS + 2);
});

test("whenPending: who has sent a transaction finds it mined with the first look", async () => {
  for (let i = 0; i < 5; i++) {
    const hash = await pay();
    await clients.client.getTransactionReceipt({ hash });
  }
});

test("what waits already gets its slot when the pace is set", async () => {
  chain.setPace("stopped");
  const { slot } = chain;
  const hash = await pay();
  expect(chain.slot).toBe(slot);
  chain.setPace("whenPending");
  await receiptOf(hash);
  expect(chain.slot).toBe(slot + 2);
});
