import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers request number `attempt` (from 0, counted per path). */
export type Handler = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

/** A local HTTP server standing in for a beacon node: one handler per path without query. */
export interface BeaconServer {
  readonly url: string;
  /** Every request so far, path and query. */
  readonly requests: string[];
  readonly routes: Map<string, Handler>;
  close(): Promise<void>;
}

export async function startBeaconServer(): Promise<BeaconServer> {
  const routes = new Map<string, Handler>();
  const requests: string[] = [];
  const attempts = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const path = url.split("?")[0] as string;
    const attempt = attempts.get(path) ?? 0;
    attempts.set(path, attempt + 1);
    requests.push(url);
    const handler = routes.get(path);
    if (handler === undefined) json(response, { code: 404, message: "not found" }, 404);
    else handler(request, response, attempt);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    routes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
