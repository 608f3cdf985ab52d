import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { BeaconError, type BeaconStateBytes, type ForkName, openState } from "../src/index.ts";
import { compareWithLodestar, PRESET } from "./support/compareWithLodestar.ts";
import { syntheticState } from "./support/syntheticState.ts";

const FORKS: readonly ForkName[] = ["deneb", "electra", "fulu"];
const SIZES = [1, 2, 3, 4, 5, 255, 256, 257, 1000, 20_000];
const SEED = "state";

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof BeaconError ? error.code : String(error);
  }
  return "none";
}

async function open(
  fork: ForkName,
  options: { pendingDeposits?: number; headerStateRoot?: Uint8Array } = {},
) {
  const bytes = syntheticState({ fork, validators: 9, seed: SEED, ...options });
  return { state: await openState({ preset: PRESET, fork, bytes }), bytes };
}

describe.each(FORKS)("%s state against Lodestar's tree", (fork) => {
  it.each(SIZES)("%i validators", async (validators) => {
    const bytes = syntheticState({ fork, validators, seed: SEED, pendingDeposits: validators % 7 });
    await compareWithLodestar(fork, bytes, `${SEED}/members`);
  });
});

describe("the mainnet preset", () => {
  it("reads the same way, in a process of its own", async () => {
    const script = fileURLToPath(new URL("./support/compareAll.ts", import.meta.url));
    const env = { ...process.env, LODESTAR_PRESET: "mainnet" };
    const { stdout } = await promisify(execFile)(process.execPath, [script, "1", "5", "257", "1000"], {
      env,
    });
    expect(JSON.parse(stdout)).toEqual({ preset: "mainnet", compared: 12 });
  });

  it("is chosen by openState itself when nothing chose before, and then stays", {
    timeout: 600_000,
  }, async () => {
    const script = fileURLToPath(new URL("./support/choosePreset.ts", import.meta.url));
    const env = { ...process.env };
    delete env.LODESTAR_PRESET;
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env });
    expect(JSON.parse(stdout)).toEqual({ first: "badState", second: "presetMismatch", active: "minimal" });
  });
});

describe("openState refuses", () => {
  it("a fork it has no table for", async () => {
    const { bytes } = await open("fulu");
    for (const fork of ["gloas", "phase0", "toString", ""]) {
      await expect(openState({ preset: PRESET, fork, bytes })).rejects.toMatchObject({
        code: "unsupportedFork",
      });
    }
  });

  it("the other preset once one is loaded", async () => {
    const { bytes } = await open("fulu");
    const preset = PRESET === "minimal" ? "mainnet" : "minimal";
    await expect(openState({ preset, fork: "fulu", bytes })).rejects.toMatchObject({
      code: "presetMismatch",
    });
  });

  it("bytes that are no state of the fork", async () => {
    const { bytes } = await open("fulu");
    const bad = [
      bytes.subarray(0, 100),
      bytes.subarray(0, bytes.length - 1),
      new Uint8Array(bytes.length),
      new Uint8Array(),
    ];
    for (const cut of bad) {
      await expect(openState({ preset: PRESET, fork: "fulu", bytes: cut })).rejects.toMatchObject({
        code: "badState",
      });
    }
    await expect(openState({ preset: PRESET, fork: "deneb", bytes })).rejects.toMatchObject({
      code: "badState",
    });
  });
});

describe("a state's readers", () => {
  it("find validators by key, and only those", async () => {
    const { state } = await open("electra");
    const key = state.validator(5).pubkey;
    expect(state.indexOfPubkey(key.toUpperCase().replace("0X", "0x") as Hex)).toBe(5);
    expect(state.indexOfPubkey(`0x${"ab".repeat(48)}`)).toBeNull();
    for (const bad of ["0xabcd", "0xzz", "0xabc", `0x${"zz".repeat(48)}`] as const) {
      expect(
        codeOf(() => state.indexOfPubkey(bad)),
        bad,
      ).toBe("badInput");
    }
  });

  it("refuse indices outside the registry", async () => {
    const { state } = await open("electra");
    for (const index of [-1, 9, 1.5, Number.NaN]) {
      expect(
        codeOf(() => state.validator(index)),
        `validator ${index}`,
      ).toBe("badInput");
      expect(
        codeOf(() => state.balance(index)),
        `balance ${index}`,
      ).toBe("badInput");
    }
  });

  it("list pending deposits", async () => {
    const { state } = await open("fulu", { pendingDeposits: 3 });
    const pending = state.pendingDeposits();
    expect(pending.count).toBe(3);
    const deposits = [0, 1, 2].map((position) => pending.at(position));
    expect(deposits.map((deposit) => deposit.slot)).toEqual([900_000n, 900_001n, 900_002n]);
    expect(deposits.map((deposit) => deposit.amountGwei)).toEqual([
      1_000_000_000n,
      1_000_000_001n,
      1_000_000_002n,
    ]);
    expect(deposits[0]?.signature).toHaveLength(194);
    for (const position of [-1, 3, 0.5]) {
      expect(
        codeOf(() => pending.at(position)),
        `position ${position}`,
      ).toBe("badInput");
    }
  });

  it("know no pending deposits before Electra", async () => {
    const { state } = await open("deneb");
    expect(codeOf(() => state.pendingDeposits())).toBe("unsupportedFork");
  });

  it("give no block root for a state that was advanced past its block", async () => {
    const { state } = await open("fulu", { headerStateRoot: new Uint8Array(32).fill(1) });
    expect(state.stateRoot()).toHaveLength(66);
    expect(codeOf(() => state.blockRoot())).toBe("badState");
  });

  it("make no nodes where no proof goes", async () => {
    const { state } = await open("fulu");
    const bad: readonly ((state: BeaconStateBytes) => unknown)[] = [
      (s) => s.node(0n),
      (s) => s.node(17n),
      (s) => s.node(11n * 64n * 2n),
      (s) => s.listNode("balances", 6n),
      (s) => s.listNode("balances", 2n ** 40n),
    ];
    for (const [i, run] of bad.entries())
      expect(
        codeOf(() => run(state)),
        `case ${i}`,
      ).toBe("badInput");
  });
});
