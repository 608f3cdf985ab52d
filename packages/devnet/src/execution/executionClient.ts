import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DevnetError } from "../errors/devnetError.ts";
import { freePort } from "./freePort.ts";
import { JsonRpcClient } from "./jsonRpcClient.ts";

export interface ExecutionClientOptions {
  /** Folder of the client's databases and log. */
  dir: string;
  /** Path of the geth-style genesis file. */
  genesisPath: string;
}

const START_TIMEOUT_MS = 40_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_NAME = "execution.log";

/** The execution client as a child process, all its ports on loopback. It ends when this process ends, however that happens. */
export class ExecutionClient {
  readonly rpc: JsonRpcClient;
  readonly engine: JsonRpcClient;
  readonly #child: ChildProcess;
  readonly #dir: string;
  #stopping = false;

  private constructor(child: ChildProcess, dir: string, rpcPort: number, enginePort: number) {
    this.#child = child;
    this.#dir = dir;
    this.rpc = new JsonRpcClient(`http://127.0.0.1:${rpcPort}`);
    this.engine = new JsonRpcClient(`http://127.0.0.1:${enginePort}`, 2);
  }

  /** Starts the client and waits until both ports answer. @throws DevnetError `execution-client-failed` */
  static async start(options: ExecutionClientOptions): Promise<ExecutionClient> {
    mkdirSync(options.dir, { recursive: true });
    const [rpcPort, enginePort, peerPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const log = openSync(join(options.dir, LOG_NAME), "a");
    const child = spawn(process.execPath, clientArguments(options, rpcPort, enginePort, peerPort), {
      cwd: options.dir,
      // a process group of its own: Ctrl+C in a terminal must reach only us, who stop it in order
      detached: true,
      stdio: ["pipe", log, log],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    closeSync(log);
    const client = new ExecutionClient(child, options.dir, rpcPort, enginePort);
    try {
      await client.#ready();
    } catch (error) {
      await client.stop();
      throw error;
    }
    return client;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Called once when the child ends without having been told to. */
  onUnexpectedExit(listener: (error: DevnetError) => void): void {
    this.#child.once("exit", () => {
      if (!this.#stopping) listener(this.#failure("ended unexpectedly"));
    });
  }

  /** Asks the client to close its databases, then kills it when it does not end in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.rpc.close();
    this.engine.close();
    if (!this.alive) return;
    const ended = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (const endpoint of [this.rpc, this.engine]) {
      for (;;) {
        if (!this.alive) throw this.#failure("ended while starting");
        if (Date.now() > deadline) throw this.#failure("did not answer in time");
        const answered = await endpoint.send({ method: "eth_chainId", params: [] }).then(
          () => true,
          () => false,
        );
        if (answered) break;
        await sleep(25);
      }
    }
  }

  #failure(what: string): DevnetError {
    let tail = "";
    try {
      tail = readFileSync(join(this.#dir, LOG_NAME), "utf8").slice(-600);
    } catch {
      // no log: the message below still says where it would be
    }
    return new DevnetError(
      "execution-client-failed",
      `the execution client ${what}: see ${LOG_NAME} in ${this.#dir}`,
      {
        retryable: true,
        details: { tail },
      },
    );
  }
}

function clientArguments(
  options: ExecutionClientOptions,
  rpc: number,
  engine: number,
  peer: number,
): string[] {
  const preload = fileURLToPath(new URL("./preload.ts", import.meta.url));
  const program = createRequire(import.meta.url).resolve("@ethereumjs/client");
  return [
    "--disable-warning=ExperimentalWarning",
    `--import=${preload}`,
    program,
    ...["--gethGenesis", options.genesisPath, "--dataDir", join(options.dir, "data")],
    ...["--rpc", "--rpcAddr=127.0.0.1", `--rpcPort=${rpc}`],
    ...["--rpcEngine", "--rpcEngineAddr=127.0.0.1", `--rpcEnginePort=${engine}`, "--rpcEngineAuth=false"],
    ...["--discDns=false", "--discV4=false", "--dnsAddr=127.0.0.1", `--port=${peer}`, "--extIP=127.0.0.1"],
    ...["--sync=none", "--isSingleNode", "--saveReceipts", "--no-logFile", "--logLevel=warn"],
  ];
}
