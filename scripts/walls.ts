/**
 * The import order of the house, enforced (ARCHITECTURE.md). Solidity: types < governance < deposit < validators <
 * accounting < integrations; a zone imports anything of its own, `types`, and only `I*.sol` of zones to its left.
 * TypeScript: protocol < beacon < deployment < {sdk, devnet} < apps < e2e; apps never import apps; packages are entered by name only.
 * And nowhere files that import each other in a circle, types included: where one belongs, the others do.
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

/** What each file imports, both as paths from the repository's root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** One circle of each knot of files that reach each other by imports, as `a → b → a`, from its first name on. */
export function findCircles(imports: Imports): string[] {
  return knotsOf(imports).map((knot) => {
    const first = [...knot].sort()[0] as string;
    return [first, ...shortestWay(imports, knot, first), first].join(" → ");
  });
}

/** Tarjan's strongly connected components, those of one file aside unless it imports itself. */
function knotsOf(imports: Imports): ReadonlySet<string>[] {
  const knots: ReadonlySet<string>[] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) as number);
    path.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      else if (!path.includes(next)) continue;
      lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(next) as number));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const knot = path.splice(path.indexOf(file));
    if (knot.length > 1 || imports.get(file)?.includes(file)) knots.push(new Set(knot));
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return knots;
}

/** The files between `start` and itself on the shortest way back within its knot. */
function shortestWay(imports: Imports, knot: ReadonlySet<string>, start: string): string[] {
  const ways: string[][] = [[]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (!knot.has(next) || seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return [];
}

/** All refused imports and all circles below `root`, one sentence each. */
export function findBreaches(root: string): string[] {
  const breaches: string[] = [];
  const imports = new Map<string, string[]>();
  const note = (from: string, specifier: string): void => {
    if (!specifier.startsWith(".")) return;
    imports.set(from, [...(imports.get(from) ?? []), normalize(join(dirname(from), specifier))]);
  };
  for (const file of globSync("contracts/src/**/*.sol", { cwd: root })) {
    for (const [, path = ""] of readFileSync(join(root, file), "utf8").matchAll(SOLIDITY_IMPORT)) {
      if (!path.startsWith(".")) continue;
      note(file, path);
      const why = solidityWall(file, normalize(join(dirname(file), path)));
      if (why) breaches.push(`${file} imports ${path}: ${why}`);
    }
  }
  const sources = ["packages/*/{src,test,bench}/**/*.ts", "apps/*/{src,test}/**/*.{ts,tsx}", "e2e/**/*.ts"];
  for (const file of globSync(sources, { cwd: root, exclude: (path) => path.includes("node_modules") })) {
    for (const [, a, b, c] of readFileSync(join(root, file), "utf8").matchAll(TYPESCRIPT_IMPORT)) {
      const specifier = a ?? b ?? c ?? "";
      note(file, specifier);
      const why = typescriptWall(file, specifier);
      if (why) breaches.push(`${file} imports ${specifier}: ${why}`);
    }
  }
  for (const circle of findCircles(imports)) breaches.push(`files import each other in a circle: ${circle}`);
  return breaches;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = findBreaches(join(import.meta.dirname, ".."));
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
