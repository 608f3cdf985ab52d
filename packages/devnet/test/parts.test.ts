import { rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { validatorStatus } from "../src/consensus/validatorStatus.ts";
import { createValidatorKey, signDeposit, systemContracts } from "../src/index.ts";
import { parseOptions } from "../src/options/devnetOptions.ts";
import { nextBaseFee } from "../src/rpc/fees.ts";
import { ChainLog } from "../src/storage/chainLog.ts";
import { lockFolder } from "../src/storage/lockFile.ts";
import { LogIndex } from "../src/storage/logIndex.ts";
import type { RpcLog } from "../src/storage/receiptTypes.ts";
import { testFolder } from "./support/testChain.ts";

const folder = testFolder();
afterAll(folder.remove);

describe("options", () => {
  test("slot length and preset must fit", () => {
    expect(parseOptions({ dataDir: "x" })).toMatchObject({ preset: "minimal", secondsPerSlot: 48 });
    expect(() => parseOptions({ dataDir: "x", secondsPerSlot: 12 })).toThrow(/LODESTAR_PRESET=mainnet/);
    expect(() => parseOptions({ dataDir: "" })).toThrow(/devnet options are wrong/);
    expect(() => parseOptions({ dataDir: "x", prefunded: { "0x12": 1n } })).toThrow(/Invalid key in record/);
  });
});

describe("chain log", () => {
  test("gives back what was written and cuts a torn tail", () => {
    const path = join(folder.dir, "log");
    const log = new ChainLog(path);
    log.append(0, 1, Uint8Array.of(1, 2, 3));
    log.append(1, 2, new Uint8Array(0));
    log.append(0, 3, Uint8Array.of(4, 5));
    log.close();
    truncateSync(path, statSync(path).size - 1);
    const again = new ChainLog(path);
    const records = again.scan();
    expect(records.map(({ kind, slot }) => [kind, slot])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    again.append(0, 3, Uint8Array.of(9));
    expect(again.scan()).toHaveLength(3);
    expect([...again.read(again.scan()[2] as never)]).toEqual([9]);
    again.close();
    rmSync(path);
  });
});

test("a stale lock is taken over, a live one is not", () => {
  writeFileSync(join(folder.dir, "lock"), "999999999");
  const unlock = lockFolder(folder.dir);
  expect(() => lockFolder(folder.dir)).toThrow(/already runs/);
  unlock();
  lockFolder(folder.dir)();
});

test("base fee follows EIP-1559", () => {
  const at = (gasUsed: number) => nextBaseFee({ baseFeePerGas: 1000n, gasUsed, gasLimit: 60_000_000 });
  expect([at(0), at(30_000_000), at(60_000_000)]).toEqual([875n, 1000n, 1125n]);
});

test("status of a validator through its life", () => {
  const never = Number.POSITIVE_INFINITY;
  const base = {
    slashed: false,
    activationEligibilityEpoch: never,
    activationEpoch: never,
    exitEpoch: never,
    withdrawableEpoch: never,
  };
  expect(validatorStatus(base, 1, 5)).toBe("pending_initialized");
  expect(validatorStatus({ ...base, activationEligibilityEpoch: 4 }, 1, 5)).toBe("pending_queued");
  const active = { ...base, activationEligibilityEpoch: 1, activationEpoch: 2 };
  expect(validatorStatus(active, 1, 5)).toBe("active_ongoing");
  const leaving = { ...active, exitEpoch: 8, withdrawableEpoch: 12 };
  expect(validatorStatus(leaving, 1, 5)).toBe("active_exiting");
  expect(validatorStatus({ ...leaving, slashed: true }, 1, 5)).toBe("active_slashed");
  expect(validatorStatus(leaving, 1, 9)).toBe("exited_unslashed");
  expect(validatorStatus({ ...leaving, slashed: true }, 1, 9)).toBe("exited_slashed");
  expect(validatorStatus(leaving, 1, 12)).toBe("withdrawal_possible");
  expect(validatorStatus(leaving, 0, 12)).toBe("withdrawal_done");
});

test("the log index finds by block and address without a cap", () => {
  const index = new LogIndex();
  for (let block = 0; block < 20_000; block++) {
    const log = {
      address: block % 2 === 0 ? "0xa" : "0xb",
      topics: ["0x1"],
      blockNumber: `0x${block.toString(16)}`,
    };
    index.add([log as unknown as RpcLog]);
  }
  const find = (addresses: string[]) =>
    index.find({ addresses, topics: [], fromBlock: 0, toBlock: 30_000 }).length;
  expect([find([]), find(["0xa"]), find(["0xa", "0xb"]), find(["0xc"])]).toEqual([20_000, 10_000, 20_000, 0]);
  expect(index.find({ addresses: ["0xb"], topics: [["0x1"]], fromBlock: 100, toBlock: 103 })).toHaveLength(2);
});

test("keys are deterministic and deposits are signed for one chain", () => {
  const key = createValidatorKey("one");
  expect(createValidatorKey("one").pubkey).toBe(key.pubkey);
  expect(createValidatorKey("two").pubkey).not.toBe(key.pubkey);
  const deposit = {
    secretKey: key.secretKey,
    withdrawalCredentials: `0x01${"00".repeat(31)}`,
    amountGwei: 32_000_000_000n,
  };
  const here = signDeposit({ ...deposit, genesisForkVersion: "0x00323832" });
  const there = signDeposit({ ...deposit, genesisForkVersion: "0x00000000" });
  expect(here.signature).not.toBe(there.signature);
  expect(here.depositDataRoot).toMatch(/^0x[0-9a-f]{64}$/);
});

test("system contracts carry code, the deposit contract its zero hashes", () => {
  const contracts = systemContracts();
  expect(Object.keys(contracts.depositContract.storage).length).toBe(31);
  for (const { code } of Object.values(contracts)) expect(code.length).toBeGreaterThan(100);
});
