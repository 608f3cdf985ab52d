import http from "node:http";
import { z } from "zod";
import type { Devnet } from "../chain/devnet.ts";
import type { DevnetHead } from "../chain/devnetHead.ts";
import { DevnetError } from "../errors/devnetError.ts";
import { type LoopbackServer, listenOnLoopback } from "../http/loopbackServer.ts";
import { readBody } from "../http/readBody.ts";
import { applyFault, isFaultName } from "./applyFault.ts";
import { advanceBody, epochsOf, paceBody, runAheadBody } from "./bodies.ts";
import { statusOf } from "./status.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const FAULTS = "/faults/";

class ControlError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The operator's interface, loopback only: whoever reaches it owns the chain. @param port 0 for a free one */
export function startControlServer(chain: Devnet, port: number): Promise<LoopbackServer> {
  const server = http.createServer((request, response) => {
    serve(chain, request, response).catch((error: unknown) => fail(chain, response, error));
  });
  return listenOnLoopback(server, port);
}

async function serve(
  chain: Devnet,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  // A page whose name was re-pointed at this machine is same-origin to a browser, but its Host gives it away.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) {
    throw new ControlError(403, "only requests to 127.0.0.1 or localhost are served");
  }
  if (request.method === "GET" && pathname === "/status") return send(response, 200, statusOf(chain));
  if (request.method !== "POST") throw new ControlError(404, `there is no ${request.method} ${pathname}`);
  // A page in a browser can send a form across origins but not this type without asking first.
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new ControlError(415, "send content-type: application/json");
  }
  const body = await jsonBody(request);
  if (pathname === "/run-ahead") return runAhead(chain, runAheadBody.parse(body), response);
  if (pathname === "/pace") chain.setPace(paceBody.parse(body).pace);
  else if (pathname === "/advance") await chain.advance(advanceBody.parse(body).slots);
  else if (pathname.startsWith(FAULTS)) await fault(chain, pathname.slice(FAULTS.length), body);
  else throw new ControlError(404, `there is no POST ${pathname}`);
  send(response, 200, { head: chain.head, pace: chain.pace });
}

async function fault(chain: Devnet, name: string, body: unknown): Promise<void> {
  if (!isFaultName(name)) throw new ControlError(404, `there is no fault ${name}`);
  await applyFault(chain, name, body);
}

/** One line of JSON an epoch, then a last one with `done` or `error`. */
async function runAhead(
  chain: Devnet,
  body: z.output<typeof runAheadBody>,
  response: http.ServerResponse,
): Promise<void> {
  const epochs = epochsOf(body, chain.options.secondsPerSlot);
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  let gone = false;
  response.on("close", () => {
    gone = true;
  });
  const line = (value: object): void => void response.write(`${JSON.stringify(value)}\n`);
  let done = 0;
  const onProgress = (head: DevnetHead): void => {
    done++;
    line({ epochsDone: done, epochs, head });
  };
  const run = body.simulateAttendance ? chain.simulateAttendance : chain.runAhead;
  try {
    // Epoch by epoch, so that a client that hangs up ends the run.
    while (done < epochs && !gone) await run.call(chain, { epochs: 1, onProgress });
    line({ done: true, head: chain.head });
  } catch (error) {
    line({ error: error instanceof Error ? error.message : String(error) });
  }
  response.end();
}

async function jsonBody(request: http.IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes === undefined) throw new ControlError(413, "the body is too long");
  try {
    return bytes.length === 0 ? {} : JSON.parse(bytes.toString());
  } catch {
    throw new ControlError(400, "the body is not JSON");
  }
}

function send(response: http.ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}

function fail(chain: Devnet, response: http.ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, ...body } = describe(error);
  if (status === 500) chain.logger.error({ err: error }, "a control request failed");
  send(response, status, body);
}

function describe(error: unknown): { status: number; message: string; code?: string } {
  if (error instanceof ControlError) return { status: error.status, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, message: z.prettifyError(error) };
  if (error instanceof DevnetError) {
    return { status: error.code.startsWith("invalid") ? 400 : 500, message: error.message, code: error.code };
  }
  return { status: 500, message: "the devnet failed: see its log" };
}
