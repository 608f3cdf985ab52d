import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHORTEST_RHYTHM } from "@cairn/deployment";
import { deploy, FIXED_GENESIS_TIME, startChain } from "../stack/stack.ts";
import { live } from "./life.ts";
import { World } from "./world.ts";

/** Runs one life on a chain of its own. Resolves with what was done, how often; rejects at the first difference. */
export async function runSeed(
  seed: number,
  checkpoints: number,
  onClose?: (closed: number) => void,
): Promise<ReadonlyMap<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-differential-"));
  const running = await startChain({
    dataDir: join(folder, "chain"),
    fresh: true,
    secondsPerSlot: 48,
    validators: 256,
    genesisTime: FIXED_GENESIS_TIME,
  });
  try {
    const stack = await deploy(running, SHORTEST_RHYTHM, folder);
    running.devnet.setPace("stopped");
    const world = new World(stack, seed);
    await live(world, checkpoints, onClose);
    return world.counts;
  } finally {
    await running.devnet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
