import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, openSync } from "node:fs";
import { join } from "node:path";
import { E2eError } from "./e2eError.ts";
import type { Stack } from "./stack.ts";
import { keyOf } from "./wallets.ts";

const MAIN = join(import.meta.dirname, "../../apps/keeper/src/main.ts");

export interface KeeperOptions {
  /** Its log, one JSON object a line. */
  readonly logFile: string;
  readonly pollMs: number;
  readonly metricsPort?: number;
  /** Another way to the execution client, for tests that cut it. */
  readonly rpcUrl?: string;
  /** Without its key: it only says what it would send. */
  readonly dryRun?: boolean;
}

/** A keeper as a process of its own, as an operator would run it. */
export class KeeperProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #exit: number | null | undefined;

  constructor(stack: Stack, options: KeeperOptions) {
    const log = createWriteStream(options.logFile, { fd: openSync(options.logFile, "w") });
    this.#child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        NODE_NO_WARNINGS: "1",
        CAIRN_RPC_URL: options.rpcUrl ?? stack.devnet.urls.rpc,
        CAIRN_BEACON_URL: stack.devnet.urls.beacon,
        CAIRN_ADDRESSES: stack.addressFile,
        ...(options.dryRun ? {} : { CAIRN_KEEPER_KEY: keyOf("keeper") }),
        CAIRN_POLL_MS: String(options.pollMs),
        CAIRN_METRICS_PORT: String(options.metricsPort ?? 0),
        CAIRN_LOG_LEVEL: "debug",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.pipe(log);
    this.#child.stderr?.pipe(log);
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", (code) => {
        this.#exit = code;
        resolve(code);
      });
    });
  }

  /** @throws E2eError when it has ended by itself. */
  requireAlive(): void {
    if (this.#exit !== undefined) throw new E2eError(`the keeper ended by itself with code ${this.#exit}`);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Asks it to stop and waits; it finishes its running job first. */
  async stop(): Promise<number | null> {
    if (this.#exit !== undefined) return this.#exit;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }
}
