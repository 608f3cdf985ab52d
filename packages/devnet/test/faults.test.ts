import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BURN_FEE_RECIPIENT, type Devnet, DevnetError } from "../src/index.ts";
import { type Clients, clientsOf, startTestChain } from "./support/testChain.ts";

let chain: Devnet;
let clients: Clients;

beforeAll(async () => {
  chain = await startTestChain();
  clients = clientsOf(chain);
  await chain.runAhead({ epochs: 2 });
});
afterAll(() => chain?.stop());

const balance = (index: number): number => chain.state.balances.get(index);
const slashed = (index: number): boolean => chain.state.validators.getReadonly(index).slashed;
const nextBlock = (): Promise<void> => {
  const { blockNumber } = chain.head;
  return chain.advanceUntil(() => chain.head.blockNumber > blockNumber, 10);
};

describe("faults", () => {
  test("an execution reward arrives to the wei", async () => {
    const vault = "0x00000000000000000000000000000000000000aa";
    const wei = 123_456_789_012_345_678n;
    chain.faults.payExecutionReward(wei, vault);
    await nextBlock();
    expect(await clients.client.getBalance({ address: vault })).toBe(wei);
    expect((await clients.client.getBlock()).miner.toLowerCase()).toBe(vault);
    await nextBlock();
    expect((await clients.client.getBlock()).miner.toLowerCase()).toBe(BURN_FEE_RECIPIENT);
    expect(await clients.client.getBalance({ address: vault })).toBe(wei);
  });

  test("a validator's own fee recipient is used for its blocks", async () => {
    const mine = "0x00000000000000000000000000000000000000ac";
    for (let index = 0; index < 1024; index++) chain.setFeeRecipient(index, mine);
    await nextBlock();
    expect((await clients.client.getBlock()).miner.toLowerCase()).toBe(mine);
    for (let index = 0; index < 1024; index++) chain.setFeeRecipient(index, BURN_FEE_RECIPIENT);
    expect(() => chain.setFeeRecipient(99_999, mine)).toThrow(DevnetError);
  });

  test("an attester and a proposer are slashed and lose balance", async () => {
    const before = [balance(5), balance(6)];
    chain.faults.slashAttester(5);
    chain.faults.slashProposer(6);
    await nextBlock();
    expect([slashed(5), slashed(6)]).toEqual([true, true]);
    expect(balance(5)).toBeLessThan(before[0] as number);
    expect(balance(6)).toBeLessThan(before[1] as number);
    expect(() => chain.faults.slashAttester(5)).toThrow(/cannot be slashed/);
  });

  test("missed slots leave gaps and the chain goes on", async () => {
    const { slot, blockNumber } = chain.head;
    chain.faults.missSlots(3);
    await chain.advance(3);
    expect(chain.head).toMatchObject({ slot, blockNumber });
    expect(chain.slot).toBe(slot + 3);
    await nextBlock();
    expect(chain.head.blockNumber).toBe(blockNumber + 1);
    expect(chain.head.slot).toBeGreaterThanOrEqual(slot + 4);
    expect(chain.stateAt(slot + 2).slot).toBe(slot + 2);
  });

  test("an offline validator loses, an online one earns", async () => {
    chain.faults.setOffline([20, 21], true);
    expect(chain.faults.offline).toEqual([20, 21]);
    await chain.runAhead({ epochs: 2 });
    const before = [balance(20), balance(40)];
    await chain.runAhead({ epochs: 3 });
    expect(balance(20)).toBeLessThan(before[0] as number);
    expect(balance(40)).toBeGreaterThan(before[1] as number);
    chain.faults.setOffline([20, 21], false);
    expect(() => chain.faults.setOffline([5000], true)).toThrow(/there is no validator 5000/);
  });

  test("foreign deposits fill the queue", async () => {
    const before = chain.state.pendingDeposits.length;
    await chain.faults.fillDepositQueue(20);
    await nextBlock();
    expect(chain.state.pendingDeposits.length).toBe(before + 20);
  });

  test("inactivity leak: finality stops, scores rise, and it recovers", async () => {
    const { finalizedEpoch } = chain.head;
    chain.faults.startInactivityLeak();
    await chain.runAhead({ epochs: 9 });
    expect(chain.head.finalizedEpoch).toBeLessThanOrEqual(finalizedEpoch + 2);
    expect(chain.state.inactivityScores.get(0)).toBeGreaterThan(0);
    expect(chain.state.inactivityScores.get(2)).toBe(0);
    chain.faults.endInactivityLeak();
    await chain.runAhead({ epochs: 4 });
    expect(chain.head.finalizedEpoch).toBeGreaterThanOrEqual(chain.head.epoch - 3);
  });

  test("simulated attendance is fast, finalizes and is labelled", async () => {
    const { epoch } = chain.head;
    await chain.simulateAttendance({ epochs: 4 });
    expect(chain.head.epoch).toBe(epoch + 4);
    expect(chain.head.simulatedEpochs).toBe(4);
    expect(chain.head.finalizedEpoch).toBeGreaterThanOrEqual(chain.head.epoch - 3);
    expect(chain.deviations.some(({ name }) => name === "simulated attendance")).toBe(true);
    await chain.runAhead({ epochs: 1 });
    for (let number = 1; number <= chain.head.blockNumber; number++) {
      const parent = chain.blocks.byNumber(number - 1)?.root;
      expect(chain.blocks.byNumber(number)?.parentRoot, `parent of block ${number}`).toBe(parent);
    }
  });

  // last, for how many slots it makes depends on the machine
  test("a reward that comes while slots follow each other at once is paid exactly too", async () => {
    const vault = "0x00000000000000000000000000000000000000ab";
    chain.setPace("max");
    chain.faults.payExecutionReward(5n, vault);
    chain.faults.payExecutionReward(6n, vault);
    const { blockNumber } = chain.head;
    while (chain.head.blockNumber < blockNumber + 5) await new Promise((resolve) => setTimeout(resolve, 20));
    chain.setPace("stopped");
    expect(await clients.client.getBalance({ address: vault })).toBe(11n);
  });
});
