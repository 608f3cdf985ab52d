/**
 * Storage layouts of what is deployed. Writes packages/protocol/src/generated/layouts.ts (for the rehearsal of
 * proposals, which names the slots that change) and contracts/snapshots/Layout.json: the layouts of the modules behind
 * proxies, which an upgrade takes over as they are. A layout may grow at its end; any other change is refused with the slot
 * named. `--check` compares instead of writing; `--accept` writes a changed layout (before a first deployment, or when
 * every proxy that runs it was given up).
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { ROOT } from "./runSteps.ts";

/** Modules behind proxies: the implementation of each may be replaced, its storage stays. */
const MODULES = [
  "BeaconProofs",
  "Checkpoints",
  "DepositsInFlight",
  "FeeSplit",
  "OperatorRegistry",
  "Penalties",
  "ValidatorManager",
  "Withdrawals",
];

interface LayoutItem {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

interface LayoutType {
  readonly label: string;
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly LayoutItem[];
}

/** solc's storageLayout output. */
export interface StorageLayout {
  readonly storage: readonly LayoutItem[];
  readonly types: Readonly<Record<string, LayoutType>> | null;
}

/** A variable: where it begins, and its type with the fields of structs written out. */
export interface Variable {
  readonly label: string;
  readonly slot: number;
  readonly offset: number;
  readonly bytes: number;
  readonly type: string;
}

/** The variables of a layout in order, without the compiler's numbers, which change with every edit. */
export function variablesOf(layout: StorageLayout): Variable[] {
  const typeOf = (id: string): LayoutType => layout.types?.[id] ?? { label: id, numberOfBytes: "0" };
  const name = (id: string): string => {
    const { label, key, value, base, members } = typeOf(id);
    if (members) return `${label} {${members.map((m) => field(m)).join(", ")}}`;
    if (value) return `mapping(${name(key ?? "")} => ${name(value)})`;
    if (base) return `${label} of ${name(base)}`;
    return label;
  };
  const field = (m: LayoutItem) => `${name(m.type)} ${m.label} @${m.slot}:${m.offset}`;
  return layout.storage.map(({ label, slot, offset, type }) => ({
    label,
    slot: Number(slot),
    offset,
    bytes: Number(typeOf(type).numberOfBytes),
    type: name(type),
  }));
}

/** What an upgrade from `before` to `after` would break, a sentence each; none if it only grows at its end. */
export function layoutBreaks(
  contract: string,
  before: readonly Variable[],
  after: readonly Variable[],
): string[] {
  const breaks: string[] = [];
  const show = (v: Variable) => `${v.label} (${v.type})`;
  for (const [i, was] of before.entries()) {
    const is = after[i];
    const at = `${contract}, slot ${was.slot} offset ${was.offset}`;
    if (!is) breaks.push(`${at}: ${show(was)} is gone`);
    else if (is.slot !== was.slot || is.offset !== was.offset) {
      breaks.push(`${at}: ${show(was)} has moved; slot ${is.slot} offset ${is.offset} is ${show(is)}`);
    } else if (show(is) !== show(was)) breaks.push(`${at}: was ${show(was)}, is ${show(is)}`);
  }
  return breaks;
}

const SOLIDITY_IMPORT = /^import\b[^;]*?"([^"]+)";/gms;
const REMAPPING = /^\s*"([^"=]+)=([^"]+)",$/gm;

/** The contracts' sources and all they import, by path from the repository's root. */
function sourcesBelow(
  folder: string,
  remappings: readonly (readonly [string, string])[],
): Record<string, string> {
  const sources: Record<string, string> = {};
  const add = (path: string): void => {
    if (path in sources) return;
    const text = readFileSync(join(ROOT, path), "utf8");
    sources[path] = text;
    for (const [, imported = ""] of text.matchAll(SOLIDITY_IMPORT)) {
      const [prefix = "", target = ""] = remappings.find(([from]) => imported.startsWith(from)) ?? [];
      add(
        imported.startsWith(".")
          ? normalize(join(dirname(path), imported))
          : target + imported.slice(prefix.length),
      );
    }
  };
  for (const file of globSync(`${folder}/**/*.sol`, { cwd: ROOT })) add(file);
  return sources;
}

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly storageLayout: StorageLayout }>>>
  >;
}

/**
 * Asks the compiler for layouts alone: no code is made, so it takes seconds, and says what the sources are now, whatever
 * forge has kept of an earlier build.
 */
function layoutsOfSources(): Record<string, Variable[]> {
  const toml = readFileSync(join(ROOT, "foundry.toml"), "utf8");
  // other profiles put other things in their place
  const ours = /^\[profile\.default\]$.*?(?=^\[)/ms.exec(toml)?.[0] ?? "";
  const remappings = [...ours.matchAll(REMAPPING)].map(([, from = "", to = ""]) => [from, to] as const);
  const texts = Object.entries(sourcesBelow("contracts/src", remappings));
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(texts.map(([path, content]) => [path, { content }])),
    settings: {
      evmVersion: "prague",
      remappings: remappings.map(([from, to]) => `${from}=${to}`),
      outputSelection: { "*": { "*": ["storageLayout"] } },
    },
  };
  const options = { cwd: ROOT, input: JSON.stringify(input), maxBuffer: 2 ** 28, encoding: "utf8" } as const;
  const command = [join(ROOT, "contracts/solc"), "--standard-json"];
  const output = JSON.parse(execFileSync(process.execPath, command, options)) as SolcOutput;
  const wrong = output.errors?.find(({ severity }) => severity === "error");
  if (wrong) throw new Error(wrong.formattedMessage);
  const found: Record<string, Variable[]> = {};
  for (const [path, contracts] of Object.entries(output.contracts)) {
    const name = basename(path, ".sol");
    const layout = path.startsWith("contracts/src/") ? contracts[name]?.storageLayout : undefined;
    if (layout && layout.storage.length > 0) found[name] = variablesOf(layout);
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => a.localeCompare(b)));
}

const SNAPSHOT = join(ROOT, "contracts/snapshots/Layout.json");
const GENERATED = join(ROOT, "packages/protocol/src/generated/layouts.ts");

function main(args: readonly string[]): number {
  const layouts = layoutsOfSources();
  const modules = Object.fromEntries(MODULES.map((name) => [name, layouts[name] ?? []]));
  const text = `${JSON.stringify(modules, null, 1)}\n`;
  const kept = existsSync(SNAPSHOT) ? readFileSync(SNAPSHOT, "utf8") : "{}";
  const before = JSON.parse(kept) as Record<string, Variable[]>;
  const breaks = MODULES.flatMap((name) => layoutBreaks(name, before[name] ?? [], modules[name] ?? []));
  if (breaks.length > 0 && !args.includes("--accept")) {
    console.error(`an upgrade would read its storage wrongly:\n${breaks.join("\n")}`);
    return 1;
  }
  const source =
    "// Generated by `npm run generate` from contracts/src. Do not edit.\n" +
    `export const storageLayouts = ${JSON.stringify(layouts, null, 1)} as const;\n`;
  const isStale = kept !== text || !existsSync(GENERATED) || readFileSync(GENERATED, "utf8") !== source;
  if (!args.includes("--check")) {
    writeFileSync(SNAPSHOT, text);
    writeFileSync(GENERATED, source);
  } else if (isStale) {
    console.error("storage layouts have grown: run npm run generate");
    return 1;
  }
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
