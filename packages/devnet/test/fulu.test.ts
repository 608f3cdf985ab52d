import { afterAll, beforeAll, expect, test } from "vitest";
import type { Devnet } from "../src/index.ts";
import { credentialsTo, deposit } from "./support/deposits.ts";
import { ALICE, clientsOf, startTestChain } from "./support/testChain.ts";

let chain: Devnet;
beforeAll(async () => {
  chain = await startTestChain({ fuluEpoch: 3 });
});
afterAll(() => chain?.stop());

const version = async (path: string): Promise<string> =>
  ((await (await fetch(`${chain.urls.beacon}${path}`)).json()) as { version: string }).version;

test("crosses into Fulu and keeps finalizing, with transactions and deposits", async () => {
  await chain.advance(20);
  expect(await version("/eth/v2/beacon/blocks/head")).toBe("electra");
  await chain.advance(10);
  expect(await version("/eth/v2/beacon/blocks/head")).toBe("fulu");
  expect(await version("/eth/v2/beacon/blocks/20")).toBe("electra");
  const clients = clientsOf(chain);
  await deposit(chain, clients, {
    seed: "fulu",
    credentials: credentialsTo("01", ALICE.address),
    amountEth: 32,
  });
  expect(chain.state.pendingDeposits.length).toBe(1);
  await chain.runAhead({ epochs: 5 });
  expect(chain.head.finalizedEpoch).toBeGreaterThan(4);
  const state = await fetch(`${chain.urls.beacon}/eth/v2/debug/beacon/states/head`);
  const { data } = (await state.json()) as { data: Record<string, unknown[]> };
  expect(data.proposer_lookahead).toHaveLength(16);
  const lookahead = await fetch(`${chain.urls.beacon}/eth/v1/beacon/states/head/proposer_lookahead`);
  expect(await lookahead.json()).toMatchObject({ version: "fulu", data: data.proposer_lookahead });
  const identity = await fetch(`${chain.urls.beacon}/eth/v1/node/identity`);
  expect(await identity.json()).toMatchObject({ data: { metadata: { custody_group_count: "0" } } });
  const schedule = await fetch(`${chain.urls.beacon}/eth/v1/config/fork_schedule`);
  const forks = ((await schedule.json()) as { data: { epoch: string }[] }).data;
  expect(forks.at(-1)).toMatchObject({ epoch: "3", current_version: "0x06323832" });
});
