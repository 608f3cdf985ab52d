/** What went wrong, in one word a program can branch on. */
export type DevnetErrorCode =
  | "invalid-options"
  | "preset-mismatch"
  | "data-dir-locked"
  | "options-changed"
  | "execution-client-failed"
  | "execution-client-refused"
  | "chain-inconsistent"
  | "log-corrupt"
  | "state-unknown"
  | "predicate-not-reached"
  | "invalid-fault"
  | "invalid-operation"
  | "stopped";

export interface DevnetErrorOptions {
  /** True when the same call may succeed later without any change by the caller. */
  retryable?: boolean;
  cause?: unknown;
  details?: Record<string, unknown>;
}

/** The one error of this package. The message says what to do about it. */
export class DevnetError extends Error {
  readonly code: DevnetErrorCode;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;

  constructor(code: DevnetErrorCode, message: string, options: DevnetErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DevnetError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
