import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const ALICE = "0x00000000219ab540356cbb839cbe05303d7705fa";
const KEY = `0x${"12".repeat(32)}`;
const accounts = { CAIRN_GUARDIANS: ALICE, CAIRN_TREASURY: ALICE };
const folder = mkdtempSync(join(tmpdir(), "cairn-deploy-"));
let server: Server;
let rpc = "";

/** An execution client of a chain with the id 17. */
beforeAll(async () => {
  server = createServer((_, response) =>
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: "0x11" })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  rpc = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function deploy(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, said })));
}

test("ends with 2 and one plain sentence when it refuses", async () => {
  const hoodi = ["plan", "--network", "hoodi", "--rpc", rpc, "--out", folder];
  const cases: readonly (readonly [string[], Record<string, string>, string])[] = [
    [[], {}, "npm run deploy -- COMMAND"],
    [hoodi, {}, "addresses follow from the deployer"],
    [hoodi, { CAIRN_DEPLOYER: ALICE }, "give its guardians and treasury by settings"],
    [hoodi, { CAIRN_DEPLOYER: ALICE, ...accounts }, "the chain's id is 17, and hoodi's is 560048"],
    [
      ["apply", ...hoodi.slice(1), "--send"],
      { CAIRN_DEPLOYER: ALICE, ...accounts },
      "set CAIRN_DEPLOYER_KEY",
    ],
    [
      ["apply", "--network", "mainnet", "--rpc", rpc, "--out", folder, "--send"],
      { CAIRN_DEPLOYER_KEY: KEY, ...accounts },
      'on mainnet nothing is sent without the words "deploy Cairn to mainnet"',
    ],
  ];
  for (const [args, env, words] of cases) {
    const { code, said } = await deploy(args, env);
    expect(said).toContain(words);
    expect(said).not.toContain("    at ");
    expect(code, said).toBe(2);
  }
});

test("takes the accounts that an earlier apply noted", async () => {
  const noted = { deployer: ALICE, guardians: [ALICE], treasury: ALICE, release: "cairn" };
  writeFileSync(join(folder, "hoodi.accounts.json"), JSON.stringify(noted));
  const { said } = await deploy(["verify", "--network", "hoodi", "--rpc", rpc, "--out", folder]);
  expect(said).toContain("the chain's id is 17");
});

test("ends with 1 when the execution client does not answer, and does not show its URL", async () => {
  const args = ["plan", "--network", "hoodi", "--rpc", "http://127.0.0.1:1/secret"];
  const { code, said } = await deploy(args, { CAIRN_DEPLOYER: ALICE, ...accounts });
  expect(code).toBe(1);
  expect(said).toContain("the execution client at --rpc does not answer");
  expect(said).not.toContain("secret");
});
