// Usage: node bench/fromBytes.ts PATH MEMBERS: block root and validators' multiproof straight from the bytes.
import { readFileSync } from "node:fs";
import { buildValidatorsProof, openState } from "../src/index.ts";
import { report, sampleIndices } from "./sample.ts";

const [path, members] = process.argv.slice(2);
const bytes = readFileSync(path as string);
const start = performance.now();
const state = await openState({ preset: "mainnet", fork: "fulu", bytes });
const opened = performance.now();
const stateRoot = state.stateRoot();
state.blockRoot();
const rooted = performance.now();
buildValidatorsProof(state, 0n, sampleIndices(Number(members), state.validatorCount), { balances: true });
report(start, opened, rooted, stateRoot);
