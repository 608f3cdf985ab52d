import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { outcomeOf } from "../../stack/outcome.ts";
import { controlInStep } from "./controlInStep.ts";
import type { Zone } from "./zone.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The blocks of commands in a runbook, as they stand there. */
export function blocksOf(name: string): string[] {
  const text = readFileSync(join(ROOT, `docs/runbooks/${name}.md`), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
}

/** Runs blocks in one shell, which ends at the first command that fails. @returns What they printed. */
export async function follow(zone: Zone, blocks: readonly string[]): Promise<string> {
  const { devnet, addressFile } = zone.stack;
  // what `npm start` leaves for `npm run chain`
  const control = await controlInStep(zone);
  writeFileSync(join(zone.folder, "run.json"), JSON.stringify({ ...devnet.urls, control: control.url }));
  const child = spawn("bash", ["-eo", "pipefail", "-c", blocks.join("\n")], {
    cwd: ROOT,
    env: {
      ...process.env,
      CAIRN_FOLDER: zone.folder,
      CAIRN_ADDRESSES: addressFile,
      CAIRN_RPC_URL: devnet.urls.rpc,
      CAIRN_BEACON_URL: devnet.urls.beacon,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { code, output } = await outcomeOf(child);
  await control.close();
  await zone.step.rest();
  expect(code, output).toBe(0);
  return output;
}
