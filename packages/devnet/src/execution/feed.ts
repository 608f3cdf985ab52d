import type { electra } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { builtPayloadFromBody } from "../consensus/payload.ts";
import { DevnetError } from "../errors/devnetError.ts";
import type { BlockEntry, BlockStore } from "../storage/blockStore.ts";
import type { LogRecord } from "../storage/chainLog.ts";
import { EngineApi } from "./engineApi.ts";
import type { ExecutionClient } from "./executionClient.ts";

const ZERO_HASH = `0x${"00".repeat(32)}`;

/**
 * Gives the execution client all logged blocks it does not have, and makes the last one its head.
 * @returns how many it was given
 * @throws DevnetError `chain-inconsistent` when it holds another chain, `execution-client-refused` when it cannot go on
 */
export async function feedMissingBlocks(client: ExecutionClient, blocks: BlockStore): Promise<number> {
  const known = await lastCommonNumber(client, blocks);
  const engine = new EngineApi(client.engine);
  for (let number = known + 1; number <= blocks.head.blockNumber; number++) {
    const entry = blocks.byNumber(number) as BlockEntry;
    const block: electra.BeaconBlock = blocks.decode(entry.record as LogRecord).message;
    await engine.newPayload(builtPayloadFromBody(block.body), toHex(block.parentRoot));
    await engine.setHead({
      headBlockHash: entry.executionHash,
      safeBlockHash: ZERO_HASH,
      finalizedBlockHash: ZERO_HASH,
    });
  }
  const headBlockHash = blocks.head.executionHash;
  await engine.setHead({ headBlockHash, safeBlockHash: ZERO_HASH, finalizedBlockHash: ZERO_HASH });
  return blocks.head.blockNumber - known;
}

async function lastCommonNumber(client: ExecutionClient, blocks: BlockStore): Promise<number> {
  const latest = Number(await client.rpc.call<string>("eth_blockNumber"));
  const number = Math.min(latest, blocks.head.blockNumber);
  const block = await client.rpc.call<{ hash: string } | null>("eth_getBlockByNumber", [
    `0x${number.toString(16)}`,
    false,
  ]);
  if (block?.hash !== blocks.byNumber(number)?.executionHash) {
    throw new DevnetError(
      "chain-inconsistent",
      `the execution client's block ${number} is not the logged one`,
    );
  }
  return number;
}
