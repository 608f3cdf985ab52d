import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DevnetError } from "../errors/devnetError.ts";
import type { ResolvedOptions } from "../options/devnetOptions.ts";

/** What makes a chain this chain. It is fixed when the folder is first used. */
export interface ChainIdentity {
  /** Goes up with what a genesis holds: 2 has Multicall3. */
  formatVersion: 2;
  genesisTime: number;
  preset: string;
  secondsPerSlot: number;
  validators: number;
  validatorEth: number;
  fuluEpoch: number | null;
  delays: string;
  chainId: number;
  /** Wei as decimal text, by lower-case address, sorted. */
  prefunded: Record<string, string>;
}

const NAME = "chain.json";

/** Everything below a data folder that belongs to a chain. */
const CHAIN_FILES = [NAME, "chain.log", "receipts.log", "snapshots", "execution", "genesis.json"];

export function wipeChain(dir: string): void {
  for (const name of CHAIN_FILES) rmSync(join(dir, name), { recursive: true, force: true });
}

/**
 * Reads the folder's identity, or writes it when the folder is new.
 * @throws DevnetError `options-changed` when the options describe another chain than the folder holds
 */
export function identityOf(
  dir: string,
  options: ResolvedOptions,
  prefunded: Record<string, bigint>,
): ChainIdentity {
  const path = join(dir, NAME);
  const stored = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ChainIdentity) : undefined;
  const wanted: ChainIdentity = {
    formatVersion: 2,
    genesisTime: options.genesisTime ?? stored?.genesisTime ?? Math.floor(Date.now() / 1000),
    preset: options.preset,
    secondsPerSlot: options.secondsPerSlot,
    validators: options.validators,
    validatorEth: options.validatorEth,
    fuluEpoch: options.fuluEpoch ?? null,
    delays: options.delays,
    chainId: options.chainId,
    prefunded: Object.fromEntries(
      Object.entries(prefunded)
        .map(([address, wei]) => [address.toLowerCase(), wei.toString()] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  if (stored === undefined) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(path, JSON.stringify(wanted, null, 1));
    return wanted;
  }
  const changed = Object.keys(wanted).filter((key) => !sameValue(stored, wanted, key as keyof ChainIdentity));
  if (changed.length > 0) {
    throw new DevnetError(
      "options-changed",
      `the chain in ${dir} was started with other ${changed.join(", ")}: pass fresh: true or the same options`,
      { details: { changed } },
    );
  }
  return stored;
}

function sameValue(a: ChainIdentity, b: ChainIdentity, key: keyof ChainIdentity): boolean {
  return JSON.stringify(a[key]) === JSON.stringify(b[key]);
}
