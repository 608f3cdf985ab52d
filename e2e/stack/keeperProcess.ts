import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { E2eError } from "./e2eError.ts";
import { programEnvironment } from "./programEnvironment.ts";
import type { Stack } from "./stack.ts";
import { keyOf } from "./wallets.ts";

const MAIN = join(import.meta.dirname, "../../apps/keeper/src/main.ts");
/** A look takes less than a second; who waits that long waits for something that will not come. */
const BACKSTOP_MS = 15 * 60_000;
const STOP_MS = 5 * 60_000;

export interface KeeperOptions {
  /** Its log, one JSON object a line. */
  readonly logFile: string;
  readonly pollMs?: number;
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
  readonly #options: KeeperOptions;
  #exit: number | null | undefined;
  #isWanted = true;
  #lastLine = "";
  #lookedAtBlock = -1;
  #waiting: (() => void)[] = [];

  constructor(stack: Stack, options: KeeperOptions) {
    this.#options = options;
    const file = openSync(options.logFile, "w");
    this.#child = spawn(process.execPath, [MAIN], {
      env: environment(stack, options),
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        writeSync(file, chunk);
        this.#hear(chunk.toString());
      });
    // it may stand still, and would for ever
    const end = () => this.#child.kill("SIGKILL");
    process.once("exit", end);
    this.#ended = new Promise((resolve) => {
      // not "exit": what it said last is to be heard
      this.#child.once("close", (code) => {
        process.off("exit", end);
        closeSync(file);
        this.#exit = code;
        this.#wake();
        resolve(code);
      });
    });
  }

  /** Until it was stopped, or killed. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** @throws E2eError when it has ended by itself. */
  requireAlive(): void {
    if (this.#exit !== undefined) throw new E2eError(`the keeper ended by itself with code ${this.#exit}`);
  }

  /** Whether its log has this text. */
  hasSaid(text: string): boolean {
    return readFileSync(this.#options.logFile, "utf8").includes(text);
  }

  /** Waits until its log has this text; no slot is made for it. */
  async says(text: string): Promise<void> {
    await this.#until(`says ${text}`, () => this.hasSaid(text));
  }

  /** Waits for the end of a whole look that began at this block of the execution layer or behind it. */
  async looksAt(block: number): Promise<void> {
    await this.#until(`looks at block ${block}`, () => this.#lookedAtBlock >= block);
  }

  /** Lets it stand still, in the middle of whatever it does, until `resume`. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.#isWanted = false;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Asks it to stop and waits; it finishes its running job first. */
  async stop(): Promise<number | null> {
    this.#isWanted = false;
    if (this.#exit !== undefined) return this.#exit;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }

  #hear(text: string): void {
    const lines = (this.#lastLine + text).split("\n");
    this.#lastLine = lines.pop() ?? "";
    for (const line of lines) {
      const block = /"block":(\d+).*"msg":"looked"/.exec(line)?.[1];
      if (block) this.#lookedAtBlock = Number(block);
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** @throws E2eError when it ends by itself before, or after the backstop. */
  async #until(what: string, isSo: () => boolean): Promise<void> {
    const { logFile } = this.#options;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, BACKSTOP_MS);
    try {
      while (!isSo()) {
        this.requireAlive();
        if (isLate)
          throw new E2eError(`waited a quarter of an hour in vain for a keeper that ${what}: see ${logFile}`);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function environment(stack: Stack, options: KeeperOptions): NodeJS.ProcessEnv {
  return programEnvironment({
    CAIRN_RPC_URL: options.rpcUrl ?? stack.devnet.urls.rpc,
    CAIRN_BEACON_URL: stack.devnet.urls.beacon,
    CAIRN_ADDRESSES: stack.addressFile,
    ...(options.dryRun ? {} : { CAIRN_KEEPER_KEY: keyOf("keeper") }),
    // whoever waits for a look waits for this too
    CAIRN_POLL_MS: String(options.pollMs ?? 50),
    CAIRN_METRICS_PORT: String(options.metricsPort ?? 0),
    CAIRN_LOG_LEVEL: "debug",
  });
}
