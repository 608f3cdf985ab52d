import { BeaconError } from "../beaconError.ts";

/** What a walk needs to know about node values; `Value` is bytes when verifying, nothing when planning. */
export interface MultiproofValues<Value> {
  /** Value of leaf number `position` in the given order. */
  leaf(position: number): Value;
  /** The sibling at `gindex` is neither a leaf nor a computed parent: it must come with the proof. */
  sibling(gindex: bigint): Value;
  parent(left: Value, right: Value): Value;
}

interface Item<Value> {
  readonly gindex: bigint;
  readonly value: Value;
}

/**
 * The one walk behind planning, building and verifying a strict multiproof; returns the root's value.
 * Two queues, both strictly descending: the leaves, and the parents made so far. The larger head is taken; its
 * sibling is the next item if that is exactly `gindex ^ 1`, else it is asked for; their parent joins the second
 * queue. It ends at gindex 1, when both queues are empty.
 * `gindices`: at least one, each >= 2, strictly descending, none the ancestor of another; else "badProof".
 */
export function walkMultiproof<Value>(gindices: readonly bigint[], values: MultiproofValues<Value>): Value {
  requireStrictlyDescending(gindices);
  const parents: Item<Value>[] = [];
  let nextLeaf = 0;
  let nextParent = 0;
  const largest = (): bigint => {
    const leaf = gindices[nextLeaf] ?? 0n;
    const parent = parents[nextParent]?.gindex ?? 0n;
    if (leaf === parent && leaf !== 0n)
      throw new BeaconError("badProof", `Leaf ${leaf} is the ancestor of another leaf.`);
    return leaf > parent ? leaf : parent;
  };
  const take = (gindex: bigint): Value => {
    if (gindices[nextLeaf] === gindex) return values.leaf(nextLeaf++);
    return (parents[nextParent++] as Item<Value>).value;
  };
  for (;;) {
    const gindex = largest();
    const value = take(gindex);
    if (gindex === 1n) return value;
    const twin = gindex ^ 1n;
    const other = largest() === twin ? take(twin) : values.sibling(twin);
    const parent = gindex & 1n ? values.parent(other, value) : values.parent(value, other);
    parents.push({ gindex: gindex >> 1n, value: parent });
  }
}

function requireStrictlyDescending(gindices: readonly bigint[]): void {
  if (gindices.length === 0) throw new BeaconError("badProof", "A multiproof needs at least one leaf.");
  for (const [i, gindex] of gindices.entries()) {
    if (gindex < 2n) throw new BeaconError("badProof", `Leaf ${gindex} is not below the root.`);
    const before = gindices[i - 1];
    if (before !== undefined && before <= gindex) {
      throw new BeaconError("badProof", `Leaves must descend strictly: ${before} stands before ${gindex}.`);
    }
  }
}
