import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Zone } from "./zone.ts";

interface ControlInStep {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The chain's control server as runbooks reach it, in step with the keeper: where they let the chain run so many slots a
 * second, it makes each as soon as the keeper is done with the one before.
 */
export async function controlInStep(zone: Zone): Promise<ControlInStep> {
  const running = new Running(zone);
  const server = createServer((request, response) => {
    serve(zone, running, request, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await running.stop();
    },
  };
}

/** Slots made one after the other, until it is stopped. */
class Running {
  readonly #zone: Zone;
  #isOn = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#loop = this.#run();
    // whoever stops it is told
    this.#loop.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#isOn) await this.#zone.step.advance(1);
  }
}

async function serve(zone: Zone, running: Running, request: IncomingMessage, response: ServerResponse) {
  let text = "";
  for await (const chunk of request) text += chunk;
  const { pace, epochs = 1 } = JSON.parse(text || "{}");
  const path = request.url ?? "/";
  if (path === "/pace" && pace?.slotsPerSecond) {
    running.start();
    response.end("in step with the keeper\n");
    return;
  }
  await running.stop();
  // epoch by epoch, as the keeper can follow
  const times = path === "/run-ahead" ? epochs : 1;
  for (let i = 0; i < times; i++) {
    const body = path === "/run-ahead" ? '{"epochs":1}' : text;
    const init = { method: request.method ?? "GET", headers: { "content-type": "application/json" } };
    const answer = await zone.step.move(() =>
      fetch(zone.stack.devnet.urls.control + path, { ...init, ...(body && { body }) }),
    );
    if (i === 0) response.statusCode = answer.status;
    response.write(await answer.text());
    await zone.step.rest();
  }
  response.end();
}
