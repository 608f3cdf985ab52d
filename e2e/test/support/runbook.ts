import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { outcomeOf } from "../../stack/outcome.ts";
import type { Zone } from "./zone.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** Seconds of the chain in one of ours: as slow as a vote of an hour needs it, as fast as that allows. */
const SECONDS_A_SECOND = 288;

/** The blocks of commands in a runbook, as they stand there. */
export function blocksOf(name: string): string[] {
  const text = readFileSync(join(ROOT, `docs/runbooks/${name}.md`), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
}

/** Runs blocks in one shell, which ends at the first command that fails, while the chain makes slots. @returns What they printed. */
export async function follow(zone: Zone, blocks: readonly string[]): Promise<string> {
  const { devnet, addressFile } = zone.stack;
  // what `npm start` leaves for `npm run chain`
  writeFileSync(join(zone.folder, "run.json"), JSON.stringify(devnet.urls));
  devnet.setPace({ slotsPerSecond: SECONDS_A_SECOND / devnet.options.secondsPerSlot });
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
  devnet.setPace("stopped");
  await devnet.advance(1);
  expect(code, output).toBe(0);
  return output;
}
