import type http from "node:http";
import type { AddressInfo } from "node:net";
import { DevnetError } from "../errors/devnetError.ts";

export interface LoopbackServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 only, and never closes an idle connection: a request sent just then, by a program that a busy
 * machine has held up, would be lost with it.
 * @param port 0 for a free one
 * @throws DevnetError `invalid-options` when it is taken
 */
export function listenOnLoopback(server: http.Server, port: number): Promise<LoopbackServer> {
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new DevnetError("invalid-options", `port ${port} on 127.0.0.1 cannot be used: give another one`, {
          cause,
        }),
      ),
    );
    server.listen(port, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
