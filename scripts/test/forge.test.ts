import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const FORGE = join(import.meta.dirname, "../forge.ts");
const run = (...args: string[]) => spawnSync(process.execPath, [FORGE, ...args], { encoding: "utf8" });

test("forge's answer comes through", () => {
  const { status, stdout } = run("--version");
  expect(status).toBe(0);
  expect(stdout).toContain("forge");
});

test("and so does its failure", () => {
  expect(run("no-such-command").status).not.toBe(0);
});
