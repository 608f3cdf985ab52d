import http from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Devnet } from "../chain/devnet.ts";
import { type LoopbackServer, listenOnLoopback } from "../http/loopbackServer.ts";
import { readBody } from "../http/readBody.ts";
import { RpcDispatcher } from "./rpcDispatcher.ts";
import { PARSE_FAILED } from "./rpcError.ts";
import { Subscriptions } from "./subscriptions.ts";

const MAX_BODY_BYTES = 32 * 1024 * 1024;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST, GET, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "600",
};

const PARSE_ANSWER = JSON.stringify({
  jsonrpc: "2.0",
  id: null,
  error: { code: PARSE_FAILED, message: "the body is not JSON" },
});

/** JSON-RPC over HTTP and, on the same port, WebSocket. @param port 0 for a free one */
export async function startRpcServer(chain: Devnet, port: number): Promise<LoopbackServer> {
  const dispatcher = new RpcDispatcher(chain);
  const server = http.createServer((request, response) => {
    serveHttp(dispatcher, request, response).catch((error: unknown) => {
      chain.logger.warn({ err: error }, "a JSON-RPC request failed");
      response.destroy();
    });
  });
  const sockets = new WebSocketServer({ server, maxPayload: MAX_BODY_BYTES });
  sockets.on("connection", (socket) => serveSocket(chain, dispatcher, socket));
  const listening = await listenOnLoopback(server, port);
  return {
    ...listening,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await listening.close();
    },
  };
}

async function serveHttp(
  dispatcher: RpcDispatcher,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    response.writeHead(request.method === "OPTIONS" ? 204 : 405, CORS).end();
    return;
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) {
    response.writeHead(413, CORS).end();
    return;
  }
  const input = parse(body.toString());
  const answer = input === undefined ? PARSE_ANSWER : JSON.stringify(await dispatcher.answer(input.value));
  response
    .writeHead(answer === undefined ? 204 : 200, { ...CORS, "content-type": "application/json" })
    .end(answer);
}

function serveSocket(chain: Devnet, dispatcher: RpcDispatcher, socket: WebSocket): void {
  const send = (text: string | undefined): void => {
    if (text !== undefined && socket.readyState === socket.OPEN) socket.send(text);
  };
  const subscriptions = new Subscriptions(chain, (subscription, result) =>
    send(JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } })),
  );
  socket.on("message", (data: Buffer) => {
    const input = parse(data.toString());
    if (input === undefined) return send(PARSE_ANSWER);
    dispatcher
      .answer(input.value, subscriptions)
      .then((answer) => send(JSON.stringify(answer)))
      .catch((error: unknown) => chain.logger.warn({ err: error }, "a WebSocket request failed"));
  });
  socket.on("close", () => subscriptions.close());
  socket.on("error", () => socket.terminate());
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
