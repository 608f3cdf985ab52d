/** What went wrong, for programs. The message is for people. */
export type ProtocolErrorCode =
  /** Events are missing, or stand in another order than the chain's. */
  | "eventsMissing"
  /** An address book lacks something. */
  | "addressBookWrong";

/** The one error of this package. No repetition mends it. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  readonly details: Readonly<Record<string, bigint | string>>;
  readonly retryable = false;

  constructor(
    code: ProtocolErrorCode,
    message: string,
    details: Readonly<Record<string, bigint | string>> = {},
  ) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
    this.details = details;
  }
}
