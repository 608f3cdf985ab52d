import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

export interface Outcome {
  readonly code: number | null;
  /** What it printed, errors included. */
  readonly output: string;
}

/** Waits for the end of a process. */
export function outcomeOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Outcome> {
  let output = "";
  const add = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, output })));
}
