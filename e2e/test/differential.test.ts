import { expect, test } from "vitest";
import { runSeed } from "../differential/run.ts";

/** Two short lives for every run; failing seeds of the nightly ones are kept here, with their number of checkpoints. */
const SEEDS = [
  { seed: 2, checkpoints: 5 },
  { seed: 11, checkpoints: 5 },
] as const;

test.each(SEEDS)(
  "A1, A2, A5: seed $seed, $checkpoints checkpoints, no difference to either layer",
  async ({ seed, checkpoints }) => {
    const counts = await runSeed(seed, checkpoints);
    const closed = (counts.get("closed") ?? 0) + (counts.get("closed with deposits in flight") ?? 0);
    expect(closed).toBe(checkpoints);
  },
);
