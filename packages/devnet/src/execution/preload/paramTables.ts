/** Memoizes the fork-parameter tables that EthereumJS rebuilds for every block header (39 % of its time). */
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
