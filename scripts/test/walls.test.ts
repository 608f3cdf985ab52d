import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBreaches as findRuleBreaches } from "../rules.ts";
import { findBreaches, solidityWall, typescriptWall } from "../walls.ts";

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
