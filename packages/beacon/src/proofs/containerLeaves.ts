import { BeaconError } from "../beaconError.ts";
import { concatGindices, leafGindex } from "../ssz/gindex.ts";
import type { Leaf } from "../ssz/multiproof.ts";
import { LIST_DATA, LIST_LENGTH, VALIDATORS_DEPTH } from "../state/forkTable.ts";
import type { Validator, ValidatorRecord } from "../state/validatorRecord.ts";
import { uint64Leaf, validatorRoot } from "./leaves.ts";

/** What a proof says of some validators. */
interface ContainersClaim {
  readonly validatorCount: bigint;
  readonly indices: readonly number[];
  readonly validators: readonly Validator[];
}

/** Leaves of the containers and of the list's length. `list`: generalized index of the list's root. */
export function containerLeaves(list: bigint, claim: ContainersClaim): Leaf[] {
  return [
    ...claim.indices.map((index, i) => ({
      gindex: concatGindices(list, LIST_DATA, leafGindex(VALIDATORS_DEPTH, index)),
      value: validatorRoot(claim.validators[i] as Validator),
    })),
    { gindex: concatGindices(list, LIST_LENGTH), value: uint64Leaf(claim.validatorCount) },
  ];
}

/** "badProof" unless the indices ascend strictly below the count and each has its container. */
export function requireIndices({ indices, validators, validatorCount }: ContainersClaim): void {
  let before = -1;
  for (const index of indices) {
    if (!Number.isInteger(index) || index <= before || index >= 2 ** 40 || BigInt(index) >= validatorCount) {
      throw new BeaconError(
        "badProof",
        `Index ${index} after ${before}: indices ascend strictly, below ${validatorCount}.`,
      );
    }
    before = index;
  }
  if (indices.length > 0 && indices.length === validators.length) return;
  throw new BeaconError(
    "badProof",
    `${indices.length} indices, ${validators.length} validators: equal and not 0, please.`,
  );
}

/** The container as the contracts take it. */
export function withoutKey({ index: _index, pubkey: _pubkey, ...validator }: ValidatorRecord): Validator {
  return validator;
}
