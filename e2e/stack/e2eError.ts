/** Something in a run of the whole system is not as it must be. */
export class E2eError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "E2eError";
  }
}
