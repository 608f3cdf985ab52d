/**
 * Writes the real code of Ethereum's system contracts, as @ethereumjs/genesis carries it for Hoodi, to
 * contracts/out/systemContracts.json, so that Foundry tests etch what networks run instead of a copy.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemContracts } from "@cairn/devnet";

const target = join(import.meta.dirname, "../contracts/out/systemContracts.json");
mkdirSync(join(target, ".."), { recursive: true });
const contracts = Object.fromEntries(
  Object.entries(systemContracts()).map(([name, c]) => [
    name,
    { address: c.address, code: c.code, slots: Object.keys(c.storage), values: Object.values(c.storage) },
  ]),
);
writeFileSync(target, JSON.stringify(contracts));
