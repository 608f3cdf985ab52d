/**
 * `npm run lockfile`: after a change of dependencies. Writes a whole package-lock.json: npm leaves out optional packages
 * for other platforms when the registry in use does not carry them, and `npm ci` then refuses its own file. They are
 * named here with the platform their name tells, so that every platform skips or fetches them as it must.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./runSteps.ts";

interface LockedPackage {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const OS: Readonly<Record<string, string>> = { windows: "win32" };
const OS_NAMES = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "windows",
];
const CPU: Readonly<Record<string, string>> = { amd64: "x64" };
const CPU_NAMES = ["arm64", "amd64", "x64", "ia32", "arm", "loong64", "ppc64", "riscv64", "s390x", "wasm32"];

/** The platform that a package's name tells, for example "@biomejs/cli-linux-x64-musl". */
export function platformOf(name: string): Pick<LockedPackage, "os" | "cpu" | "libc"> {
  const words = name.split(/[/@_.-]+/);
  const os = OS_NAMES.find((word) => words.includes(word));
  const cpu = CPU_NAMES.find((word) => words.includes(word));
  if (name === "fsevents") return { os: ["darwin"] };
  return {
    ...(os ? { os: [OS[os] ?? os] } : {}),
    ...(cpu ? { cpu: [CPU[cpu] ?? cpu] } : {}),
    ...(words.includes("musl") ? { libc: ["musl"] } : words.includes("gnu") ? { libc: ["glibc"] } : {}),
  };
}

/** Adds what is missing; @returns names added. */
export function completeLockfile(packages: Record<string, LockedPackage>): string[] {
  const added: string[] = [];
  for (const owner of Object.values(packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      if (Object.keys(packages).some((path) => path.endsWith(key))) continue;
      packages[key] = {
        version: version.replace(/^[\^~]/, ""),
        ...platformOf(name),
        optional: true,
        ...(owner.dev ? { dev: true } : {}),
      };
      added.push(name);
    }
  }
  return added;
}

function main(): void {
  // where no node_modules can be seen: npm would leave out what is not installed
  const folder = mkdtempSync(join(tmpdir(), "cairn-lock-"));
  const manifests = globSync(
    ["package.json", "{contracts,e2e}/package.json", "{packages,apps}/*/package.json"],
    { cwd: ROOT },
  );
  for (const file of [...manifests, "package-lock.json"])
    cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const added = completeLockfile(lock.packages);
  const [{ "": root, ...rest }] = [lock.packages];
  lock.packages = {
    "": root as LockedPackage,
    ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeFileSync(join(ROOT, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
  rmSync(folder, { recursive: true });
  console.log(
    `package-lock.json written${added.length > 0 ? `, with ${added.length} packages of other platforms` : ""}`,
  );
}

if (
  process.argv[1] &&
  dirname(process.argv[1]) === import.meta.dirname &&
  process.argv[1].endsWith("lockfile.ts")
)
  main();
