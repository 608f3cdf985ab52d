import { setTimeout as sleep } from "node:timers/promises";
import { BeaconError } from "../beaconError.ts";
import { errorOfStatus, requestFailure } from "./requestErrors.ts";

/** How a client reaches its beacon node. */
export interface TransportOptions {
  /** Base address of the Beacon API. */
  readonly url: string;
  /** Milliseconds until one attempt is given up, body included. Default 10,000. */
  readonly timeoutMs?: number;
  /** The same for whole states, which may be hundreds of megabytes. Default 300,000. */
  readonly stateTimeoutMs?: number;
  /** Further attempts after a retryable failure. Default 3. */
  readonly retries?: number;
  /** First pause between attempts, milliseconds; doubles up to 8,000, half of it random. Default 250. */
  readonly backoffMs?: number;
  /** Sent with every request, e.g. for authorization. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What every call of the client takes. */
export interface CallOptions {
  /** Ends the call with "aborted". */
  readonly signal?: AbortSignal;
}

/** An answer with its body still to be read. */
export type BodyReader<Body> = (response: Response) => Promise<Body>;

const MAX_BACKOFF_MS = 8_000;
const MAX_RETRY_AFTER_MS = 30_000;

/** GET requests with time limit, retries and one kind of error. Only GETs: they may be repeated. */
export class Transport {
  readonly timeoutMs: number;
  readonly stateTimeoutMs: number;
  readonly backoffMs: number;
  readonly #base: string;
  readonly #retries: number;
  readonly #headers: Readonly<Record<string, string>>;

  /** "badInput" for an address that is none. */
  constructor(options: TransportOptions) {
    if (!URL.canParse(options.url)) throw new BeaconError("badInput", "The beacon node's url is not a url.");
    this.#base = options.url.replace(/\/+$/, "");
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.stateTimeoutMs = options.stateTimeoutMs ?? 300_000;
    this.backoffMs = options.backoffMs ?? 250;
    this.#retries = options.retries ?? 3;
    this.#headers = options.headers ?? {};
  }

  /** GETs `path` and reads its body, again after retryable failures. Errors name the path, never the host. */
  async get<Body>(
    path: string,
    accept: string,
    read: BodyReader<Body>,
    call: CallOptions,
    timeoutMs: number,
  ): Promise<Body> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(path, accept, read, call.signal, timeoutMs);
      } catch (error) {
        if (!(error instanceof BeaconError && error.retryable) || attempt >= this.#retries) throw error;
        await this.pause(attempt, path, call.signal, Number(error.details.retryAfterMs ?? 0));
      }
    }
  }

  /** An answer that goes on for as long as `signal` allows: the event stream. */
  async open(path: string, accept: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(this.#base + path, { headers: { ...this.#headers, accept }, signal });
    if (!response.ok) throw await errorOfStatus(path, response, MAX_RETRY_AFTER_MS);
    return response;
  }

  /** Waits before attempt `attempt` + 1, at least `atLeastMs`; "aborted" when the signal fires. */
  async pause(attempt: number, path: string, signal: AbortSignal | undefined, atLeastMs = 0): Promise<void> {
    const limit = Math.min(this.backoffMs * 2 ** attempt, MAX_BACKOFF_MS);
    const jittered = limit / 2 + (Math.random() * limit) / 2;
    try {
      await sleep(Math.max(jittered, atLeastMs), undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      throw requestFailure(path, cause, signal, 0);
    }
  }

  async #attempt<Body>(
    path: string,
    accept: string,
    read: BodyReader<Body>,
    caller: AbortSignal | undefined,
    timeoutMs: number,
  ): Promise<Body> {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = caller === undefined ? limit : AbortSignal.any([caller, limit]);
    try {
      return await read(await this.open(path, accept, signal));
    } catch (cause) {
      throw requestFailure(path, cause, caller, timeoutMs);
    }
  }
}
