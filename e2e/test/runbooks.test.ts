import { wrappedStakedEtherAbi } from "@cairn/protocol";
import { type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf } from "../stack/wallets.ts";
import { blocksOf, follow } from "./support/runbook.ts";
import { GWEI, Zone } from "./support/zone.ts";

const TARGET_GWEI = 256n * GWEI;
let zone: Zone;
let pubkey: Hex;

beforeAll(async () => {
  zone = await Zone.start();
  await zone.stake("alice", parseEther("700"));
  ({ pubkey } = await zone.operator("operatorOne", "runbooks", parseEther("14"), TARGET_GWEI));
  const second = await zone.operator("operatorTwo", "to be slashed", parseEther("14"), TARGET_GWEI);
  const { addresses } = zone.stack;
  await zone.send("alice", {
    address: addresses.wrappedStakedEther,
    abi: wrappedStakedEtherAbi,
    functionName: "stakeAndWrap",
    args: [accountOf("alice").address, 0n],
    value: parseEther("400"),
  });
  await zone.untilWorking([pubkey, second.pubkey], [TARGET_GWEI, TARGET_GWEI]);
});

afterAll(() => zone.stop());

test("keeper outage: a stranger's keeper does one round after another", async () => {
  await zone.keeper.stop();
  const closes = (await zone.closes()).length;
  await zone.pass(5 * 3600);
  const output = await follow(zone, blocksOf("keeper-outage"));
  expect(output).toContain("the next checkpoint opens");
  expect((await zone.closes()).length, "a checkpoint was closed").toBeGreaterThan(closes);
  zone.restartKeeper();
  await zone.noDifference();
});

test("parameter change", async () => {
  const output = await follow(zone, blocksOf("parameter-change"));
  expect(output).toContain("slots that change:");
  const parameters = await zone.stack.client.readContract({
    ...zone.checkpoints,
    functionName: "parameters",
  });
  expect(parameters.insuranceFeeBps).toBe(200);
  await zone.noDifference();
});

test("brake and release", async () => {
  const output = await follow(zone, blocksOf("brake-and-release"));
  expect(output).toMatch(/deposit: stopped until/);
  expect(output).toMatch(/deposit: goes on; its brake was used/);
  await zone.stake("bob", parseEther("1"));
});

test("operator ejected for cause: ordered by a vote, sent by the keeper", async () => {
  await follow(zone, blocksOf("operator-ejected-for-cause"));
  await zone.step.until(
    "the exit is seen",
    async () => zone.truth(pubkey).exitEpoch !== Number.POSITIVE_INFINITY,
  );
});

test("mass slashing: proven by the keeper, the safeguard says so", async () => {
  const output = await follow(zone, blocksOf("mass-slashing"));
  expect(output).toContain("slashed");
});
