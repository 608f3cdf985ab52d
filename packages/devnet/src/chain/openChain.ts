import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BeaconConfig, createBeaconConfig } from "@lodestar/config";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { chainConfig } from "../consensus/chainConfig.ts";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { type ExecutionGenesisBlock, genesisState } from "../consensus/genesisState.ts";
import { interopPubkeys } from "../consensus/interopPubkeys.ts";
import { StateStore } from "../consensus/stateStore.ts";
import { DevnetError } from "../errors/devnetError.ts";
import { ExecutionClient } from "../execution/executionClient.ts";
import { feedMissingBlocks } from "../execution/feed.ts";
import { BLOCK_GAS_LIMIT, genesisFile } from "../execution/genesisFile.ts";
import type { DevnetLogger, ResolvedOptions } from "../options/devnetOptions.ts";
import { type BlockEntry, BlockStore } from "../storage/blockStore.ts";
import { ChainLog, type LogRecord, RECORD_BLOCK } from "../storage/chainLog.ts";
import type { ChainIdentity } from "../storage/identity.ts";
import { ReceiptStore } from "../storage/receiptStore.ts";
import { Snapshots } from "../storage/snapshots.ts";
import { receiptsOf } from "./publication.ts";
import { replayTo } from "./replay.ts";

export interface OpenedChain {
  config: BeaconConfig;
  client: ExecutionClient;
  log: ChainLog;
  records: LogRecord[];
  blocks: BlockStore;
  states: StateStore;
  snapshots: Snapshots;
  receipts: ReceiptStore;
  state: DevnetState;
}

/** Replay starts this many epochs before the head, so that the finalized state is among those kept. */
const REPLAY_EPOCHS = 4;

/** Starts the execution client on the folder and brings both sides to the last logged block. */
export async function openChain(
  dir: string,
  options: ResolvedOptions,
  identity: ChainIdentity,
  logger: DevnetLogger,
): Promise<OpenedChain> {
  const genesisPath = join(dir, "genesis.json");
  const prefunded = Object.fromEntries(
    Object.entries(identity.prefunded).map(([key, wei]) => [key, BigInt(wei)]),
  );
  const { chainId, genesisTime } = identity;
  writeFileSync(genesisPath, JSON.stringify(genesisFile({ chainId, genesisTime, prefunded })));
  const starting = ExecutionClient.start({ dir: join(dir, "execution"), genesisPath });
  const stop = () => starting.then((client) => client.stop()).catch(() => undefined);
  const log = new ChainLog(join(dir, "chain.log"));
  const receipts = new ReceiptStore(join(dir, "receipts.log"));
  try {
    // Both sides start at the same time: keys here while the client opens its databases there.
    const pubkeys = interopPubkeys(options.validators, join(dirname(dir), "cache"));
    const client = await starting;
    const chain = await consensusSide(dir, options, client, log, pubkeys);
    const fed = await feedOrRebuild(chain.client, chain.blocks, dir, genesisPath, logger);
    await loadReceipts(fed.rpc, receipts, chain.blocks);
    return { ...chain, client: fed, receipts };
  } catch (error) {
    await stop();
    log.close();
    receipts.close();
    throw error;
  }
}

async function consensusSide(
  dir: string,
  options: ResolvedOptions,
  client: ExecutionClient,
  log: ChainLog,
  pubkeys: Uint8Array[],
): Promise<Omit<OpenedChain, "receipts">> {
  const executionGenesis = await client.rpc.call<ExecutionGenesisBlock>("eth_getBlockByNumber", [
    "0x0",
    false,
  ]);
  const forkConfig = chainConfig(options);
  const snapshots = new Snapshots(join(dir, "snapshots"));
  const genesis = genesisState({
    config: forkConfig,
    executionGenesis,
    pubkeys,
    validatorEth: options.validatorEth,
  });
  const config = createBeaconConfig(forkConfig, genesis.genesisValidatorsRoot);
  const blocks = new BlockStore(log);
  blocks.setConfig(config);
  blocks.add(genesisEntry(genesis, executionGenesis));
  const states = new StateStore(options.keepStates);
  states.add(0, genesis);
  states.pin([0]);
  const records = log.scan();
  for (const record of records) if (record.kind === RECORD_BLOCK) blocks.add(blocks.entryOf(record));
  const base = { config, client, log, records, blocks, states, snapshots };
  const last = records.at(-1);
  if (last === undefined) {
    snapshots.write(0, genesis.serialize());
    return { ...base, state: genesis };
  }
  const from = snapshots.nearest(Math.max(0, last.slot - REPLAY_EPOCHS * SLOTS_PER_EPOCH));
  const state = replayTo(base, last.slot, from, (slot, visited) => {
    if (slot > 0) states.add(slot, visited);
  });
  return { ...base, state };
}

function genesisEntry(state: DevnetState, block: ExecutionGenesisBlock): BlockEntry {
  const header = { ...state.latestBlockHeader.toValue(), stateRoot: state.hashTreeRoot() };
  return {
    slot: 0,
    root: toHex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(header)),
    parentRoot: toHex(header.parentRoot),
    stateRoot: toHex(header.stateRoot),
    executionHash: block.hash,
    blockNumber: 0,
    timestamp: Number(block.timestamp),
    baseFeePerGas: BigInt(block.baseFeePerGas),
    gasUsed: 0,
    gasLimit: BLOCK_GAS_LIMIT,
    transactionCount: 0,
  };
}

/** When the client's databases did not survive, they are thrown away and rebuilt from the log. */
async function feedOrRebuild(
  client: ExecutionClient,
  blocks: BlockStore,
  dir: string,
  genesisPath: string,
  logger: DevnetLogger,
): Promise<ExecutionClient> {
  try {
    const fed = await feedMissingBlocks(client, blocks);
    if (fed > 0) logger.info({ blocks: fed }, "gave the execution client the blocks it was missing");
    return client;
  } catch (error) {
    if (!(error instanceof DevnetError)) throw error;
    logger.warn(
      { reason: error.message },
      "the execution client cannot go on from its databases: rebuilding them",
    );
    await client.stop();
    const executionDir = join(dir, "execution");
    rmSync(executionDir, { recursive: true, force: true });
    mkdirSync(executionDir, { recursive: true });
    const again = await ExecutionClient.start({ dir: executionDir, genesisPath });
    try {
      await feedMissingBlocks(again, blocks);
      return again;
    } catch (failure) {
      await again.stop();
      throw failure;
    }
  }
}

async function loadReceipts(
  rpc: ExecutionClient["rpc"],
  receipts: ReceiptStore,
  blocks: BlockStore,
): Promise<void> {
  for (let number = 1; number <= blocks.head.blockNumber; number++) {
    const entry = blocks.byNumber(number) as BlockEntry;
    if (entry.transactionCount === 0) continue;
    receipts.add(entry, await receiptsOf(rpc, receipts, entry));
  }
}
