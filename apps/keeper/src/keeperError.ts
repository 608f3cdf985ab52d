/** What went wrong, in one word a program can branch on. */
export type KeeperErrorCode =
  | "badSettings"
  | "wrongChain"
  | "notSynced"
  | "transactionReverted"
  | "transactionTimeout";

/** The keeper's own error. The message says what to do. */
export class KeeperError extends Error {
  readonly code: KeeperErrorCode;
  readonly retryable: boolean;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "KeeperError";
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
