import type { RpcLog } from "./receiptTypes.ts";

/** A normalized filter: block numbers inclusive, everything lower case. */
export interface LogFilter {
  fromBlock: number;
  toBlock: number;
  /** Empty: any address. */
  addresses: string[];
  /** By position: null is anything, a list is any of them. */
  topics: (string[] | null)[];
}

/** Whether a log passes the address and topic filters. */
export function matchesLog(log: RpcLog, filter: Pick<LogFilter, "addresses" | "topics">): boolean {
  if (filter.addresses.length > 0 && !filter.addresses.includes(log.address)) return false;
  return filter.topics.every((wanted, position) => {
    if (wanted === null) return true;
    const topic = log.topics[position];
    return topic !== undefined && wanted.includes(topic);
  });
}

/** All logs of the chain in order, without any cap on range or number. */
export class LogIndex {
  readonly #logs: RpcLog[] = [];
  readonly #blockNumbers: number[] = [];
  readonly #byAddress = new Map<string, number[]>();

  get size(): number {
    return this.#logs.length;
  }

  add(logs: RpcLog[]): void {
    for (const log of logs) {
      const position = this.#logs.push(log) - 1;
      this.#blockNumbers.push(Number(log.blockNumber));
      const positions = this.#byAddress.get(log.address);
      if (positions === undefined) this.#byAddress.set(log.address, [position]);
      else positions.push(position);
    }
  }

  find(filter: LogFilter): RpcLog[] {
    const [only, ...others] = filter.addresses;
    const positions =
      only !== undefined && others.length === 0 ? (this.#byAddress.get(only) ?? []) : undefined;
    const length = positions?.length ?? this.#logs.length;
    const positionAt = (i: number): number => (positions === undefined ? i : (positions[i] as number));
    const found: RpcLog[] = [];
    for (let i = this.#firstFrom(filter.fromBlock, length, positionAt); i < length; i++) {
      const position = positionAt(i);
      if ((this.#blockNumbers[position] as number) > filter.toBlock) break;
      const log = this.#logs[position] as RpcLog;
      if (matchesLog(log, filter)) found.push(log);
    }
    return found;
  }

  /** Binary search for the first log at or after a block. */
  #firstFrom(block: number, length: number, positionAt: (i: number) => number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blockNumbers[positionAt(middle)] as number) < block) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
