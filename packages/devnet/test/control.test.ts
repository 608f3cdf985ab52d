import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Devnet } from "../src/index.ts";
import { startTestChain } from "./support/testChain.ts";

/** For what would never come. */
const BACKSTOP_MS = 10 * 60_000;

let chain: Devnet;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain?.stop());

async function post(path: string, body: unknown, type = "application/json") {
  const init = { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) };
  const answer = await fetch(chain.urls.control + path, init);
  return { status: answer.status, text: await answer.text() };
}

test("status tells head, pace, memory and deviations", async () => {
  await chain.advance(3);
  const status = (await (await fetch(`${chain.urls.control}/status`)).json()) as {
    deviations: { name: string }[];
  };
  expect(status).toMatchObject({ head: { slot: 3 }, pace: "stopped", simulatedEpochs: 0 });
  const names = status.deviations.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["SECONDS_PER_SLOT", "SLOTS_PER_EPOCH", "SHARD_COMMITTEE_PERIOD", "fork choice"]),
  );
  expect(names).not.toContain("MAX_EFFECTIVE_BALANCE_ELECTRA");
});

test("pace starts and stops the background loop", async () => {
  expect((await post("/pace", { pace: { slotsPerSecond: 20 } })).status).toBe(200);
  const { slot } = chain;
  await vi.waitFor(() => expect(chain.slot).toBeGreaterThan(slot + 3), { timeout: BACKSTOP_MS });
  await Promise.all([chain.advance(3), chain.advance(2)]);
  expect((await post("/pace", { pace: "whenPending" })).text).toContain("whenPending");
  expect((await post("/pace", { pace: "stopped" })).status).toBe(200);
  await chain.advance(0);
  const before = chain.head.blockNumber;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(chain.head.blockNumber - before).toBeLessThanOrEqual(1);
  expect(chain.head.blockNumber).toBe(chain.head.slot);
});

test("run-ahead reports every epoch", async () => {
  const { text } = await post("/run-ahead", { epochs: 2 });
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatchObject({ epochsDone: 2, epochs: 2 });
  expect(lines[2]).toMatchObject({ done: true, head: chain.head });
});

test("faults are carried out, wrong bodies are refused with a reason", async () => {
  expect((await post("/faults/slash-attester", { index: 3 })).status).toBe(200);
  await chain.advanceUntil(() => chain.state.validators.getReadonly(3).slashed, 5);
  expect(await post("/faults/slash-attester", { index: 3 })).toMatchObject({ status: 400 });
  expect(await post("/faults/miss-slots", { count: "many" })).toMatchObject({ status: 400 });
  expect(await post("/faults/earthquake", {})).toMatchObject({ status: 404 });
  expect(await post("/run-ahead", { epochs: 1, days: 1 })).toMatchObject({ status: 400 });
  expect(await post("/pace", { pace: "max" }, "text/plain")).toMatchObject({ status: 415 });
  const reward = { wei: "7", feeRecipient: "0x00000000000000000000000000000000000000ad" };
  expect((await post("/faults/pay-execution-reward", reward)).status).toBe(200);
  expect((await post("/advance", { slots: 2 })).status).toBe(200);
});

test("advanceUntil gives up with a clear error", async () => {
  await expect(chain.advanceUntil(() => false, 3)).rejects.toMatchObject({ code: "predicate-not-reached" });
});
