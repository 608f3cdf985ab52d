/**
 * One simulated day of the devnet: 225 epochs of 8 slots of 48 seconds, a real block in every slot, 16,384 validators.
 * The last line on stdout is one JSON object; exit 0 when both targets hold, 1 otherwise.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const EPOCHS_A_DAY = 225;
const SLOTS_A_DAY = EPOCHS_A_DAY * 8;
const MAX_SLOT_MS = 45;
const MAX_DAY_SECONDS = 70;

if (process.env.LODESTAR_PRESET !== "minimal") {
  // The preset is fixed when a process starts.
  const env = { ...process.env, LODESTAR_PRESET: "minimal" };
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { env, stdio: "inherit" });
  process.exit(status ?? 1);
}

const { startDevnet } = await import("../src/index.ts");
const root = mkdtempSync(join(tmpdir(), "cairn-devnet-bench-"));
const round = (value: number): number => Math.round(value * 10) / 10;

async function measure(): Promise<boolean> {
  const started = performance.now();
  const chain = await startDevnet({ dataDir: join(root, "chain"), secondsPerSlot: 48 });
  try {
    const startSeconds = (performance.now() - started) / 1000;
    const from = performance.now();
    await chain.runAhead({
      epochs: EPOCHS_A_DAY,
      onProgress: ({ epoch, finalizedEpoch }) => {
        if (epoch % 25 === 0) console.error(`epoch ${epoch}, finalized ${finalizedEpoch}`);
      },
    });
    const daySeconds = (performance.now() - from) / 1000;
    const status = (await (await fetch(`${chain.urls.control}/status`)).json()) as {
      memoryMb: { consensus: number; execution: number };
      keptStates: number;
    };
    const result = {
      slotMs: round((daySeconds * 1000) / SLOTS_A_DAY),
      daySeconds: round(daySeconds),
      slotMsMedian: round(chain.slotMsMedian),
      startSeconds: round(startSeconds),
      memoryMb: status.memoryMb.consensus + status.memoryMb.execution,
      consensusMemoryMb: status.memoryMb.consensus,
      executionMemoryMb: status.memoryMb.execution,
      keptStates: status.keptStates,
    };
    console.log(JSON.stringify(result));
    return result.slotMs <= MAX_SLOT_MS && result.daySeconds <= MAX_DAY_SECONDS;
  } finally {
    await chain.stop();
  }
}

try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
