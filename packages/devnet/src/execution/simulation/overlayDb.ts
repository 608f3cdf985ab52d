import type { BatchDBOp, DB, EncodingOpts } from "@ethereumjs/util";

type Value = string | Uint8Array;

/** A database over another one that is only read: what is written stays here, and is gone with it. */
export class OverlayDb implements DB<string, Value> {
  readonly #below: DB<string, Value>;
  /** Undefined: deleted here. */
  readonly #written = new Map<string, Value | undefined>();

  constructor(below: DB<string, Value>) {
    this.#below = below;
  }

  async get(key: string, options?: EncodingOpts): Promise<Value | undefined> {
    return this.#written.has(key) ? this.#written.get(key) : this.#below.get(key, options);
  }

  async put(key: string, value: Value): Promise<void> {
    this.#written.set(key, value);
  }

  async del(key: string): Promise<void> {
    this.#written.set(key, undefined);
  }

  async batch(operations: BatchDBOp<string, Value>[]): Promise<void> {
    for (const operation of operations) {
      this.#written.set(operation.key, operation.type === "put" ? operation.value : undefined);
    }
  }

  /** Itself: tries that are copied from one another share what was written. */
  shallowCopy(): DB<string, Value> {
    return this;
  }

  async open(): Promise<void> {}
}
