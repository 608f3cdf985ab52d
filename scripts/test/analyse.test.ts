import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Exception, type Finding, findingsOf, judge } from "../analyse/exceptions.ts";
import { judgeProofs, lawsIn, type Proof } from "../analyse/halmos.ts";
import { judgeWalk, kindsIn } from "../analyse/medusa.ts";
import { versionIn } from "../analyse/tools.ts";

const contract = { type: "contract", name: "Vault" };
const inside = (type: string, name: string, parent: object) => ({
  type,
  name,
  type_specific_fields: { parent },
});
const sweep = inside("function", "sweep", contract);

describe("findings of slither", () => {
  const placeOf = (element: object) =>
    findingsOf({
      results: { detectors: [{ check: "d", impact: "Low", description: " t ", elements: [element] }] },
    })[0];

  it("stand at the function around them, a local variable's too", () => {
    const expected: Finding = { detector: "d", impact: "Low", place: "Vault.sweep", text: "t" };
    expect(placeOf(sweep)).toEqual(expected);
    expect(placeOf(inside("node", "call()", sweep))).toEqual(expected);
    expect(placeOf(inside("variable", "total", sweep))).toEqual(expected);
  });

  it("stand at a variable of the contract, and at the contract itself", () => {
    expect(placeOf(inside("variable", "TOKEN", contract))?.place).toBe("Vault.TOKEN");
    expect(placeOf(contract)?.place).toBe("Vault");
  });

  it("are none in a report without detectors", () => {
    expect(findingsOf({ success: true, results: {} })).toEqual([]);
  });
});

describe("exceptions", () => {
  const found = (detector: string, place: string): Finding => ({ detector, place, impact: "Low", text: "" });
  const exception = (detector: string, places: Exception["places"]): Exception => ({
    detector,
    places,
    why: "w",
  });

  it("cover their detector at their places alone", () => {
    const findings = [found("a", "X.f"), found("a", "X.f"), found("a", "X.g"), found("b", "X.f")];
    const { unexplained, stale, explained } = judge(findings, [exception("a", ["X.f"])]);
    expect(unexplained).toEqual([found("a", "X.g"), found("b", "X.f")]);
    expect([stale, explained]).toEqual([[], 2]);
  });

  it("cover every place where they say so", () => {
    const { unexplained, stale } = judge([found("a", "X.f"), found("b", "X.f")], [exception("a", "*")]);
    expect([unexplained, stale]).toEqual([[found("b", "X.f")], []]);
  });

  it("are stale where nothing is found any more", () => {
    const exceptions = [exception("a", ["X.f", "X.gone"]), exception("gone", "*")];
    expect(judge([found("a", "X.f")], exceptions).stale).toEqual(["a at X.gone", "gone at *"]);
  });

  it("of the project say why, and name each place once", () => {
    const file = join(import.meta.dirname, "../analyse/exceptions.json");
    const all = JSON.parse(readFileSync(file, "utf8")) as Exception[];
    const named = all.flatMap(({ detector, places }) =>
      (places === "*" ? ["*"] : places).map((place) => `${detector} at ${place}`),
    );
    expect(new Set(named).size).toBe(named.length);
    for (const { why } of all) expect(why.length).toBeGreaterThan(40);
  });
});

describe("proofs of halmos", () => {
  const laws = lawsIn([
    "contract SumLaws {\n  function check_A(uint8 x) external {}\n  function check_B() external {}\n}",
  ]);
  const proof = (name: string, change: Partial<Proof> = {}): Proof => ({
    ...{ name, exitcode: 0, num_bounded_loops: 0, num_models: 0, seconds: 1.25 },
    ...change,
  });
  const [a, b] = [proof("SumLaws.check_A(uint8)"), proof("SumLaws.check_B()")];

  it("are asked for of every law that is written", () => {
    expect(laws).toEqual(["SumLaws.check_A", "SumLaws.check_B"]);
    expect(judgeProofs([a, b], laws)).toMatchObject({ ok: true, sentence: "2 of 2 laws proven" });
    expect(judgeProofs([a], laws)).toMatchObject({ ok: false, sentence: "1 of 2 laws proven" });
    expect(judgeProofs([], []).ok).toBe(false);
  });

  it.each([
    [{ exitcode: 1, num_models: 1 }, "a counterexample"],
    [{ num_models: 1 }, "a counterexample"],
    [{ exitcode: 2 }, "no answer in time"],
    [{ exitcode: 4, num_bounded_loops: null }, "halmos ended with 4"],
    [{ num_bounded_loops: 1 }, "a loop was not followed to its end"],
    [{ num_bounded_loops: null }, "a loop was not followed to its end"],
  ])("are none with %o", (change, why) => {
    const { ok, details } = judgeProofs([a, { ...b, ...change }], laws);
    expect(ok).toBe(false);
    expect(details[1]).toContain(`NOT PROVEN (${why}) SumLaws.check_B`);
  });
});

describe("the walk of medusa", () => {
  const output = (failed: number, kinds: number) =>
    `calls: 12\n calls:     345 \n"W.optimize_KindsOfStepDone()" resulted in the maximum value: ${kinds}\n9 test(s) passed, ${failed} test(s) failed`;

  it("has done every kind of step", () => {
    expect(kindsIn("enum Kind {\n A,\n B,\n C\n}")).toBe(3);
    expect(judgeWalk(true, output(0, 3), 3, 7)).toMatchObject({ ok: true, details: [] });
    expect(judgeWalk(true, output(0, 3), 3, 7).sentence).toContain("over 345 calls, 3 of 3 kinds");
  });

  it("shows nothing if it got nowhere, if it ended badly, or if sentences were not looked at", () => {
    expect(judgeWalk(true, output(0, 2), 3, 7).ok).toBe(false);
    expect(judgeWalk(true, output(1, 3), 3, 7)).toMatchObject({ ok: false, sentence: "1 sentences broken" });
    expect(judgeWalk(false, output(0, 3), 3, 7).ok).toBe(false);
    expect(judgeWalk(true, output(0, 3), 3, 9).ok).toBe(false);
    expect(judgeWalk(true, "", 3, 7).ok).toBe(false);
  });
});

it("versions are the first three numbers that a tool prints", () => {
  expect(versionIn("halmos 0.3.3\n")).toBe("0.3.3");
  expect(versionIn("medusa version 1.5.1")).toBe("1.5.1");
  expect(versionIn("no version")).toBeUndefined();
});
