import { addressInSlot, IMPLEMENTATION_SLOT, MODULES } from "@cairn/deployment";
import { withdrawalQueueAbi, wrappedStakedEtherAbi } from "@cairn/protocol";
import { type Address, type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, walletOf } from "../stack/wallets.ts";
import { Chamber } from "./support/chamber.ts";
import { GWEI, Zone } from "./support/zone.ts";

const TARGET_GWEI = 256n * GWEI;
let zone: Zone;
let chamber: Chamber;
let pubkey: Hex;

beforeAll(async () => {
  zone = await Zone.start();
  chamber = new Chamber(zone);
  await zone.stake("alice", parseEther("700"));
  ({ pubkey } = await zone.operator("operatorOne", "governed", parseEther("14"), TARGET_GWEI));
});

afterAll(async () => {
  await zone.stop();
  chamber.stop();
});

const implementationOf = (address: Address) => addressInSlot(zone.stack.client, address, IMPLEMENTATION_SLOT);

test("a rehearsal says what a proposal would change, and whether it would fail, before anybody votes", async () => {
  const { client } = zone.stack;
  const parameters = await client.readContract({ ...zone.checkpoints, functionName: "parameters" });
  const words = await chamber.done("alice", "rehearse", chamber.file("fees", fees(parameters)));
  expect(words).toContain("succeeds");
  expect(words).toMatch(/checkpoints\.parameters\(\): .*"operatorFeeBps":500.* → .*"operatorFeeBps":450/);
  expect(words).toMatch(/checkpoints, slot 0x0+ \(_parameters\)/);
  expect(words, "nothing else").toContain("roles that change: none");

  const terms = await client.readContract({ ...zone.registry, functionName: "tierTerms", args: [0] });
  const beyond = chamber.file("beyond", {
    title: "Beyond the bounds",
    actions: [{ call: "operatorRegistry.setTierTerms", args: [0, { ...terms, operatorShareBps: 2501 }] }],
  });
  const refusal = await chamber.refused("alice", "rehearse", beyond);
  expect(refusal).toContain("action 1: operatorRegistry.setTierTerms(");
  expect(refusal).toContain("would fail as a whole");

  const grant = chamber.file("grant", {
    title: "Another guardian",
    actions: [{ call: "accessManager.grantRole", args: ["GUARDIAN", accountOf("carol").address, 0] }],
  });
  expect(await chamber.done("alice", "rehearse", grant)).toContain(
    `GUARDIAN is given to ${accountOf("carol").address}, delay 0 s`,
  );
});

const fees = (parameters: object) => ({
  title: "Lower the operators' fee",
  description: "From 5 % to 4.5 % of the gain.",
  actions: [{ call: "checkpoints.setParameters", args: [{ ...parameters, operatorFeeBps: 450 }] }],
});

/** The same code anew, at another address: what is rehearsed is the change under way, not new behaviour. */
async function implementations(): Promise<Record<string, Address>> {
  const { client, chain } = zone.stack;
  const wallet = walletOf(chain, "operatorTwo");
  const made: Record<string, Address> = {};
  for (const module of MODULES) {
    const old = await implementationOf(zone.stack.addresses[module]);
    const code = (await client.getCode({ address: old })) as Hex;
    // creation code that returns exactly the deployed code, immutables included
    const size = ((code.length - 2) / 2).toString(16).padStart(4, "0");
    const data: Hex = `0x61${size}80600a5f395ff3${code.slice(2)}`;
    const hash = await wallet.sendTransaction({ data, gas: 8_000_000n });
    const receipt = await client.waitForTransactionReceipt({ hash });
    made[module] = receipt.contractAddress as Address;
    expect(await client.getCode({ address: made[module] as Address }), module).toBe(code);
  }
  return made;
}

/** A request of alice, and its number. */
async function request(amount: bigint): Promise<bigint> {
  const { client, addresses } = zone.stack;
  const owner = accountOf("alice").address;
  await zone.send("alice", {
    ...zone.token,
    functionName: "approve",
    args: [addresses.withdrawalQueue, amount],
  });
  await zone.send("alice", { ...queue(), functionName: "requestWithdrawals", args: [[amount], owner] });
  return client.readContract({ ...queue(), functionName: "getLastRequestId" });
}

const queue = () => ({ address: zone.stack.addresses.withdrawalQueue, abi: withdrawalQueueAbi }) as const;

async function isFinalized(id: bigint): Promise<boolean> {
  const [status] = await zone.stack.client.readContract({
    ...queue(),
    functionName: "getWithdrawalStatus",
    args: [[id]],
  });
  return status?.isFinalized === true;
}

test("by a vote a parameter changes, every module is upgraded and one given up for good, while a checkpoint is open and the queue is not empty; all goes on to the wei", async () => {
  const { client, addresses } = zone.stack;
  const wrapper = { address: addresses.wrappedStakedEther, abi: wrappedStakedEtherAbi } as const;
  const args = [accountOf("alice").address, 0n] as const;
  await zone.send("alice", { ...wrapper, functionName: "stakeAndWrap", args, value: parseEther("200") });
  await chamber.done("alice", "lock", "199", "--send");
  await zone.untilWorking([pubkey], [TARGET_GWEI]);
  const made = await zone.step.after(implementations);
  const parameters = await client.readContract({ ...zone.checkpoints, functionName: "parameters" });
  const path = chamber.file("upgrades", {
    title: "All modules anew",
    actions: [
      ...fees(parameters).actions,
      ...MODULES.map((module) => ({ upgrade: module, implementation: made[module] })),
      { ossify: "feeSplit" },
    ],
  });
  const words = await chamber.done("alice", "rehearse", path);
  for (const module of MODULES) expect(words, module).toContain(`${module}: implementation: `);
  expect(words).toMatch(/feeSplit: who may upgrade it: 0x\w+ → 0x0{40}/);
  const id = await chamber.queued(path);
  // somebody starts to leave while it is queued
  const leaving = await request(parseEther("3"));
  await zone.pass(1900);
  await chamber.done("bob", "mark", id, "--send");
  expect(await chamber.refused("bob", "execute", id, "--send"), "who leaves goes first").toMatch(
    /finaliz|leav/i,
  );
  await zone.nextClose();
  await zone.nextClose();
  expect(await isFinalized(leaving), "out before it executes").toBe(true);

  // mid-operation: a checkpoint is open that nobody has proven, and another request waits
  const waiting = await request(parseEther("3"));
  await zone.keeper.stop();
  await zone.step.untilDueIn(zone.stack, 0n);
  await zone.send("bob", { ...zone.checkpoints, functionName: "open", args: [] });
  await chamber.done("bob", "execute", id, "--send");
  for (const module of MODULES) {
    const now = await implementationOf(addresses[module]);
    expect(now, module).toBe(made[module]?.toLowerCase());
  }
  const changed = await client.readContract({ ...zone.checkpoints, functionName: "parameters" });
  expect(changed).toEqual({ ...parameters, operatorFeeBps: 450 });
  const open = await client.readContract({ ...zone.checkpoints, functionName: "openSnapshotHash" });
  expect(open, "still open").not.toMatch(/^0x0+$/);
  zone.restartKeeper();
  const closes = (await zone.closes()).length;
  await zone.step.until("that checkpoint is closed", async () => (await zone.closes()).length > closes);
  await zone.noDifference();
  await zone.nextClose();
  expect(await isFinalized(waiting), "the queue goes on").toBe(true);
  await zone.noDifference();
  expect(await chamber.done("alice", "status")).toContain("executed: # All modules anew");
});

test("a module whose upgrades were given up can never be upgraded again", async () => {
  const implementation = await implementationOf(zone.stack.addresses.feeSplit);
  const again = chamber.file("again", {
    title: "Once more",
    actions: [{ upgrade: "feeSplit", implementation }],
  });
  expect(await chamber.refused("alice", "rehearse", again)).toContain("OwnableUnauthorizedAccount");
});

test("guardians stop a zone once, with a reason, and release it", async () => {
  expect(await chamber.refused("alice", "pull", "deposit", "2", "mine", "--send")).toMatch(/refused/);
  await chamber.done("guardian", "pull", "deposit", "2", "a request was paid twice", "--send");
  expect(await chamber.done("bob", "status")).toMatch(/deposit: stopped until .* was used/);
  await expect(zone.stake("bob", parseEther("1"))).rejects.toThrow();
  await zone.nextClose();
  await chamber.done("guardian", "release", "deposit", "--send");
  await zone.stake("bob", parseEther("1"));
  expect(await chamber.refused("guardian", "pull", "deposit", "2", "once more", "--send")).toMatch(/refused/);
});
