import { createRequire } from "node:module";

/** Foundry's own forge for this platform, as npm installed it. */
export function forgePath(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const binary = process.platform === "win32" ? "forge.exe" : "forge";
  const require = createRequire(import.meta.resolve("@foundry-rs/forge/package.json"));
  return require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/bin/${binary}`);
}
