import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps}/*/test/**/*.test.ts", "e2e/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
    // The preset of Lodestar's types is fixed per process.
    env: { LODESTAR_PRESET: "minimal", NODE_NO_WARNINGS: "1" },
    pool: "forks",
    // One file at a time: a chain and its programs use both cores, and a keeper must keep up with the chain.
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
