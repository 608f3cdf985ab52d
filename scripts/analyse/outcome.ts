/** How one analyser ended. */
export interface Outcome {
  readonly ok: boolean;
  /** For the one line of this tool. */
  readonly sentence: string;
  /** Printed below it. */
  readonly details: readonly string[];
}
