/** What went wrong, in one word a program can branch on. */
export type DeploymentErrorCode =
  | "badDescription"
  | "wrongChain"
  | "notConfirmed"
  | "otherCode"
  | "tooLittleEther"
  | "transactionReverted"
  | "transactionTimeout"
  | "transactionRefused"
  | "notAsDescribed"
  | "notDeployed"
  | "artifactsStale";

/** The one error of this package. The message says what to do. */
export class DeploymentError extends Error {
  readonly code: DeploymentErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(
    code: DeploymentErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DeploymentError";
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
