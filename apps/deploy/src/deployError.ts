/** What went wrong, in one word a program can branch on. */
export type DeployErrorCode = "badSettings" | "noKey";

/** The program's own error. The message says what to do. */
export class DeployError extends Error {
  readonly code: DeployErrorCode;
  readonly retryable = false;

  constructor(code: DeployErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DeployError";
    this.code = code;
  }
}
