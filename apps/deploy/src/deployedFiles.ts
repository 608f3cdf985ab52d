import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { BundleSet, NetworkDescription, Site } from "@cairn/deployment";
import type { AddressBook } from "@cairn/protocol";
import type { Address } from "viem";
import { DeployError } from "./deployError.ts";
import type { Settings } from "./settings.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** Who is in a deployment, kept beside its addresses so that everybody can verify it. */
export interface KnownAccounts {
  readonly deployer?: Address;
  readonly guardians?: readonly Address[];
  readonly treasury?: Address;
  readonly release?: string;
}

const folderOf = ({ out }: Settings) =>
  out ? resolve(out) : join(ROOT, "packages/protocol/src/addressBooks");

const write = (file: string, value: unknown) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
};

/** What an earlier apply on this public network noted. Settings count more. */
export function knownAccounts(settings: Settings): KnownAccounts {
  const file = join(folderOf(settings), `${settings.network}.accounts.json`);
  if (settings.network === "local" || !existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KnownAccounts;
  } catch (cause) {
    throw new DeployError("badSettings", `${file} is not JSON: mend or remove it`, { cause });
  }
}

/** @returns Files written; none for the local network, whose addresses are worth nothing elsewhere. */
export function writeBook(settings: Settings, book: AddressBook, { description, deployer }: Site): string[] {
  if (settings.network === "local" && !settings.out) return [];
  const folder = folderOf(settings);
  const { guardians, treasury, release }: NetworkDescription = description;
  const files: readonly (readonly [string, unknown])[] = [
    [join(folder, `${settings.network}.json`), book],
    [join(folder, `${settings.network}.accounts.json`), { deployer, guardians, treasury, release }],
  ];
  for (const [file, value] of files) write(file, value);
  return files.map(([file]) => file);
}

/** @returns The folder. */
export function writeBundles(settings: Settings, { bundles, inputs }: BundleSet): string {
  const folder = join(folderOf(settings), `${settings.network}.source`);
  for (const bundle of bundles) {
    const input = `inputs/${bundle.source}.json`;
    write(join(folder, `${bundle.name}.json`), { ...bundle, source: undefined, input });
  }
  for (const [source, input] of inputs) write(join(folder, "inputs", `${source}.json`), input);
  return folder;
}
