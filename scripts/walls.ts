/**
 * The import order of the house, enforced (ARCHITECTURE.md). Solidity: types < governance < deposit < validators <
 * accounting < integrations; a zone imports anything of its own, `types`, and only `I*.sol` of zones to its left.
 * TypeScript: protocol < beacon < deployment < {sdk, devnet} < apps < e2e; apps never import apps; packages are entered by name only.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ZONES = ["types", "governance", "deposit", "validators", "accounting", "integrations"];
const RANKS: Readonly<Record<string, number>> = {
  "packages/protocol": 0,
  "packages/beacon": 1,
  "packages/deployment": 2,
  "packages/sdk": 3,
  "packages/devnet": 3,
  apps: 4,
  e2e: 5,
};

/** What one file imports and why that is refused, or undefined. `from` and `to` are paths from the repository's root. */
export function solidityWall(from: string, to: string): string | undefined {
  const zoneOf = (path: string) => /^contracts\/src\/([^/]+)\//.exec(path)?.[1];
  const own = zoneOf(from);
  const other = zoneOf(to);
  if (own === undefined || other === undefined || own === other || other === "types") return undefined;
  if (!ZONES.includes(own)) return `${own} is no zone`;
  if (ZONES.indexOf(other) > ZONES.indexOf(own))
    return `${own} may not import from ${other}, which is to its right`;
  return /\/I[A-Z]\w*\.sol$/.test(to) ? undefined : `of ${other} only I*.sol may be imported`;
}

/** The room of a path: a package, an app, or e2e. */
export function roomOf(path: string): string | undefined {
  return /^((?:packages|apps)\/[^/]+|e2e)\//.exec(path)?.[1];
}

function rankOf(room: string): number | undefined {
  return RANKS[room] ?? RANKS[room.split("/")[0] ?? ""];
}

/** Why a TypeScript import is refused, or undefined. `specifier` is as written in `from`. */
export function typescriptWall(from: string, specifier: string): string | undefined {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  if (specifier.startsWith(".")) {
    const target = normalize(join(dirname(from), specifier));
    return target.startsWith(`${room}/`) ? undefined : `${room} must not reach out of itself by path`;
  }
  const [, name, deep] = /^@cairn\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  if (deep) return "packages are imported by their name only, never deeper";
  const target = `packages/${name}`;
  if (RANKS[target] === undefined) return `@cairn/${name} is no package (apps are never imported)`;
  if (target === room) return "a package imports itself by path";
  const own = rankOf(room);
  const other = rankOf(target);
  if (own === undefined) return `${room} has no place in the import order: add it to scripts/walls.ts`;
  return other !== undefined && other < own ? undefined : `${room} may not import ${target}`;
}

const SOLIDITY_IMPORT = /^import[^;]*?"([^"]+)";/gms;
const TYPESCRIPT_IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g;

/** All refused imports below `root`, one sentence each. */
export function findBreaches(root: string): string[] {
  const breaches: string[] = [];
  for (const file of globSync("contracts/src/**/*.sol", { cwd: root })) {
    for (const [, path = ""] of readFileSync(join(root, file), "utf8").matchAll(SOLIDITY_IMPORT)) {
      if (!path.startsWith(".")) continue;
      const why = solidityWall(file, normalize(join(dirname(file), path)));
      if (why) breaches.push(`${file} imports ${path}: ${why}`);
    }
  }
  const sources = ["packages/*/{src,test,bench}/**/*.ts", "apps/*/{src,test}/**/*.{ts,tsx}", "e2e/**/*.ts"];
  for (const file of globSync(sources, { cwd: root, exclude: (path) => path.includes("node_modules") })) {
    for (const [, a, b, c] of readFileSync(join(root, file), "utf8").matchAll(TYPESCRIPT_IMPORT)) {
      const specifier = a ?? b ?? c ?? "";
      const why = typescriptWall(file, specifier);
      if (why) breaches.push(`${file} imports ${specifier}: ${why}`);
    }
  }
  return breaches;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = findBreaches(join(import.meta.dirname, ".."));
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
