/**
 * Rules of the house that no linter knows: error names unique and each with its sentence, file sizes, file names,
 * no `throw new Error(` in packages and programs, no barrel re-exports. Prints each breach; ends with 1 if there is any.
 */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Lines a file may have, by kind; the first pattern that fits counts. */
const SIZES: readonly (readonly [RegExp, number])[] = [
  [/^contracts\/src\/types\//, 150],
  [/^contracts\/src\//, 500],
  [/^contracts\/test\//, 500],
  [/^(packages|apps)\/[^/]+\/test\//, 500],
  [/\.tsx$/, 250],
  [/\.ts$/, 400],
];

const NAMES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^contracts\/src\/.*\.sol$/, /^[A-Z][A-Za-z0-9]*\.sol$/, "PascalCase.sol"],
  [/^contracts\/test\/unit\/.*\.sol$/, /^[A-Z][A-Za-z0-9]*(\.[a-zA-Z]+)?\.t\.sol$/, "Contract.verb.t.sol"],
  [/^(packages|apps|e2e|scripts)\/.*\.ts$/, /^[a-z][A-Za-z0-9]*(\.test|\.config)?\.ts$/, "camelCase.ts"],
  [/^docs\/.*\.md$/, /^[a-z0-9]+(-[a-z0-9]+)*\.md$/, "kebab-case.md"],
];

const FORBIDDEN_FOLDERS = /\/(common|utils|helpers|misc|v2)\//;
/** Contracts of libraries may be inherited; their errors are not ours to name. */
const ERROR_DECLARATION = /^\s*error\s+(\w+)\s*\(/gm;

/** @param files Paths from `root`. @returns One sentence for each breach. */
export function findBreaches(root: string, files: readonly string[]): string[] {
  const breaches: string[] = [];
  const errors = new Map<string, string>();
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    breaches.push(...sizeBreaches(file, text), ...nameBreaches(file), ...textBreaches(file, text));
    if (!file.startsWith("contracts/src/")) continue;
    for (const [, name = ""] of text.matchAll(ERROR_DECLARATION)) {
      const owner = errors.get(name);
      if (owner) breaches.push(`${file}: error ${name} is declared in ${owner} too; an error has one owner`);
      errors.set(name, file);
    }
  }
  return [...breaches, ...sentenceBreaches(root, [...errors.keys()])];
}

function sizeBreaches(file: string, text: string): string[] {
  const most = SIZES.find(([pattern]) => pattern.test(file))?.[1];
  const lines = text.split("\n").length - 1;
  return most !== undefined && lines > most
    ? [`${file}: ${lines} lines, at most ${most}; split it by verb or state`]
    : [];
}

function nameBreaches(file: string): string[] {
  if (FORBIDDEN_FOLDERS.test(`/${file}`))
    return [`${file}: no folder is called common, utils, helpers, misc or v2`];
  const [, shape, example] = NAMES.find(([pattern]) => pattern.test(file)) ?? [];
  return shape && !shape.test(basename(file)) ? [`${file}: the name should look like ${example}`] : [];
}

function textBreaches(file: string, text: string): string[] {
  const breaches: string[] = [];
  if (/^(packages|apps)\/[^/]+\/src\//.test(file)) {
    if (/throw new Error\(/.test(text)) breaches.push(`${file}: throw the room's own error, not Error`);
    if (/^export \* from/m.test(text)) breaches.push(`${file}: name what is exported`);
    if (basename(file) === "index.ts" && !/^packages\/[^/]+\/src\/index\.ts$/.test(file)) {
      breaches.push(`${file}: only a package has an index.ts, in src`);
    }
  }
  if (/^contracts\/src\/.*\/[A-HJ-Z]\w*\.sol$/.test(file) && /^contract /m.test(text)) {
    for (const word of ["Owns:", "Does not own:", "Trusts:"]) {
      if (!text.includes(`/// ${word}`)) breaches.push(`${file}: the contract does not begin with ${word}`);
    }
  }
  return breaches;
}

/** The type checker finds a missing sentence of a generated error; this finds errors that were not generated yet. */
function sentenceBreaches(root: string, names: readonly string[]): string[] {
  const sentences = readFileSync(join(root, "packages/protocol/src/sentences.ts"), "utf8");
  return names
    .filter((name) => !new RegExp(`^\\s*${name}:`, "m").test(sentences))
    .map((name) => `packages/protocol/src/sentences.ts: no sentence for ${name}`);
}

export function listFiles(root: string): string[] {
  const patterns = [
    "contracts/{src,test}/**/*.sol",
    "{packages,apps}/*/{src,test,bench}/**/*.{ts,tsx}",
    "e2e/**/*.ts",
    "scripts/**/*.ts",
    "docs/**/*.md",
  ];
  const skip = (path: string) => path.includes("node_modules") || path.includes("/generated/");
  return globSync(patterns, { cwd: root }).filter((file) => !skip(file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  const breaches = findBreaches(root, listFiles(root));
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
