import { type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pubkeyRootOf } from "../stack/operator.ts";
import { GWEI, Status, Zone } from "./support/zone.ts";

const TARGET_GWEI = 64n * GWEI;
let zone: Zone;
let idler: { id: number; pubkey: Hex };
let worker: { id: number; pubkey: Hex };

beforeAll(async () => {
  zone = await Zone.start();
  await zone.stake("alice", parseEther("300"));
  idler = await zone.operator("operatorOne", "idle", parseEther("4"), TARGET_GWEI);
  worker = await zone.operator("operatorTwo", "at work", parseEther("4"), TARGET_GWEI);
  await zone.untilWorking([idler.pubkey, worker.pubkey], [TARGET_GWEI, TARGET_GWEI]);
});

afterAll(() => zone.stop());

const idleOf = (pubkey: Hex) =>
  zone.stack.client.getContractEvents({
    ...zone.penalties,
    eventName: "IdleProven",
    args: { pubkeyRoot: pubkeyRootOf(pubkey) },
    fromBlock: 0n,
    strict: true,
  });

test("a member that does nothing is charged for each proven epoch and, after five, has to exit", async () => {
  const { devnet, client } = zone.stack;
  await zone.step.advance(24);
  expect(await idleOf(idler.pubkey), "both work").toHaveLength(0);
  const operator = () =>
    client.readContract({ ...zone.registry, functionName: "operator", args: [idler.id] });
  const bond = (await operator()).bondShares;
  // attendance is proven of real blocks
  zone.step.waits = "blocks";
  devnet.faults.setOffline([zone.truth(idler.pubkey).index], true);
  await zone.untilStatus(idler.pubkey, Status.Exiting);
  const charges = await idleOf(idler.pubkey);
  expect(charges.length).toBeGreaterThanOrEqual(5);
  const [markEther, markShares] = await client.readContract({ ...zone.token, functionName: "mark" });
  const each = (parseEther("0.01") * markShares) / markEther;
  for (const { args } of charges) expect(args.shares, "0.01 ETH of bond an epoch").toBe(each);
  expect(new Set(charges.map(({ args }) => args.epoch)).size, "no epoch twice").toBe(charges.length);
  expect(bond - (await operator()).bondShares).toBe(each * BigInt(charges.length));
  expect(await idleOf(worker.pubkey), "the other worked").toHaveLength(0);
  expect((await zone.record(worker.pubkey)).status).toBe(Status.Member);
  await zone.noDifference();
});
