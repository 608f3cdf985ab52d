import { IMPLEMENTATION_SLOT } from "@cairn/deployment";
import { rolesAbi } from "@cairn/protocol";
import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, type Log, pad, toHex } from "viem";
import { describe, expect, it } from "vitest";
import { roleLines, slotLines, variableAt } from "../src/rehearsal/changes.ts";

const at = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const word = (n: number | bigint): Hex => pad(toHex(n), { size: 32 });
const names = new Map([
  [at(1), "accessManager"],
  [at(2), "checkpoints"],
]);

describe("slots", () => {
  it("are named by the contract's layout", () => {
    expect(variableAt("checkpoints", word(0))).toBe("_parameters");
    expect(variableAt("checkpoints", IMPLEMENTATION_SLOT)).toContain("implementation");
    expect(variableAt("checkpoints", word(2n ** 250n))).toContain("mapping");
    expect(variableAt("nothing", word(3))).toBe("unnamed");
  });

  it("show before and after, with what was made or cleared; the payer's gas is left out", () => {
    const lines = slotLines(
      {
        pre: {
          [at(2)]: { balance: "0x5", storage: { [word(0)]: word(1), [word(1)]: word(7) } },
          [at(7)]: { balance: "0x10" },
        },
        post: {
          [at(2)]: { balance: "0x6", storage: { [word(0)]: word(2), [word(9)]: word(3) } },
          [at(7)]: { balance: "0x1" },
        },
      },
      names,
      at(7),
    );
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("checkpoints: ether 5 → 6 wei");
    expect(lines[1]).toBe(`checkpoints, slot ${word(0)} (_parameters): ${word(1)} → ${word(2)}`);
    expect(lines[2]).toContain(`${word(7)} → ${word(0)}`);
    expect(lines[3]).toContain(`${word(0)} → ${word(3)}`);
  });
});

describe("roles", () => {
  it("say who gets, who loses, and what may be called", () => {
    const log = (topics: readonly unknown[], data: Hex): Log => ({ address: at(1), topics, data }) as never;
    const granted = log(
      encodeEventTopics({ abi: rolesAbi, eventName: "RoleGranted", args: { roleId: 1n, account: at(2) } }),
      encodeAbiParameters([{ type: "uint32" }, { type: "uint48" }, { type: "bool" }], [60, 0, true]),
    );
    const revoked = log(
      encodeEventTopics({ abi: rolesAbi, eventName: "RoleRevoked", args: { roleId: 6n, account: at(9) } }),
      "0x",
    );
    const moved = log(
      encodeEventTopics({
        abi: rolesAbi,
        eventName: "TargetFunctionRoleUpdated",
        args: { target: at(2), roleId: 2n ** 64n - 1n },
      }),
      encodeAbiParameters([{ type: "bytes4" }], ["0x12345678"]),
    );
    const elsewhere = { ...granted, address: at(3) };
    expect(roleLines([granted, revoked, moved, elsewhere], at(1), names)).toEqual([
      "GUARDIAN is given to checkpoints, delay 60 s",
      `UPGRADES is taken from ${at(9)}`,
      "checkpoints.0x12345678 may be called by PUBLIC (anybody)",
    ]);
  });
});
