import type { z } from "zod";
import { BeaconError } from "../beaconError.ts";
import { parseJson } from "./readBody.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** A stream is dead after so long without even a keep-alive comment. */
const SILENCE_MS = 120_000;
/** A line longer than this is not an event. */
const MAX_EVENT_CHARS = 1_000_000;

/** How a subscription behaves. */
export interface SubscribeOptions extends CallOptions {
  /** Milliseconds of silence after which the connection is made anew. Default 120,000. */
  readonly silenceMs?: number;
  /** Told of every lost connection; the subscription goes on by itself. */
  readonly onReconnect?: (error: BeaconError) => void;
}

/**
 * Events of one topic, for as long as they are asked for. Lost connections are made anew with growing pauses;
 * events in between are lost, so a reader looks at the chain after each. Ends when the signal fires or the reader
 * stops; throws only what waiting can't mend ("badRequest", "notFound", "badResponse").
 */
export async function* subscribe<Schema extends z.ZodType>(
  transport: Transport,
  topic: string,
  schema: Schema,
  options: SubscribeOptions = {},
): AsyncGenerator<z.output<Schema>, void, undefined> {
  const path = `/eth/v1/events?topics=${topic}`;
  for (let failures = 0; !options.signal?.aborted; ) {
    try {
      for await (const event of connect(transport, path, options)) {
        failures = 0;
        if (event.name === topic) yield parseJson(path, event.data, schema);
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      const lost = asLost(path, error);
      if (!lost.retryable) throw lost;
      options.onReconnect?.(lost);
    }
    await transport.pause(failures++, path, options.signal).catch(() => {});
  }
}

interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** One connection, until it ends or falls silent. */
async function* connect(
  transport: Transport,
  path: string,
  { signal, silenceMs = SILENCE_MS }: SubscribeOptions,
): AsyncGenerator<ServerEvent, void, undefined> {
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const silence = setTimeout(() => stop.abort(new DOMException("silent", "TimeoutError")), silenceMs);
  try {
    const response = await transport.open(path, "text/event-stream", stop.signal);
    const decoder = new TextDecoder();
    let pending = "";
    for await (const bytes of response.body ?? []) {
      silence.refresh();
      pending += decoder.decode(bytes as Uint8Array, { stream: true });
      const blocks = pending.replaceAll("\r", "").split("\n\n");
      pending = blocks.pop() ?? "";
      requireModest(path, pending);
      for (const block of blocks) yield parseEvent(block);
    }
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener("abort", abort);
    stop.abort();
  }
}

/** One block of the event stream format (HTML standard, 9.2); comments give an event without a name. */
function parseEvent(block: string): ServerEvent {
  let name = "";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value ?? "";
    if (field === "data") data.push(value ?? "");
  }
  return { name, data: data.join("\n") };
}

function requireModest(path: string, pending: string): void {
  if (pending.length <= MAX_EVENT_CHARS) return;
  throw new BeaconError("badResponse", `GET ${path} sent an event without end. Is this a Beacon API?`, {
    details: { path },
  });
}

function asLost(path: string, error: unknown): BeaconError {
  if (error instanceof BeaconError) return error;
  return new BeaconError("unavailable", `GET ${path}: the event stream broke off.`, {
    details: { path },
    cause: error,
  });
}
