/**
 * Loaded into the execution client's process before anything else (`node --import`).
 * 1. Keeps what EthereumJS works out or reads again and again, in memory, and writes nothing for calls.
 * 2. Keeps every listener on loopback: the client binds its peer-to-peer port to all interfaces.
 * 3. Never closes an idle connection: a request that was sent just then would be lost with it.
 * 4. Lifts the limit of 200 transactions above which the client answers SYNCING to a block it did not build itself.
 * 5. Lets transactions that set an account's code (EIP-7702) into the pool.
 * 6. Adds simulation on the client's own machine and state, and receipts as they were stored, for the proxy.
 * 7. Ends the process when the parent is gone, whatever way it went.
 * Behaviour of the chain is unchanged: block hashes are the same with and without it.
 */
import "./preload/paramTables.ts";
import "./preload/codeAnalysis.ts";
import "./preload/nodeCache.ts";
import "./preload/trieNodes.ts";
import "./preload/parsedBlocks.ts";
import "./preload/dryCalls.ts";
import "./preload/logLevel.ts";
import "./preload/setCodePool.ts";
import "./preload/blockReceipts.ts";
import "./simulation/clientMethods.ts";
import http from "node:http";
import net from "node:net";
import { Config } from "@ethereumjs/client/dist/esm/src/config.js";

const listen = net.Server.prototype.listen as (...args: unknown[]) => net.Server;
net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
  if (typeof args[0] === "number") args[1] = "127.0.0.1";
  if (this instanceof http.Server) this.keepAliveTimeout = 0;
  return listen.apply(this, args);
} as typeof net.Server.prototype.listen;

(Config as { ENGINE_NEWPAYLOAD_MAX_TXS_EXECUTE: number }).ENGINE_NEWPAYLOAD_MAX_TXS_EXECUTE = 100_000;

// The parent holds the other end of this pipe: it closes even when the parent is killed with SIGKILL.
process.stdin
  .on("close", () => process.exit(0))
  .on("end", () => process.exit(0))
  .on("error", () => process.exit(0));
process.stdin.resume();
