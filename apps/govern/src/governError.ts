/** What went wrong, in one word a program can branch on. */
export type GovernErrorCode =
  | "badSettings"
  | "badArguments"
  | "badProposal"
  | "unknownProposal"
  | "wrongChain"
  | "refused"
  | "copyFailed";

/** The program's own error. The message says what to do. */
export class GovernError extends Error {
  readonly code: GovernErrorCode;

  constructor(code: GovernErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "GovernError";
    this.code = code;
  }
}
