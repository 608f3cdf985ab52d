/**
 * Loaded into the execution client's process before anything else (`node --import`).
 * 1. Memoizes the fork-parameter tables that EthereumJS rebuilds for every block header (39 % of its time).
 * 2. Keeps every listener on loopback: the client binds its peer-to-peer port to all interfaces.
 * 3. Lifts the limit of 200 transactions above which the client answers SYNCING to a block it did not build itself.
 * 4. Lets transactions that set an account's code (EIP-7702) into the pool.
 * 5. Adds simulation on the client's own machine and state, for the proxy.
 * 6. Ends the process when the parent is gone, whatever way it went.
 * Behaviour of the chain is unchanged: block hashes are the same with and without it.
 */
import "./setCodePool.ts";
import "./simulation/clientMethods.ts";
import net from "node:net";
import { Config } from "@ethereumjs/client/dist/esm/src/config.js";
import { Common } from "@ethereumjs/common";

type Params = Record<string, Record<string, unknown>>;

/** The private parts of `Common` that are touched here. */
interface CommonInternals {
  _params: Params;
  _paramsCache: Record<string, unknown>;
  _eips: number[];
  HARDFORK_CHANGES: unknown;
  hardfork(): string;
  updateParams(params: Params): void;
  _buildParamsCache(): void;
}

interface Memo {
  applied: Set<Params>;
  tables: Map<string, { changes: unknown; cache: Record<string, unknown> }>;
}

const memos = new WeakMap<Params, Memo>();

function memoOf(params: Params): Memo {
  let memo = memos.get(params);
  if (memo === undefined) {
    memo = { applied: new Set(), tables: new Map() };
    memos.set(params, memo);
  }
  return memo;
}

const prototype = Common.prototype as unknown as CommonInternals;
const build = prototype._buildParamsCache;

prototype.updateParams = function (this: CommonInternals, params: Params): void {
  const memo = memoOf(this._params);
  if (!memo.applied.has(params)) {
    for (const [eip, values] of Object.entries(params)) {
      this._params[eip] = structuredClone({ ...(this._params[eip] ?? {}), ...values });
    }
    memo.applied.add(params);
    memo.tables.clear();
  }
  this._buildParamsCache();
};

prototype._buildParamsCache = function (this: CommonInternals): void {
  const memo = memoOf(this._params);
  const key = `${this.hardfork()}|${this._eips.join()}`;
  const hit = memo.tables.get(key);
  if (hit !== undefined && hit.changes === this.HARDFORK_CHANGES) {
    this._paramsCache = hit.cache;
    return;
  }
  build.call(this);
  memo.tables.set(key, { changes: this.HARDFORK_CHANGES, cache: this._paramsCache });
};

const listen = net.Server.prototype.listen as (...args: unknown[]) => net.Server;
net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
  if (typeof args[0] === "number") args[1] = "127.0.0.1";
  return listen.apply(this, args);
} as typeof net.Server.prototype.listen;

(Config as { ENGINE_NEWPAYLOAD_MAX_TXS_EXECUTE: number }).ENGINE_NEWPAYLOAD_MAX_TXS_EXECUTE = 100_000;

// The parent holds the other end of this pipe: it closes even when the parent is killed with SIGKILL.
process.stdin
  .on("close", () => process.exit(0))
  .on("end", () => process.exit(0))
  .on("error", () => process.exit(0));
process.stdin.resume();
