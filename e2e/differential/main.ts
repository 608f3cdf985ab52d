/**
 * `npm run differential -- --seeds 200 --first 1 --checkpoints 50`: lives of the stack on the real consensus rules, each
 * decided by its seed. Prints what was done and ends with 1 if any differed, naming the seed.
 */
import { parseArgs } from "node:util";
import { runSeed } from "./run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    checkpoints: { type: "string", default: "50" },
    verbose: { type: "boolean", default: false },
  },
});

const first = Number(values.first);
const last = first + Number(values.seeds) - 1;
for (let seed = first; seed <= last; seed++) {
  const started = performance.now();
  try {
    const counts = await runSeed(seed, Number(values.checkpoints), (closed) => {
      if (process.stdout.isTTY)
        process.stdout.write(`\rseed ${seed}: ${closed} of ${values.checkpoints} checkpoints `);
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`seed ${seed}: ${values.checkpoints} checkpoints, 0 differences, ${seconds} s`);
    if (values.verbose) for (const [what, count] of [...counts].sort()) console.log(`  ${count} × ${what}`);
  } catch (error) {
    console.error(`seed ${seed} failed: ${error instanceof Error ? error.message : String(error)}`);
    if (values.verbose) console.error(error);
    process.exitCode = 1;
  }
}
