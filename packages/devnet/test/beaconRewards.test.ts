import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Devnet } from "../src/index.ts";
import { startTestChain } from "./support/testChain.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const OFFLINE = [3, 4, 5];
const REWARDS = "/eth/v1/beacon/rewards";

let chain: Devnet;
beforeAll(async () => {
  chain = await startTestChain({ keepStates: 128 });
  chain.faults.setOffline(OFFLINE, true);
  await chain.advance(5 * SLOTS_PER_EPOCH);
});
afterAll(() => chain?.stop());

type Answer = { status: number; body: { data: unknown; message?: string } };

async function ask(path: string, ids?: string[]): Promise<Answer> {
  const init = { headers: { "content-type": "application/json" }, body: JSON.stringify(ids) };
  const answer = await fetch(chain.urls.beacon + path, ids === undefined ? {} : { method: "POST", ...init });
  return { status: answer.status, body: (await answer.json()) as Answer["body"] };
}

type BlockRewards = Record<"proposer_index" | "total" | "attestations" | "sync_aggregate", string>;
type SyncReward = { validator_index: string; reward: string };
type Votes = Record<"validator_index" | "head" | "target" | "source" | "inactivity", string>;

/** Gwei that a validator gained by what happened at a slot. */
const gained = (slot: number, index: number): number =>
  chain.stateAt(slot).balances.get(index) - chain.stateAt(slot - 1).balances.get(index);

const blockRewards = async (slot: number) =>
  (await ask(`${REWARDS}/blocks/${slot}`)).body.data as BlockRewards;

const syncRewards = async (slot: number, ids: string[] = []) =>
  (await ask(`${REWARDS}/sync_committee/${slot}`, ids)).body.data as SyncReward[];

/** Slots with a block and without a transition of epochs. */
const plainSlots = () =>
  Array.from({ length: 10 }, (_, i) => 2 * SLOTS_PER_EPOCH + i).filter(
    (slot) => slot % SLOTS_PER_EPOCH !== 0 && chain.blocks.atSlot(slot) !== undefined,
  );

test("a block's and the sync committee's rewards are what balances show", async () => {
  for (const slot of plainSlots()) {
    const block = await blockRewards(slot);
    const sync = await syncRewards(slot);
    expect(Number(block.total)).toBe(Number(block.attestations) + Number(block.sync_aggregate));
    expect(Number(block.attestations)).toBeGreaterThan(0);
    const earned = new Map(
      sync.map(({ validator_index, reward }) => [Number(validator_index), Number(reward)]),
    );
    const proposer = Number(block.proposer_index);
    expect(gained(slot, proposer), `proposer of ${slot}`).toBe(
      Number(block.total) + (earned.get(proposer) ?? 0),
    );
    for (const [index, reward] of earned) {
      if (index !== proposer) expect(gained(slot, index), `member ${index} at ${slot}`).toBe(reward);
    }
    const [first] = sync as [SyncReward];
    expect(await syncRewards(slot, [first.validator_index])).toEqual([first]);
  }
});

/** Whether what is said of an epoch's votes is what balances show, for all who got nothing else at that slot. */
async function expectVotesBooked(epoch: number): Promise<Votes[]> {
  const paidAt = (epoch + 2) * SLOTS_PER_EPOCH;
  const { data } = (await ask(`${REWARDS}/attestations/${epoch}`, [])).body;
  const { ideal_rewards, total_rewards } = data as { ideal_rewards: object[]; total_rewards: Votes[] };
  expect(total_rewards).toHaveLength(1024);
  expect(ideal_rewards).toHaveLength(2049);
  const proposed = chain.blocks.atSlot(paidAt) !== undefined;
  const busy = new Set(
    proposed ? (await syncRewards(paidAt)).map(({ validator_index }) => validator_index) : [],
  );
  if (proposed) busy.add((await blockRewards(paidAt)).proposer_index);
  const others = total_rewards.filter(({ validator_index }) => !busy.has(validator_index));
  expect(others.length).toBeGreaterThan(900);
  for (const { validator_index, head, target, source, inactivity } of others) {
    const sum = [head, target, source, inactivity].map(Number).reduce((a, b) => a + b);
    expect(gained(paidAt, Number(validator_index)), validator_index).toBe(sum);
  }
  return total_rewards;
}

test("rewards and penalties for votes are what the transition of epochs books, to the gwei", async () => {
  await expectVotesBooked(2);
  const offline = (await ask(`${REWARDS}/attestations/2`, OFFLINE.map(String))).body.data as {
    total_rewards: Votes[];
  };
  expect(offline.total_rewards.map(({ validator_index }) => Number(validator_index))).toEqual(OFFLINE);
  for (const { target, source, head } of offline.total_rewards) {
    expect(Number(target)).toBeLessThan(0);
    expect(Number(source)).toBeLessThan(0);
    expect(head).toBe("0");
  }
});

test("so they are in an inactivity leak", async () => {
  chain.faults.startInactivityLeak();
  await chain.advance(9 * SLOTS_PER_EPOCH);
  const votes = await expectVotesBooked(chain.head.epoch - 2);
  expect(votes.filter(({ inactivity }) => Number(inactivity) < 0).length).toBeGreaterThan(300);
  expect(votes.filter(({ source }) => source === "0").length).toBeGreaterThan(300);
  chain.faults.endInactivityLeak();
});

test("what cannot be told is refused with the reason", async () => {
  expect(await ask(`${REWARDS}/blocks/genesis`)).toMatchObject({ status: 404 });
  expect(await ask(`${REWARDS}/blocks/nonsense`)).toMatchObject({ status: 400 });
  expect(await ask(`${REWARDS}/attestations/${chain.head.epoch}`, [])).toMatchObject({
    status: 404,
    body: { message: expect.stringMatching(/paid for at slot/) },
  });
  await chain.simulateAttendance({ epochs: 1 });
  const [slot] = chain.simulatedSlots as [number];
  expect(await ask(`${REWARDS}/blocks/${slot}`)).toMatchObject({
    status: 404,
    body: { message: expect.stringMatching(/simulated attendance/) },
  });
});
