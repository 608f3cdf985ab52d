import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../stack/browser.ts";
import { programEnvironment } from "../stack/programEnvironment.ts";

/** For what would never come. */
const BACKSTOP_MS = 15 * 60_000;
const MAIN = join(import.meta.dirname, "../start/main.ts");
const folder = mkdtempSync(join(tmpdir(), "cairn-start-"));
let child: ChildProcess;
let url = "";
let browser: Browser;

/** Starts the program as `npm start` does and resolves with the page's address. */
async function start(): Promise<string> {
  child = spawn(process.execPath, [MAIN], {
    env: programEnvironment({
      LODESTAR_PRESET: "mainnet",
      CAIRN_FOLDER: folder,
      CAIRN_PORT: "0",
      CAIRN_RPC_PORT: "0",
      CAIRN_BEACON_PORT: "0",
      CAIRN_CONTROL_PORT: "0",
      // it runs by the clock: at its usual pace a checkpoint would soon be late on a machine that is busy
      CAIRN_FAST_PACE: "4",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  for (;;) {
    const found = /Status page: (\S+)/.exec(said)?.[1];
    if (found) return found;
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${said}`);
    await sleep(50);
  }
}

async function stop(): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  return ended;
}

async function open(colorScheme: "light" | "dark", width: number): Promise<Page> {
  const page = await (await browser.newContext({ colorScheme, viewport: { width, height: 900 } })).newPage();
  page.setDefaultTimeout(BACKSTOP_MS);
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(url);
  return page;
}

const stateOf = (page: Page) => page.getByRole("status").textContent();

beforeAll(async () => {
  browser = await openBrowser();
  url = await start();
});

afterAll(async () => {
  await browser.close();
  if (child.exitCode === null) await stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the first page shows the pool", async () => {
  const page = await open("light", 1280);
  await page.getByText(/^Running/).waitFor();
  await page.getByRole("heading", { name: "Pool" }).waitFor();
  // three users stake 700 ETH each, over the seed of 1 ETH; two operators put up 64 ETH of bond each
  await page
    .locator("#pool dd")
    .first()
    .filter({ hasText: /^2,[1-4]\d\d(\.\d+)? ETH$/ })
    .waitFor();
  expect(await page.locator("#chain dd").first().textContent()).toMatch(/^slot \d+, epoch \d+$/);
  expect(await page.locator("#safety dd").allTextContents()).toEqual([
    "off",
    "0 %, allowed 0.05 %",
    expect.stringMatching(/^0 ETH, allowed 1\.\d+ ETH$/),
    expect.stringMatching(/^\d\.\d h, allowed 8\.0 h$/),
    ...Array.from({ length: 4 }, () => expect.stringMatching(/^\d+(\.\d+)? ETH$/)),
  ]);
});

test.each([
  ["light", 1280],
  ["light", 390],
  ["dark", 1280],
  ["dark", 390],
] as const)("no accessibility violation, %s at %d pixels", async (scheme, width) => {
  const page = await open(scheme, width);
  await page.getByText(/^Running/).waitFor();
  await page.locator("summary").click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
  const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(overflow, "nothing is wider than the screen").toBeLessThanOrEqual(0);
});

test("the difference to mainnet is listed and reached by keyboard", async () => {
  const page = await open("light", 1280);
  await page.getByText(/^Running/).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "fork choice" }).waitFor();
});

test("it stops cleanly, says so on the page, and the next start goes on", async () => {
  const page = await open("light", 1280);
  await page.getByText(/^Running/).waitFor();
  const before = (await (await fetch(`${url}status.json`)).json()) as { facts: { chain: { slot: number } } };
  expect(await stop()).toBe(0);
  await page.getByText("The stack does not answer").waitFor();
  expect(await stateOf(page)).toContain("Trying again");

  url = await start();
  const again = await open("light", 1280);
  await again.getByText(/^Running/).waitFor();
  const after = (await (await fetch(`${url}status.json`)).json()) as { facts: { chain: { slot: number } } };
  expect(after.facts.chain.slot).toBeGreaterThanOrEqual(before.facts.chain.slot);
  await again
    .locator("#pool dd")
    .first()
    .filter({ hasText: /^2,[1-4]\d\d(\.\d+)? ETH$/ })
    .waitFor();
});
