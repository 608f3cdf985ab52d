import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { programEnvironment } from "../stack/programEnvironment.ts";

const MAIN = join(import.meta.dirname, "../journey/main.ts");

test("the journey ends without a difference", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN], {
    env: programEnvironment({ LODESTAR_PRESET: "minimal" }),
    maxBuffer: 16 * 1024 * 1024,
  });
  expect(stdout).toContain("0 differences");
  expect(stdout, "a checkpoint with deposits on their way").toMatch(
    /^ +[1-9]\d* ETH of the pool were in flight/m,
  );
  expect(stdout).toContain("with one gwei more claimed, balancesGwei is found untrue");
  expect(stdout).toContain("is proven lost; it cost the pool 0 ETH");
});
