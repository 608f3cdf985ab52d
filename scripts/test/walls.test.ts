import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBreaches as findRuleBreaches } from "../rules.ts";
import { findBreaches, findCircles, solidityWall, typescriptWall } from "../walls.ts";

let root = "";
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cairn-walls-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ["deposit/A.sol", "types/B.sol", true],
  ["deposit/A.sol", "deposit/B.sol", true],
  ["validators/A.sol", "deposit/IB.sol", true],
  ["validators/A.sol", "deposit/B.sol", false],
  ["deposit/A.sol", "validators/IB.sol", false],
  ["types/A.sol", "deposit/IB.sol", false],
  ["accounting/A.sol", "validators/IB.sol", true],
  ["extras/A.sol", "deposit/IB.sol", false],
])("Solidity: %s imports %s, allowed: %s", (from, to, allowed) => {
  expect(solidityWall(`contracts/src/${from}`, `contracts/src/${to}`) === undefined).toBe(allowed);
});

test.each([
  ["packages/beacon/src/a.ts", "@cairn/protocol", true],
  ["packages/protocol/src/a.ts", "@cairn/beacon", false],
  ["packages/deployment/src/a.ts", "@cairn/beacon", true],
  ["packages/deployment/src/a.ts", "@cairn/devnet", false],
  ["packages/beacon/src/a.ts", "@cairn/deployment", false],
  ["apps/deploy/src/a.ts", "@cairn/deployment", true],
  ["packages/sdk/src/a.ts", "@cairn/devnet", false],
  ["apps/keeper/src/a.ts", "@cairn/beacon", true],
  ["apps/keeper/src/a.ts", "@cairn/keeper", false],
  ["apps/web/src/a.ts", "@cairn/keeper", false],
  ["apps/web/src/a.ts", "@cairn/sdk/react", false],
  ["apps/keeper/src/a.ts", "../../cli/src/b.ts", false],
  ["apps/keeper/src/jobs/a.ts", "../b.ts", true],
  ["packages/beacon/src/a.ts", "../../protocol/src/b.ts", false],
  ["e2e/journey/a.ts", "@cairn/devnet", true],
  ["e2e/journey/a.ts", "viem", true],
])("TypeScript: %s imports %s, allowed: %s", (from, specifier, allowed) => {
  expect(typescriptWall(from, specifier) === undefined).toBe(allowed);
});

test("breaches are found in real files, whatever the form of the import", () => {
  write("contracts/src/deposit/A.sol", 'import {\n  C\n} from "../accounting/IC.sol";\n');
  write("packages/protocol/src/a.ts", 'import type {\n  B,\n} from "@cairn/beacon";\n');
  write("packages/protocol/src/b.ts", 'export { c } from "@cairn/devnet";\n');
  write("apps/keeper/src/a.ts", 'const x = await import("../../cli/src/x.ts");\nimport "./fine.ts";\n');
  expect(findBreaches(root)).toHaveLength(4);
});

test.each([
  ["none", { a: ["b", "c"], b: ["c"], c: [] }, []],
  ["to a file that is not there", { a: ["gone"] }, []],
  ["itself", { a: ["a"] }, ["a → a"]],
  ["two", { b: ["a"], a: ["c", "b"], c: [] }, ["a → b → a"]],
  ["three, entered from outside", { x: ["b"], b: ["c"], c: ["a"], a: ["b"] }, ["a → b → c → a"]],
  ["the shortest of a knot", { a: ["b", "c"], b: ["c"], c: ["a"] }, ["a → c → a"]],
  ["two knots", { a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] }, ["c → d → c", "a → b → a"]],
])("circles: %s", (_, imports, circles) => {
  expect(findCircles(new Map(Object.entries(imports)))).toEqual(circles);
});

test("circles are found in real files, in types and in Solidity too", () => {
  write("apps/keeper/src/a.ts", 'import type { B } from "./jobs/b.ts";\nimport { c } from "./c.ts";\n');
  write("apps/keeper/src/jobs/b.ts", 'import type { A } from "../a.ts";\n');
  write("apps/keeper/src/c.ts", 'export { d } from "./d.ts";\n');
  write("contracts/src/deposit/A.sol", 'import {IB} from "./IB.sol";\n');
  write("contracts/src/deposit/IB.sol", 'import {\n  A\n} from "./A.sol";\n');
  expect(findBreaches(root)).toEqual([
    "files import each other in a circle: contracts/src/deposit/A.sol → contracts/src/deposit/IB.sol → contracts/src/deposit/A.sol",
    "files import each other in a circle: apps/keeper/src/a.ts → apps/keeper/src/jobs/b.ts → apps/keeper/src/a.ts",
  ]);
});

test("the rules find what they are for", () => {
  write("packages/protocol/src/sentences.ts", "export const SENTENCES = {\n  Known: '',\n};\n");
  write("contracts/src/deposit/A.sol", "contract A {\n error Known();\n error Silent(uint256 x);\n}\n");
  write("contracts/src/deposit/B.sol", "error Known();\n".concat("\n".repeat(600)));
  write("packages/beacon/src/utils/x.ts", 'throw new Error("x");\n');
  write("packages/beacon/src/BadName.ts", "export * from './x.ts';\n");
  const files = [
    "contracts/src/deposit/A.sol",
    "contracts/src/deposit/B.sol",
    "packages/beacon/src/utils/x.ts",
    "packages/beacon/src/BadName.ts",
  ];
  const found = findRuleBreaches(root, files).join("\n");
  for (const part of [
    "Known is declared in",
    "no sentence for Silent",
    "601 lines",
    "utils",
    "own error",
    "camelCase",
    "name what is exported",
    "Owns:",
  ]) {
    expect(found).toContain(part);
  }
});
