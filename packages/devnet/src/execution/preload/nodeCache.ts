/**
 * Keeps in memory what was read from the client's state: trie nodes and codes, under the hash of what they are. EthereumJS
 * copies its machine for each call and each block it builds, and a copy begins with empty caches of its own.
 */
import { VMExecution } from "@ethereumjs/client/dist/esm/src/execution/index.js";
import { LevelDB } from "@ethereumjs/client/dist/esm/src/execution/level.js";

type Value = Uint8Array | string | undefined;
interface Operation {
  type: "put" | "del";
  key: string;
  value?: Value;
}
/** The private parts that are touched here. */
interface Wrapper {
  _leveldb: object;
  get(key: string, options?: object): Promise<Value>;
  put(key: string, value: Value, options?: object): Promise<void>;
  del(key: string): Promise<void>;
  batch(operations: Operation[]): Promise<void>;
}
interface ExecutionInternals {
  stateDB: object | undefined;
  setupMerkleVM(): Promise<void>;
}

/** Bytes kept, then all is dropped: the state of a long devnet fits several times. */
const MAX_BYTES = 256 * 1024 * 1024;
/** What an entry costs beside its value: its key, 64 digits or more, and the map. */
const ENTRY_BYTES = 200;

class NodeCache {
  readonly #entries = new Map<string, Uint8Array>();
  #bytes = 0;

  get(key: string): Uint8Array | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    if (!(value instanceof Uint8Array)) {
      this.delete(key);
      return;
    }
    if (this.#bytes > MAX_BYTES) {
      this.#entries.clear();
      this.#bytes = 0;
    }
    if (!this.#entries.has(key)) this.#bytes += ENTRY_BYTES + value.length;
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

const caches = new WeakMap<object, NodeCache>();

const execution = VMExecution.prototype as unknown as ExecutionInternals;
const setup = execution.setupMerkleVM;
execution.setupMerkleVM = async function (this: ExecutionInternals): Promise<void> {
  if (this.stateDB !== undefined && !caches.has(this.stateDB)) caches.set(this.stateDB, new NodeCache());
  return setup.call(this);
};

const wrapper = LevelDB.prototype as unknown as Wrapper;
const { get, put, del, batch } = wrapper;

wrapper.get = async function (this: Wrapper, key, options) {
  const cache = caches.get(this._leveldb);
  if (cache === undefined) return get.call(this, key, options);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = await get.call(this, key, options);
  cache.set(key, value);
  return value;
};

wrapper.put = async function (this: Wrapper, key, value, options) {
  await put.call(this, key, value, options);
  caches.get(this._leveldb)?.set(key, value);
};

wrapper.del = async function (this: Wrapper, key) {
  caches.get(this._leveldb)?.delete(key);
  await del.call(this, key);
};

wrapper.batch = async function (this: Wrapper, operations) {
  await batch.call(this, operations);
  const cache = caches.get(this._leveldb);
  if (cache === undefined) return;
  for (const { type, key, value } of operations) {
    if (type === "put") cache.set(key, value);
    else cache.delete(key);
  }
};
