import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  type Account,
  type Chain,
  createTestClient,
  http,
  type PublicClient,
  publicActions,
  type TestClient,
  type Transport,
  type WalletActions,
  walletActions,
} from "viem";
import { GovernError } from "../governError.ts";

/** A private copy of a chain's state, on which anybody can be anybody. */
export interface Copy {
  readonly client: TestClient<"anvil", Transport, Chain, Account | undefined> &
    PublicClient<Transport, Chain> &
    WalletActions<Chain>;
  stop(): Promise<void>;
}

/** Where anvil listens, once it says so; undefined when it ends before. */
function listening(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk;
      const [, address] = /Listening on ([\d.]+:\d+)/.exec(said) ?? [];
      if (address) resolve(`http://${address}`);
    });
    child.once("exit", () => resolve(undefined));
  });
}

/**
 * Copies the newest state behind `rpcUrl` into a local anvil, which makes a block only when it is told to. Nothing is ever
 * sent to the chain itself.
 *
 * @throws GovernError `copyFailed` with what anvil said.
 */
export async function copyOf(rpcUrl: string, chain: Chain): Promise<Copy> {
  const program = join(
    dirname(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json")),
    "bin.mjs",
  );
  const args = [
    "--fork-url",
    rpcUrl,
    "--port",
    "0",
    "--hardfork",
    "prague",
    "--auto-impersonate",
    "--no-mining",
  ];
  // a group of its own: the program starts the real one, and both must end
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    await gone;
  };
  const url = await listening(child);
  if (url === undefined) {
    await stop();
    throw new GovernError("copyFailed", `the state behind ${rpcUrl} could not be copied: ${said.trim()}`);
  }
  const client = createTestClient({ mode: "anvil", chain, transport: http(url, { timeout: 120_000 }) })
    .extend(publicActions)
    .extend(walletActions);
  return { client: client as unknown as Copy["client"], stop };
}
