import { concat, type Hex, numberToHex, parseEther, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Devnet, systemContracts } from "../src/index.ts";
import { credentialsTo, deposit, indexOf } from "./support/deposits.ts";
import { BOB, type Clients, clientsOf, startTestChain } from "./support/testChain.ts";

const EPOCHS_A_YEAR = (365.25 * 86_400) / (8 * 48);

let chain: Devnet;
let clients: Clients;

beforeAll(async () => {
  chain = await startTestChain({ validators: 16_384, secondsPerSlot: 48 });
  clients = clientsOf(chain);
});
afterAll(() => chain?.stop());

const totalGwei = (): number => chain.state.balances.getAll().reduce((sum, balance) => sum + balance, 0);

describe("economics of a chain as large as mainnet", () => {
  test("stake earns 2.87 % a year", async () => {
    await chain.runAhead({ epochs: 4 });
    const before = totalGwei();
    const epochs = 8;
    await chain.runAhead({ epochs });
    const yearly = ((totalGwei() - before) / before / epochs) * EPOCHS_A_YEAR * 100;
    expect(yearly).toBeGreaterThan(2.82);
    expect(yearly).toBeLessThan(2.92);
    expect(chain.head.finalizedEpoch).toBe(chain.head.epoch - 2);
  });

  test("EIP-4788: the contract holds the parent block's root", async () => {
    const block = await clients.client.getBlock();
    const { data } = await clients.client.call({
      to: systemContracts().beaconRoots.address,
      data: toHex(block.timestamp, { size: 32 }),
    });
    expect(data).toBe(chain.headBlock.parentRoot);
    expect(block.parentBeaconBlockRoot).toBe(chain.headBlock.parentRoot);
  });

  test("deposits: a good one becomes active, a badly signed one is lost, EIP-7002 pays out part of it", async () => {
    const credentials = credentialsTo("02", BOB.address);
    const good = await deposit(chain, clients, { seed: "good", credentials, amountEth: 40 });
    const forkVersion = "0x00000000";
    const bad = await deposit(chain, clients, { seed: "bad", credentials, amountEth: 32, forkVersion });
    expect(chain.state.pendingDeposits.length).toBe(2);

    await chain.advanceUntil(() => indexOf(chain, good.pubkey) !== null, 200);
    const index = indexOf(chain, good.pubkey) as number;
    const validator = () => chain.state.validators.getReadonly(index);
    await chain.advanceUntil(() => validator().activationEpoch <= chain.head.epoch, 200);
    expect(chain.state.pendingDeposits.length).toBe(0);
    expect(indexOf(chain, bad.pubkey)).toBeNull();

    await chain.runAhead({ epochs: 3 });
    await requestWithdrawal(good.pubkey, 5n * 10n ** 9n);
    expect(chain.state.pendingPartialWithdrawals.length).toBe(1);
    const before = await clients.client.getBalance({ address: BOB.address });
    await chain.advanceUntil(() => chain.state.pendingPartialWithdrawals.length === 0, 400);
    const after = await clients.client.getBalance({ address: BOB.address });
    expect(after - before).toBe(parseEther("5"));
  });
});

/** BOB owns the credentials and calls the EIP-7002 contract himself. */
async function requestWithdrawal(pubkey: Hex, amountGwei: bigint): Promise<void> {
  await clients.mined(
    clients.bob.sendTransaction({
      to: systemContracts().withdrawalRequests.address,
      data: concat([pubkey, numberToHex(amountGwei, { size: 8 })]),
      value: 1000n,
      gas: 300_000n,
    }),
  );
}
