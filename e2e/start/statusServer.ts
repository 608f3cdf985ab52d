import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { E2eError } from "../stack/e2eError.ts";

/** What the page is told: still starting, running with facts, or failed with a reason. */
export type PageState =
  | { readonly phase: "starting"; readonly doing: string }
  | { readonly phase: "running"; readonly facts: unknown; readonly activity: readonly string[] }
  | { readonly phase: "failed"; readonly reason: string };

const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  "/": { file: "page.html", type: "text/html; charset=utf-8" },
  "/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
};
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'",
  "x-content-type-options": "nosniff",
};

/** Serves the status page and its facts on 127.0.0.1. @param port 0 for a free one. @throws E2eError for a busy port */
export async function serveStatus(
  port: number,
  state: () => PageState,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    if (request.method !== "GET") response.writeHead(405).end();
    else answer(request.url ?? "/", state, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === "EADDRINUSE";
      const why = busy ? `port ${port} is in use; set CAIRN_PORT to another` : cause.message;
      reject(new E2eError(`the status page cannot be served: ${why}`, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}/`, server };
}

function answer(path: string, state: () => PageState, response: ServerResponse): void {
  const found = FILES[path];
  if (found) {
    response.writeHead(200, { ...HEADERS, "content-type": found.type });
    response.end(readFileSync(join(import.meta.dirname, found.file)));
  } else if (path === "/status.json") {
    response.writeHead(200, { ...HEADERS, "content-type": "application/json" });
    response.end(JSON.stringify(state()));
  } else {
    response.writeHead(404).end();
  }
}
