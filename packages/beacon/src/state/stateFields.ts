import { BeaconError } from "../beaconError.ts";
import { type AnyContainer, containerChunks, fieldRoot, isContainer } from "../ssz/fieldRoot.ts";
import { SszReader } from "../ssz/reader.ts";
import type { ForkGindices } from "./forkTable.ts";
import { VALIDATOR_BYTES } from "./validatorRecord.ts";

/** Bytes `start` (included) to `end` (excluded) of the serialized state. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A serialized state, cut into its fields. */
export class StateFields {
  readonly row: ForkGindices;
  readonly reader: SszReader;
  readonly names: readonly string[];
  readonly #type: AnyContainer;
  readonly #ranges: readonly ByteRange[];

  /** "badState" when the bytes can't be a state of this type. */
  constructor(row: ForkGindices, type: AnyContainer, bytes: Uint8Array) {
    this.row = row;
    this.reader = new SszReader(bytes);
    this.names = Object.keys(type.fields);
    this.#type = type;
    try {
      this.#ranges = type.getFieldRanges(this.reader.view, 0, bytes.length);
    } catch (cause) {
      const message = `These ${bytes.length} bytes are not a ${row.name} state of this preset. Check fork and preset.`;
      throw new BeaconError("badState", message, { details: { fork: row.name, bytes: bytes.length }, cause });
    }
    this.#requireWholeLists();
  }

  /** Where the field lies; `name` as in the type, camelCase. */
  range(name: string): ByteRange {
    const range = this.#ranges[this.names.indexOf(name)];
    if (range !== undefined) return range;
    throw new BeaconError("unsupportedFork", `A ${this.row.name} state has no ${name}.`, {
      details: { fork: this.row.name },
    });
  }

  bytes(name: string): Uint8Array {
    const { start, end } = this.range(name);
    return this.reader.bytes.subarray(start, end);
  }

  /** hash_tree_root of the field, computed anew. */
  root(name: string): Uint8Array {
    return fieldRoot(this.#fieldType(name), this.bytes(name));
  }

  /** The roots of the fields of a field that is a container. */
  chunks(name: string): Uint8Array[] {
    const type = this.#fieldType(name);
    if (isContainer(type)) return containerChunks(type, this.bytes(name));
    throw new BeaconError("badInput", `The state's ${name} has no fields of its own.`);
  }

  #fieldType(name: string): AnyContainer["fields"][string] {
    return this.#type.fields[name] as AnyContainer["fields"][string];
  }

  /** The registry's five lists have one length, and no list ends within an element. */
  #requireWholeLists(): void {
    const validators = this.bytes("validators").length / VALIDATOR_BYTES;
    for (const name of this.names) {
      const size = elementBytes(this.#fieldType(name));
      const count = size === null ? 0 : this.bytes(name).length / size;
      if (Number.isInteger(count) && (!REGISTRY_LISTS.has(name) || count === validators)) continue;
      const message = `${name} holds ${count} elements in a ${this.row.name} state of ${validators} validators: the bytes are damaged.`;
      throw new BeaconError("badState", message, {
        details: { fork: this.row.name, name, count, validators },
      });
    }
  }
}

/** Lists with one element per validator, in all forks since Altair. */
const REGISTRY_LISTS: ReadonlySet<string> = new Set([
  "validators",
  "balances",
  "previousEpochParticipation",
  "currentEpochParticipation",
  "inactivityScores",
]);

/** Serialized size of a list's elements; null for what is no list, or has elements of various sizes. */
function elementBytes(type: AnyContainer["fields"][string]): number | null {
  if (!("elementType" in type)) return null;
  return (type.elementType as AnyContainer["fields"][string]).fixedSize;
}
