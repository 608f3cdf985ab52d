/**
 * Runs Foundry's forge of this platform with the given arguments and ends with forge's own exit code. The starter that
 * comes with the npm package ends with 0 whatever happens: behind it a failing test would pass.
 */
import { spawn } from "node:child_process";
import { forgePath } from "./forgePath.ts";

const forge = spawn(forgePath(), process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => forge.kill(signal));
forge.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
