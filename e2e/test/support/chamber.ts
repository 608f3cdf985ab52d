import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { govern } from "../../stack/governProcess.ts";
import type { Person } from "../../stack/wallets.ts";
import type { Zone } from "./zone.ts";

/** Governance as people do it: by the program, on the chain of a zone's stack. */
export class Chamber {
  readonly #zone: Zone;
  readonly #folder = mkdtempSync(join(tmpdir(), "cairn-chamber-"));

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  stop(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(person: Person, args: readonly string[]) {
    const { stack, step } = this.#zone;
    return step.after(() => govern(stack, person, args));
  }

  /** One verb of the program, which must succeed. */
  async done(person: Person, ...args: string[]): Promise<string> {
    const { code, output } = await this.#run(person, args);
    expect(code, `${args.join(" ")}: ${output}`).toBe(0);
    return output;
  }

  /** One verb of the program, which must fail. */
  async refused(person: Person, ...args: string[]): Promise<string> {
    const { code, output } = await this.#run(person, args);
    expect(code, `${args.join(" ")}: ${output}`).toBe(1);
    return output;
  }

  /** A proposal as a file; bigints become text. */
  file(name: string, proposal: unknown): string {
    const big = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
    return this.write(name, JSON.stringify(proposal, big));
  }

  write(name: string, text: string): string {
    const path = join(this.#folder, `${name}.json`);
    writeFileSync(path, text);
    return path;
  }

  /** From the vote to the timelock, which it still has to wait out. @returns The proposal's number. */
  async queued(path: string): Promise<string> {
    const output = await this.done("alice", "propose", path, "--send");
    const id = /proposal (\d+)/.exec(output)?.[1] ?? "";
    await this.#zone.pass(400);
    await this.done("alice", "vote", id, "for", "--send");
    await this.#zone.pass(3700);
    await this.done("bob", "queue", id, "--send");
    return id;
  }
}
