/**
 * Runs Foundry's forge of this platform with the given arguments and ends with forge's own exit code. The starter that
 * comes with the npm package ends with 0 whatever happens: behind it a failing test would pass.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const arch = process.arch === "x64" ? "amd64" : process.arch;
const binary = process.platform === "win32" ? "forge.exe" : "forge";
const require = createRequire(import.meta.resolve("@foundry-rs/forge/package.json"));
const forge = spawn(
  require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/bin/${binary}`),
  process.argv.slice(2),
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => forge.kill(signal));
forge.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
