// Usage: LODESTAR_PRESET=mainnet node bench/fromTree.ts PATH MEMBERS: the same through Lodestar's tree view.
import { readFileSync } from "node:fs";
import { computeDescriptor, createProof, ProofType, setHasher } from "@chainsafe/persistent-merkle-tree";
import { hasher } from "@chainsafe/persistent-merkle-tree/hasher/hashtree";
import { report, sampleIndices } from "./sample.ts";

setHasher(hasher);
const [path, members] = process.argv.slice(2);
const bytes = readFileSync(path as string);
const start = performance.now();
const { ssz } = await import("@lodestar/types");
const type = ssz.fulu.BeaconState;
const state = type.deserializeToViewDU(bytes);
const opened = performance.now();
const root = state.hashTreeRoot();
const rooted = performance.now();
const indices = sampleIndices(Number(members), state.validators.length);
const gindices = indices.flatMap((i) => [
  type.getPathInfo(["validators", i]).gindex,
  type.getPathInfo(["balances", i]).gindex,
]);
createProof(state.node, {
  type: ProofType.compactMulti,
  descriptor: computeDescriptor([...new Set(gindices)]),
});
report(start, opened, rooted, `0x${Buffer.from(root).toString("hex")}`);
