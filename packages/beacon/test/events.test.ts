import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BeaconClient, type BeaconError, createBeaconClient } from "../src/index.ts";
import { type BeaconServer, json, startBeaconServer } from "./support/beaconServer.ts";

const ROOT = `0x${"ab".repeat(32)}`;
const PATH = "/eth/v1/events";

let server: BeaconServer;
let client: BeaconClient;

beforeEach(async () => {
  server = await startBeaconServer();
  client = createBeaconClient({ url: server.url, backoffMs: 5 });
});
afterEach(() => server.close());

function head(slot: number): string {
  return `event: head\ndata: {"slot":"${slot}","block":"${ROOT}","state":"${ROOT}","epoch_transition":false}\n\n`;
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

async function slots(events: AsyncIterable<{ slot: bigint }>, wanted: number): Promise<bigint[]> {
  const seen: bigint[] = [];
  for await (const event of events) {
    seen.push(event.slot);
    if (seen.length === wanted) break;
  }
  return seen;
}

describe("event streams", () => {
  it("deliver events, cut anywhere, past comments and other topics", async () => {
    server.routes.set(PATH, (request, response) => {
      expect(request.url).toBe(`${PATH}?topics=head`);
      stream(response);
      const text = `: keep-alive\n\n${head(1)}event: block\ndata: {}\n\n${head(2).replaceAll("\n", "\r\n")}${head(3)}`;
      response.write(text.slice(0, 60));
      setTimeout(() => response.write(text.slice(60)), 10);
    });
    expect(await slots(client.subscribeHead(), 3)).toEqual([1n, 2n, 3n]);
  });

  it("go on after the connection ends, breaks, is refused or falls silent", async () => {
    server.routes.set(PATH, (_, response, attempt) => {
      if (attempt === 1) return json(response, "busy", 503);
      stream(response);
      response.write(head(attempt));
      if (attempt === 0) response.end();
      if (attempt === 2) setTimeout(() => response.destroy(), 5);
    });
    const lost: BeaconError[] = [];
    const events = client.subscribeHead({ silenceMs: 1000, onReconnect: (error) => lost.push(error) });
    expect(await slots(events, 4)).toEqual([0n, 2n, 3n, 4n]);
    expect(lost.map((error) => error.code)).toEqual(["unavailable", "unavailable", "unavailable"]);
  });

  it("of finalized checkpoints", async () => {
    server.routes.set(PATH, (_, response) => {
      stream(response);
      response.write(
        `event: finalized_checkpoint\ndata: {"block":"${ROOT}","state":"${ROOT}","epoch":"2"}\n\n`,
      );
    });
    for await (const event of client.subscribeFinalized()) {
      expect(event).toEqual({ epoch: 2n, blockRoot: ROOT, stateRoot: ROOT, executionOptimistic: false });
      break;
    }
  });

  it("end quietly when aborted, and close their connection when no longer read", async () => {
    let closed = 0;
    server.routes.set(PATH, (_, response) => {
      response.on("close", () => closed++);
      stream(response);
      response.write(head(1));
    });
    const seen: bigint[] = [];
    const stop = new AbortController();
    for await (const event of client.subscribeHead({ signal: stop.signal })) {
      seen.push(event.slot);
      setImmediate(() => stop.abort());
    }
    expect(seen).toEqual([1n]);
    await slots(client.subscribeHead(), 1);
    await expect.poll(() => closed, { timeout: 600_000 }).toBe(2);
  });

  it("throw what waiting can't mend", async () => {
    await expect(slots(client.subscribeHead(), 1)).rejects.toMatchObject({ code: "notFound" });
    server.routes.set(PATH, (_, response) => {
      stream(response);
      response.write('event: head\ndata: {"slot":1}\n\n');
    });
    await expect(slots(client.subscribeHead(), 1)).rejects.toMatchObject({ code: "badResponse" });
  });
});
