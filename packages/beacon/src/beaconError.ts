/** What went wrong, for programs. The message is for people. */
export type BeaconErrorCode =
  /** No answer within the time limit. */
  | "timeout"
  /** The caller's AbortSignal fired. */
  | "aborted"
  /** The beacon node can't be reached, or answers 5xx. */
  | "unavailable"
  /** 429: the beacon node wants fewer requests. */
  | "rateLimited"
  /** 404: unknown block, state or validator. */
  | "notFound"
  /** Any other 4xx. */
  | "badRequest"
  /** The answer is not what the Beacon API promises. */
  | "badResponse"
  /** A fork this package has no generalized indices for. */
  | "unsupportedFork"
  /** This process already works with another SSZ preset. */
  | "presetMismatch"
  /** The bytes are not a state of the named fork and preset, or not one a proof can start from. */
  | "badState"
  /** An argument out of range or out of order. */
  | "badInput"
  /** A multiproof that is not strict, or leads to another root. */
  | "badProof";

/** Values worth logging beside an error. */
export type BeaconErrorDetails = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

const RETRYABLE: ReadonlySet<BeaconErrorCode> = new Set(["timeout", "unavailable", "rateLimited"]);

/** The one error of this package. `retryable` says whether the same call may succeed later. */
export class BeaconError extends Error {
  readonly code: BeaconErrorCode;
  readonly details: BeaconErrorDetails;
  readonly retryable: boolean;

  constructor(
    code: BeaconErrorCode,
    message: string,
    options: { details?: BeaconErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "BeaconError";
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = RETRYABLE.has(code);
  }
}
