import http from "node:http";
import type { Devnet } from "../chain/devnet.ts";
import { type LoopbackServer, listenOnLoopback } from "../http/loopbackServer.ts";
import { readBody } from "../http/readBody.ts";
import { acceptedBy, JSON_TYPE, SSZ_TYPE } from "./accepted.ts";
import { ApiError, badRequest } from "./apiError.ts";
import { attestationRoutes } from "./attestationRoutes.ts";
import { blockRoutes } from "./blockRoutes.ts";
import { committeeRoutes } from "./committeeRoutes.ts";
import { configRoutes } from "./configRoutes.ts";
import { streamEvents } from "./eventStream.ts";
import { nodeRoutes } from "./nodeRoutes.ts";
import { poolRoutes } from "./poolRoutes.ts";
import { refusedRoutes } from "./refusedRoutes.ts";
import { rewardRoutes } from "./rewardRoutes.ts";
import type { ApiReply, Route } from "./route.ts";
import { stateRoutes } from "./stateRoutes.ts";
import { identityRoutes } from "./validatorIdentities.ts";
import { validatorRoutes } from "./validatorRoutes.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;

interface CompiledRoute extends Route {
  pattern: RegExp;
}

const ROUTES: CompiledRoute[] = [
  ...configRoutes,
  ...blockRoutes,
  ...stateRoutes,
  ...validatorRoutes,
  ...poolRoutes,
  ...nodeRoutes,
  ...attestationRoutes,
  ...committeeRoutes,
  ...identityRoutes,
  ...rewardRoutes,
  ...refusedRoutes,
].map((route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** The standard Beacon API over HTTP. @param port 0 for a free one */
export function startBeaconServer(chain: Devnet, port: number): Promise<LoopbackServer> {
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
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "OPTIONS") {
    response.writeHead(204, cors()).end();
    return;
  }
  await chain.settled();
  // A HEAD is answered as a GET; what is sent of it ends before the body.
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (request.method === "GET" && url.pathname === "/eth/v1/events")
    return streamEvents(chain, url.searchParams, response);
  const { route, path } = match(method, url.pathname);
  const body = route.method === "POST" ? await jsonBody(request) : undefined;
  const accepted = acceptedBy(request.headers.accept);
  const { headers } = request;
  const wantsSsz = accepted.prefersSsz;
  const reply = await route.handle({ chain, path, query: url.searchParams, headers, body, wantsSsz });
  if (reply.json !== undefined && !accepted.json) {
    throw new ApiError(406, `Accepted types not supported: this is served as ${JSON_TYPE} only`);
  }
  send(response, reply);
}

function match(method: string | undefined, pathname: string): { route: Route; path: Record<string, string> } {
  const fitting = ROUTES.filter((route) => route.pattern.test(pathname));
  if (fitting.length === 0) throw new ApiError(404, `Route ${method}:${pathname} not found`);
  const route = fitting.find((candidate) => candidate.method === method);
  if (route === undefined) throw new ApiError(405, `Method ${method} is not allowed here`);
  const parts = Object.entries(route.pattern.exec(pathname)?.groups ?? {});
  try {
    return {
      route,
      path: Object.fromEntries(parts.map(([name, value]) => [name, decodeURIComponent(value)])),
    };
  } catch {
    throw badRequest("The path is not properly encoded");
  }
}

async function jsonBody(request: http.IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes === undefined) throw new ApiError(413, `The body is longer than ${MAX_BODY_BYTES} bytes`);
  if (bytes.length === 0) return undefined;
  if (!(request.headers["content-type"] ?? "").startsWith(JSON_TYPE)) {
    throw new ApiError(415, `Unsupported content type: send ${JSON_TYPE}`);
  }
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw badRequest("The body is not JSON");
  }
}

const cors = () => ({
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "Eth-Consensus-Version",
});

function send(response: http.ServerResponse, reply: ApiReply): void {
  const status = reply.status ?? 200;
  if (reply.ssz !== undefined) {
    response.writeHead(status, { ...cors(), ...reply.headers, "content-type": SSZ_TYPE }).end(reply.ssz);
    return;
  }
  if (reply.json === undefined) {
    response.writeHead(status, cors()).end();
    return;
  }
  response
    .writeHead(status, { ...cors(), ...reply.headers, "content-type": JSON_TYPE })
    .end(JSON.stringify(reply.json));
}

function fail(chain: Devnet, response: http.ServerResponse, error: unknown): void {
  const code = error instanceof ApiError ? error.status : 500;
  if (code === 500) chain.logger.error({ err: error }, "a Beacon API request failed");
  if (response.headersSent) return void response.destroy();
  send(response, {
    status: code,
    json: { code, message: error instanceof Error ? error.message : "internal error" },
  });
}
