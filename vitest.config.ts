import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps}/*/test/**/*.test.ts", "e2e/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
    // The preset of Lodestar's types is fixed per process.
    env: { LODESTAR_PRESET: "minimal", NODE_NO_WARNINGS: "1" },
    pool: "forks",
    // One file at a time: a chain and its programs use both cores.
    maxWorkers: 1,
    // For what would never end: no test waits for a clock, and each counts what it waits for itself.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
