import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** They put something else in place of a module, for all that share their process. */
const MOCKING = ["apps/keeper/test/{checkpoint,fund,probe}.test.ts"];

export default defineConfig({
  test: {
    // The preset of Lodestar's types is fixed per process.
    env: {
      LODESTAR_PRESET: "minimal",
      NODE_NO_WARNINGS: "1",
      // the programs that tests start by the dozen need not be compiled each time
      NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node"),
    },
    pool: "forks",
    // One file at a time: a chain and its programs use both cores.
    maxWorkers: 1,
    // For what would never end: no test waits for a clock, and each counts what it waits for itself.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    projects: [
      {
        extends: true,
        test: {
          name: "programs",
          include: ["{packages,apps}/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
          exclude: MOCKING,
          // one process for all: loading Lodestar and viem for each file takes as long as a third of the tests
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "each in a process of its own",
          include: [...MOCKING, "e2e/test/**/*.test.ts"],
          globalSetup: "e2e/test/support/deployedChains.ts",
        },
      },
    ],
  },
});
