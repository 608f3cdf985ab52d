import assert from "node:assert/strict";
import { Tree } from "@chainsafe/persistent-merkle-tree";
import { ACTIVE_PRESET } from "@lodestar/params";
import { ssz } from "@lodestar/types";
import { bytesToHex, type Hex } from "viem";
import {
  type BeaconStateBytes,
  buildMultiproof,
  computeMultiproofRoot,
  type ForkName,
  fromBlockRoot,
  leafGindex,
  openState,
  type Preset,
} from "../../src/index.ts";
import { SeededBytes } from "./seededBytes.ts";
import { FORK_VERSIONS } from "./syntheticState.ts";

/** The preset this process runs; Lodestar fixes it from LODESTAR_PRESET. */
export const PRESET: Preset = ACTIVE_PRESET === "minimal" ? "minimal" : "mainnet";

/** Trees of block and state as Lodestar makes them. */
interface Reference {
  readonly state: Tree;
  readonly header: Tree;
  readonly value: ReturnType<typeof ssz.fulu.BeaconState.deserializeToViewDU>;
}

/** Holds this package's reading of the bytes against Lodestar's own tree; throws at the first difference. */
export async function compareWithLodestar(fork: ForkName, bytes: Uint8Array, seed: string): Promise<void> {
  const state = await openState({ preset: PRESET, fork, bytes });
  const value = ssz[fork].BeaconState.deserializeToViewDU(bytes) as Reference["value"];
  const stateRoot = value.hashTreeRoot();
  const header = ssz.phase0.BeaconBlockHeader.toViewDU({ ...value.latestBlockHeader.toValue(), stateRoot });
  const blockRoot = header.hashTreeRoot();
  const reference = { state: new Tree(value.node), header: new Tree(header.node), value };
  assert.equal(state.stateRoot(), bytesToHex(stateRoot), "state root");
  assert.equal(state.blockRoot(), bytesToHex(blockRoot), "block root");
  assert.equal(state.listRoot("balances"), bytesToHex(value.balances.hashTreeRoot()), "balances root");
  assert.equal(state.listRoot("validators"), bytesToHex(value.validators.hashTreeRoot()), "validators root");
  compareFields(state, reference, fork);
  const random = new SeededBytes(seed);
  const some = [0, state.validatorCount - 1, ...random.distinct(20, state.validatorCount)];
  for (const index of new Set(some)) compareValidator(state, reference, index);
  compareMultiproof(state, random);
}

function compareFields(state: BeaconStateBytes, { value, state: tree }: Reference, fork: ForkName): void {
  assert.equal(state.slot, BigInt(value.slot), "slot");
  assert.equal(state.forkVersion, FORK_VERSIONS[fork], "fork version");
  assert.equal(
    state.executionBlockHash,
    hexOf(value.latestExecutionPayloadHeader.blockHash),
    "execution block hash",
  );
  assert.equal(state.validatorCount, value.validators.length, "validator count");
  assert.equal(state.genesisValidatorsRoot, hexOf(value.genesisValidatorsRoot), "genesis validators root");
  assert.equal(state.finalizedCheckpoint.root, hexOf(value.finalizedCheckpoint.root), "finalized root");
  assert.equal(state.finalizedCheckpoint.epoch, BigInt(value.finalizedCheckpoint.epoch), "finalized epoch");
  const first = 1n << BigInt(state.row.stateDepth);
  for (let field = first; field < first * 2n; field++) {
    const theirs = hexOf(tree.getRoot(field));
    assert.equal(hexOf(state.node(fromBlockRoot(state.row, field))), theirs, `field ${field} of ${fork}`);
  }
}

function compareValidator(state: BeaconStateBytes, reference: Reference, index: number): void {
  const theirs = reference.value.validators.getReadonly(index);
  const ours = state.validator(index);
  assert.equal(ours.pubkey, hexOf(theirs.pubkey), `key ${index}`);
  assert.equal(ours.effectiveBalance, BigInt(theirs.effectiveBalance), `effective balance ${index}`);
  assert.equal(ours.slashed, theirs.slashed, `slashed ${index}`);
  assert.equal(state.balance(index), BigInt(reference.value.balances.get(index)), `balance ${index}`);
  assert.equal(state.indexOfPubkey(ours.pubkey), index, `index of key ${index}`);
  const { row } = state;
  const paths = [
    [row.validators, 2n, leafGindex(40, index)],
    [row.balances, 2n, leafGindex(38, Math.floor(index / 4))],
  ] as const;
  for (const path of paths) compareBranch(state, reference, fromBlockRoot(row, ...path), fromStateRoot(path));
}

/** Every sibling on the way from the leaf to the block root, and the leaf itself. */
function compareBranch(
  state: BeaconStateBytes,
  { state: tree, header }: Reference,
  gindex: bigint,
  inState: bigint,
): void {
  const theirs = [...tree.getSingleProof(inState), ...header.getSingleProof(state.row.stateRoot)].map(hexOf);
  const ours = theirs.map((_, level) => hexOf(state.node((gindex >> BigInt(level)) ^ 1n)));
  assert.deepEqual(ours, theirs, `branch of ${gindex}`);
  assert.equal(hexOf(state.node(gindex)), hexOf(tree.getRoot(inState)), `node ${gindex}`);
}

function compareMultiproof(state: BeaconStateBytes, random: SeededBytes): void {
  const { row } = state;
  const leaves = random
    .distinct(50, state.validatorCount)
    .reverse()
    .map((index) => fromBlockRoot(row, row.validators, 2n, leafGindex(40, index)))
    .map((gindex) => ({ gindex, value: state.node(gindex) }));
  const nodes = buildMultiproof(
    leaves.map((leaf) => leaf.gindex),
    (gindex) => state.node(gindex),
  );
  assert.equal(hexOf(computeMultiproofRoot(leaves, nodes)), state.blockRoot(), "multiproof root");
}

function fromStateRoot([list, data, leaf]: readonly [bigint, bigint, bigint]): bigint {
  const depth = (gindex: bigint): bigint => BigInt(gindex.toString(2).length - 1);
  const under = (a: bigint, b: bigint): bigint => (a << depth(b)) | (b - (1n << depth(b)));
  return under(under(list, data), leaf);
}

function hexOf(bytes: Uint8Array): Hex {
  return bytesToHex(bytes);
}
