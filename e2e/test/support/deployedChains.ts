import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of chains with the stack deployed, made by whoever needs one first. */
    deployedChains: string;
  }
}

/** For a run of tests. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "cairn-deployed-"));
  project.provide("deployedChains", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
