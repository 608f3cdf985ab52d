import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSettings } from "../src/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const address = `0x${"ab".repeat(20)}`;
const book = {
  chainId: 32_382,
  stakedEther: address,
  withdrawalQueue: address,
  withdrawalVault: address,
  executionRewardsVault: address,
  operatorRegistry: address,
  beaconProofs: address,
  validatorManager: address,
  checkpoints: address,
  wrappedStakedEther: address,
  leavingQuote: address,
  withdrawals: address,
  penalties: address,
  depositsInFlight: address,
  feeSplit: address,
  accessManager: address,
  timelock: address,
  stakerGovernor: address,
  lockedVotes: address,
  emergencyBrake: address,
  stackDeployer: address,
  exposure: address,
  deployedAtBlock: 3,
};
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const good = {
  CAIRN_RPC_URL: "http://127.0.0.1:8545",
  CAIRN_BEACON_URL: "http://127.0.0.1:5052",
  CAIRN_ADDRESSES: file("good.json", JSON.stringify(book)),
};

test("two URLs and the addresses are enough; without a key it is a dry run", () => {
  const settings = readSettings(good);
  expect(settings.key).toBeUndefined();
  expect(settings.addresses).toEqual(book);
  expect(settings.pollMs).toBe(4000);
});

test.each([
  ["CAIRN_RPC_URL", "ftp://x"],
  ["CAIRN_RPC_URL", undefined],
  ["CAIRN_BEACON_URL", "nonsense"],
  ["CAIRN_KEEPER_KEY", "0x12"],
  ["CAIRN_POLL_MS", "1"],
  ["CAIRN_POLL_MS", "often"],
  ["CAIRN_METRICS_PORT", "70000"],
  ["CAIRN_LOG_LEVEL", "loud"],
  ["CAIRN_ADDRESSES", join(folder, "nowhere.json")],
  ["CAIRN_ADDRESSES", file("broken.json", "{")],
  ["CAIRN_ADDRESSES", file("short.json", JSON.stringify({ ...book, checkpoints: "0x12" }))],
])("%s = %s is refused by name", (name, value) => {
  expect(() => readSettings({ ...good, [name]: value })).toThrow(
    new RegExp(name === "CAIRN_ADDRESSES" ? "CAIRN_ADDRESSES|checkpoints" : name),
  );
});

test("all wrong settings are named at once", () => {
  expect(() => readSettings({ CAIRN_RPC_URL: "x", CAIRN_BEACON_URL: "y" })).toThrow(
    /CAIRN_RPC_URL[\s\S]*CAIRN_BEACON_URL[\s\S]*CAIRN_ADDRESSES/,
  );
});
