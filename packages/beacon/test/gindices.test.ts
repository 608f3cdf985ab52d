import { ssz } from "@lodestar/types";
import { describe, expect, it } from "vitest";
import {
  concatGindices,
  FORK_TABLE,
  type ForkName,
  forkGindices,
  fromBlockRoot,
  GLOAS_SHAPE,
  leafGindex,
  SNAPSHOT_RULES,
} from "../src/index.ts";
import { bitLength, splitGindex } from "../src/ssz/gindex.ts";

type FuluState = typeof ssz.fulu.BeaconState;

describe.each(Object.keys(FORK_TABLE) as ForkName[])("table of %s", (fork) => {
  const row = FORK_TABLE[fork];
  const type = ssz[fork].BeaconState as FuluState;

  it("equals the types", () => {
    const gindexOf = (...path: Parameters<FuluState["getPathInfo"]>[0]): bigint =>
      type.getPathInfo(path).gindex;
    expect(row).toEqual({
      name: fork,
      snapshotRule: "parentState",
      stateDepth: type.depth,
      slot: ssz.phase0.BeaconBlockHeader.getPathInfo(["slot"]).gindex,
      stateRoot: ssz.phase0.BeaconBlockHeader.getPathInfo(["stateRoot"]).gindex,
      genesisValidatorsRoot: gindexOf("genesisValidatorsRoot"),
      currentVersion: gindexOf("fork", "currentVersion"),
      validators: gindexOf("validators"),
      balances: gindexOf("balances"),
      previousEpochParticipation: gindexOf("previousEpochParticipation"),
      currentEpochParticipation: gindexOf("currentEpochParticipation"),
      finalizedCheckpoint: gindexOf("finalizedCheckpoint"),
      executionBlockHash: gindexOf("latestExecutionPayloadHeader", "blockHash"),
      pendingDeposits: fork === "deneb" ? null : gindexOf("pendingDeposits"),
    });
  });

  it("leads to elements of the lists", () => {
    for (const index of [0, 1, 4095, 999_999]) {
      const validator = concatGindices(row.validators, 2n, leafGindex(40, index));
      const chunk = concatGindices(row.balances, 2n, leafGindex(38, Math.floor(index / 4)));
      expect(validator, `validator ${index}`).toBe(type.getPathInfo(["validators", index]).gindex);
      expect(chunk, `balance ${index}`).toBe(type.getPathInfo(["balances", index]).gindex);
    }
  });
});

describe("Gloas, which has no row", () => {
  const type = ssz.gloas.BeaconState;
  const gindexOf = (...path: Parameters<typeof type.getPathInfo>[0]): bigint => type.getPathInfo(path).gindex;

  it("has the shape that is written down", () => {
    expect(GLOAS_SHAPE).toEqual({
      snapshotRule: "committedBid",
      genesisValidatorsRoot: gindexOf("genesisValidatorsRoot"),
      currentVersion: gindexOf("fork", "currentVersion"),
      validators: gindexOf("validators"),
      balances: gindexOf("balances"),
      previousEpochParticipation: gindexOf("previousEpochParticipation"),
      currentEpochParticipation: gindexOf("currentEpochParticipation"),
      finalizedCheckpoint: gindexOf("finalizedCheckpoint"),
      committedBlockHash: gindexOf("latestExecutionPayloadBid", "blockHash"),
      latestBlockHash: gindexOf("latestBlockHash"),
      pendingDeposits: gindexOf("pendingDeposits"),
      payloadExpectedWithdrawals: gindexOf("payloadExpectedWithdrawals"),
    });
    expect(SNAPSHOT_RULES.indexOf(GLOAS_SHAPE.snapshotRule), "the contract refuses rule 1").toBe(1);
  });

  it("keeps no list element at a depth of its own", () => {
    const depth = (index: number): number => bitLength(gindexOf("validators", index));
    expect(depth(1) - depth(0)).toBe(3);
    expect(depth(999_999)).not.toBe(bitLength(concatGindices(GLOAS_SHAPE.validators, 2n, leafGindex(40, 0))));
  });
});

describe("generalized indices", () => {
  it("of Electra are those the protocol names", () => {
    const { electra } = FORK_TABLE;
    expect(electra).toMatchObject({
      validators: 75n,
      balances: 76n,
      currentVersion: 269n,
      pendingDeposits: 98n,
    });
    expect(fromBlockRoot(electra, electra.balances)).toBe(716n);
  });

  it("concatenate", () => {
    expect(concatGindices()).toBe(1n);
    expect(concatGindices(1n, 5n, 1n)).toBe(5n);
    expect(concatGindices(2n, 3n)).toBe(5n);
    expect(concatGindices(11n, 76n, 2n ** 39n)).toBe(716n * 2n ** 39n);
    expect(() => concatGindices(0n)).toThrow(/at least 1/);
  });

  it("split where they were joined", () => {
    expect(splitGindex(concatGindices(11n, 269n), 3)).toEqual({ top: 11n, rest: 269n });
    expect(splitGindex(5n, 3)).toEqual({ top: 5n, rest: null });
    expect(splitGindex(11n, 3)).toEqual({ top: 11n, rest: 1n });
  });

  it("have the right number of digits, around every power of two", () => {
    for (let bits = 1; bits <= 80; bits++) {
      const power = 1n << BigInt(bits);
      expect(bitLength(power - 1n), `2^${bits} - 1`).toBe(bits);
      expect(bitLength(power), `2^${bits}`).toBe(bits + 1);
    }
  });

  it("of unknown forks fail closed", () => {
    expect(() => forkGindices("gloas")).toThrow(expect.objectContaining({ code: "unsupportedFork" }));
    expect(() => forkGindices("constructor")).toThrow(expect.objectContaining({ code: "unsupportedFork" }));
  });
});
