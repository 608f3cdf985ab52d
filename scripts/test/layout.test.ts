import { describe, expect, it } from "vitest";
import { layoutBreaks, type StorageLayout, type Variable, variablesOf } from "../layout.ts";

const layout: StorageLayout = {
  storage: [
    { label: "_count", slot: "0", offset: 0, type: "t_uint32" },
    { label: "_clock", slot: "1", offset: 0, type: "t_struct(Clock)77_storage" },
    { label: "_heads", slot: "2", offset: 0, type: "t_mapping(t_uint32,t_struct(Clock)77_storage)" },
  ],
  types: {
    t_uint32: { label: "uint32", numberOfBytes: "4" },
    t_uint40: { label: "uint40", numberOfBytes: "5" },
    "t_struct(Clock)77_storage": {
      label: "struct Clock",
      numberOfBytes: "32",
      members: [
        { label: "id", slot: "0", offset: 0, type: "t_uint40" },
        { label: "openedAt", slot: "0", offset: 5, type: "t_uint40" },
      ],
    },
    "t_mapping(t_uint32,t_struct(Clock)77_storage)": {
      label: "mapping(uint32 => struct Clock)",
      numberOfBytes: "32",
      key: "t_uint32",
      value: "t_struct(Clock)77_storage",
    },
  },
};

describe("storage layouts", () => {
  const before = variablesOf(layout);
  const changed = (i: number, change: Partial<Variable>) =>
    before.map((v, at) => (at === i ? { ...v, ...change } : v));

  it("writes out the fields of structs, inside mappings too, and no compiler's numbers", () => {
    expect(before.map((v) => `${v.slot}:${v.offset} ${v.label} ${v.bytes} ${v.type}`)).toEqual([
      "0:0 _count 4 uint32",
      "1:0 _clock 32 struct Clock {uint40 id @0:0, uint40 openedAt @0:5}",
      "2:0 _heads 32 mapping(uint32 => struct Clock {uint40 id @0:0, uint40 openedAt @0:5})",
    ]);
  });

  it("lets a layout stay or grow at its end", () => {
    expect(layoutBreaks("X", before, before)).toEqual([]);
    const grown = [...before, { label: "_new", slot: 3, offset: 0, bytes: 32, type: "uint256" }];
    expect(layoutBreaks("X", before, grown)).toEqual([]);
  });

  it("names the slot of a type that changed, also of a field of a struct in a mapping", () => {
    expect(layoutBreaks("X", before, changed(0, { type: "uint64" }))).toEqual([
      "X, slot 0 offset 0: was _count (uint32), is _count (uint64)",
    ]);
    const deep = (before[2]?.type ?? "").replace("uint40 openedAt", "uint48 openedAt");
    expect(layoutBreaks("X", before, changed(2, { type: deep }))[0]).toContain(
      "X, slot 2 offset 0: was _heads",
    );
  });

  it("names the slot of a variable that moved, was renamed or is gone", () => {
    const inserted = [before[0], { ...before[1], label: "_new", type: "uint256" }, before[1]].map((v, i) => ({
      ...(v as Variable),
      slot: i,
    }));
    const breaks = layoutBreaks("X", before, inserted);
    expect(breaks).toHaveLength(2);
    expect(breaks[0]).toContain("slot 1 offset 0: was _clock");
    expect(layoutBreaks("X", before, changed(1, { slot: 5 }))[0]).toContain("has moved; slot 5 offset 0");
    expect(layoutBreaks("X", before, before.slice(0, 2))).toEqual([
      expect.stringContaining("slot 2 offset 0: _heads"),
    ]);
  });
});
