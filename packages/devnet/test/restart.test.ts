import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type Devnet, type DevnetHead, startDevnet } from "../src/index.ts";
import { ALICE, clientsOf, PREFUNDED, testFolder } from "./support/testChain.ts";

const folder = testFolder();
const options = { dataDir: folder.dir, prefunded: PREFUNDED, validators: 1024 };
let open: Devnet | undefined;

async function start(more: { fresh?: boolean; validators?: number } = {}): Promise<Devnet> {
  open = await startDevnet({ ...options, ...more });
  return open;
}

afterAll(async () => {
  await open?.stop();
  folder.remove();
});

/** Runs a chain in a process of its own and kills it without warning once it made some blocks. */
function runAndKill(minBlocks: number): Promise<DevnetHead> {
  const program = fileURLToPath(new URL("./support/endlessChain.ts", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, folder.dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let text = "";
    child.on("error", reject);
    child.on("exit", (_code, signal) => {
      if (signal !== "SIGKILL") reject(new TypeError(`the child ended before it was killed: ${text}`));
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const heads = text.split("\n").slice(0, -1);
      if (heads.length < minBlocks) return;
      child.once("exit", () => resolve(JSON.parse(heads.at(-1) as string) as DevnetHead));
      child.kill("SIGKILL");
    });
  });
}

describe("restart", () => {
  test("goes on where it stopped, with logs, receipts and nonces", async () => {
    const first = await start();
    const { alice, mined } = clientsOf(first);
    const receipt = await mined(alice.sendTransaction({ to: ALICE.address, value: 1n }));
    await first.runAhead({ epochs: 5 });
    await first.simulateAttendance({ epochs: 2 });
    first.faults.missSlots(2);
    await first.advance(6);
    const { head } = first;
    const oldState = first.stateAt(3).hashTreeRoot();
    await first.stop();
    await expect(first.advance(1)).rejects.toMatchObject({ code: "stopped" });

    const second = await start();
    expect(second.head).toEqual(head);
    expect(second.stateAt(3).hashTreeRoot()).toEqual(oldState);
    const clients = clientsOf(second);
    const again = await clients.client.getTransactionReceipt({ hash: receipt.transactionHash });
    expect(again).toEqual(receipt);
    expect(await clients.client.getTransactionCount({ address: ALICE.address })).toBe(1);
    await clients.mined(clients.alice.sendTransaction({ to: ALICE.address, value: 1n }));
    await second.runAhead({ epochs: 2 });
    expect(second.head.finalizedEpoch).toBeGreaterThan(head.finalizedEpoch);
  });

  test("refuses a second chain on the same folder, and other options", async () => {
    await expect(startDevnet(options)).rejects.toMatchObject({ code: "data-dir-locked" });
    await open?.stop();
    await expect(start({ validators: 2048 })).rejects.toMatchObject({ code: "options-changed" });
  });

  test("survives kill -9 of the whole process", async () => {
    const killed = await runAndKill(40);
    const chain = await start();
    expect(chain.head.blockNumber).toBeGreaterThanOrEqual(killed.blockNumber);
    expect(chain.blocks.byRoot(killed.blockRoot)?.executionHash).toBe(killed.executionHash);
    await chain.advance(10);
    expect(await clientsOf(chain).client.getBlockNumber()).toBe(BigInt(chain.head.blockNumber));
    await chain.stop();
  });

  test("blocks with hundreds of transactions can be given to an empty execution client", async () => {
    const chain = await start();
    await chain.faults.fillDepositQueue(260);
    await chain.advance(1);
    expect(chain.headBlock.transactionCount).toBe(260);
    await chain.advance(2);
    await chain.stop();
  });

  test("rebuilds the execution client when its databases are lost, and cuts off a torn record", async () => {
    rmSync(join(folder.dir, "execution"), { recursive: true });
    const log = join(folder.dir, "chain.log");
    truncateSync(log, statSync(log).size - 5);
    const chain = await start();
    const { hash } = await clientsOf(chain).client.getBlock();
    expect(hash).toBe(chain.head.executionHash);
    await chain.advance(3);
  });

  test("an execution client that dies is reported, and a new start goes on", async () => {
    const chain = open as Devnet;
    process.kill(chain.executionClient.pid as number, "SIGKILL");
    await expect(chain.advance(5)).rejects.toMatchObject({ code: "execution-client-failed" });
    const { blockNumber } = chain.head;
    await chain.stop();
    const next = await start();
    expect(next.head.blockNumber).toBeGreaterThanOrEqual(blockNumber);
    await next.advance(2);
    await next.stop();
  });

  test("fresh begins at genesis", async () => {
    const chain = await start({ fresh: true });
    expect(chain.head.blockNumber).toBe(0);
    await chain.advance(1);
    expect(chain.head.blockNumber).toBe(1);
    await chain.stop();
  });
});
