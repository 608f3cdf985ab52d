import type { Devnet } from "../chain/devnet.ts";
import type { Json } from "../execution/jsonRpcClient.ts";
import type { LogFilter } from "../storage/logIndex.ts";
import { blockNumberOf } from "./blockTags.ts";
import type { RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError, SERVER_ERROR } from "./rpcError.ts";

const MAX_TOPICS = 4;

function hexList(value: Json | undefined, bytes: number, what: string): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  const pattern = new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`);
  return list.map((item) => {
    if (typeof item !== "string" || !pattern.test(item)) {
      throw new RpcError(
        INVALID_PARAMS,
        `${what} must be ${bytes} bytes as 0x text, not ${JSON.stringify(item)}`,
      );
    }
    return item.toLowerCase();
  });
}

function topicsOf(value: Json | undefined): (string[] | null)[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_TOPICS) {
    throw new RpcError(INVALID_PARAMS, `topics must be a list of at most ${MAX_TOPICS}`);
  }
  return value.map((topic) => {
    if (topic === null) return null;
    // An empty list in a position is "anything" too, as in the reference implementation.
    if (Array.isArray(topic) && (topic.length === 0 || topic.includes(null))) return null;
    return hexList(topic, 32, "a topic");
  });
}

/** Address and topic part of a filter object. */
export function parseLogMatch(value: Json | undefined): Pick<LogFilter, "addresses" | "topics"> {
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value))) {
    throw new RpcError(INVALID_PARAMS, "a log filter is an object");
  }
  return { addresses: hexList(value?.address, 20, "an address"), topics: topicsOf(value?.topics) };
}

/** A whole filter object, blocks resolved now. @throws RpcError for wrong ranges, hashes or topics */
export function parseLogFilter(chain: Devnet, value: Json | undefined): LogFilter {
  const match = parseLogMatch(value);
  const object = (value ?? {}) as { [key: string]: Json };
  if (object.blockHash !== undefined && object.blockHash !== null) {
    if (object.fromBlock !== undefined || object.toBlock !== undefined) {
      throw new RpcError(INVALID_PARAMS, "a log filter has either blockHash or a range");
    }
    const entry = chain.blocks.byExecutionHash(String(object.blockHash).toLowerCase());
    if (entry === undefined) throw new RpcError(SERVER_ERROR, `unknown block ${object.blockHash}`);
    return { ...match, fromBlock: entry.blockNumber, toBlock: entry.blockNumber };
  }
  const fromBlock = blockNumberOf(chain, object.fromBlock);
  const toBlock = blockNumberOf(chain, object.toBlock);
  if (fromBlock > toBlock)
    throw new RpcError(INVALID_PARAMS, `invalid block range: ${fromBlock} is after ${toBlock}`);
  return { ...match, fromBlock, toBlock };
}

/** The execution client compares topic 0 only, stops at 10,000 logs and refuses long ranges; our index does none of it. */
export const getLogs: RpcHandler = (params, { chain }) => {
  const logs = chain.receipts.logs.find(parseLogFilter(chain, params[0]));
  return logs as unknown as Json;
};
