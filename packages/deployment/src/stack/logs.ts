import type { AbiEvent, Address, Log, PublicClient } from "viem";

/** Blocks in one request: what most nodes still answer. */
const PAGE = 5000n;

type LogClient = Pick<PublicClient, "getLogs" | "getBlockNumber">;

/** All logs of these events of these contracts from the block `from` on, oldest first. */
export async function logsFrom(
  client: LogClient,
  address: Address[],
  events: readonly AbiEvent[],
  from: bigint,
): Promise<Log<bigint, number, false>[]> {
  const head = await client.getBlockNumber({ cacheTime: 0 });
  const logs: Log<bigint, number, false>[] = [];
  for (let begin = from; begin <= head; begin += PAGE) {
    const end = begin + PAGE - 1n;
    const toBlock = end < head ? end : head;
    logs.push(...(await client.getLogs({ address, events, fromBlock: begin, toBlock })));
  }
  return logs;
}

/** Logs of a contract page by page, from the newest page to the oldest. */
export async function* pagesBack(
  client: LogClient,
  address: Address,
): AsyncGenerator<Log<bigint, number, false>[]> {
  let end = await client.getBlockNumber({ cacheTime: 0 });
  for (;;) {
    const begin = end >= PAGE ? end - PAGE + 1n : 0n;
    yield await client.getLogs({ address, fromBlock: begin, toBlock: end });
    if (begin === 0n) return;
    end = begin - 1n;
  }
}
