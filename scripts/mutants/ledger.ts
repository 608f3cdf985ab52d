import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Verdict } from "./workshop.ts";

/** What is known of mutants from earlier runs, a JSON object a line, so that a run that was stopped goes on. */
export class Ledger {
  readonly #file: string;
  readonly #known = new Map<string, Verdict>();

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    for (const line of lines.filter(Boolean)) {
      const { key, verdict } = JSON.parse(line) as { key: string; verdict: Verdict };
      this.#known.set(key, verdict);
    }
  }

  /** A survivor is tried again: the tests may have become better. */
  isSettled(mutant: string): boolean {
    const verdict = this.#known.get(keyOf(mutant));
    return verdict !== undefined && verdict !== "survived";
  }

  note(mutant: string, verdict: Verdict): void {
    const key = keyOf(mutant);
    this.#known.set(key, verdict);
    appendFileSync(this.#file, `${JSON.stringify({ key, verdict })}\n`);
  }
}

const keyOf = (mutant: string): string => createHash("sha256").update(mutant).digest("hex");
