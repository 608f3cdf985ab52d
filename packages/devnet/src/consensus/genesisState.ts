import { type ChainForkConfig, createBeaconConfig } from "@lodestar/config";
import { FAR_FUTURE_EPOCH, ForkSeq, UNSET_DEPOSIT_REQUESTS_START_INDEX } from "@lodestar/params";
import {
  createCachedBeaconState,
  createPubkeyCache,
  getGenesisBeaconState,
  getNextSyncCommittee,
  getTemporaryBlockHeader,
} from "@lodestar/state-transition";
import { type phase0, ssz } from "@lodestar/types";
import { fromHex } from "@lodestar/utils";
import type { DevnetState } from "./forkTypes.ts";

/** The execution client's block 0 as its JSON-RPC shows it. */
export interface ExecutionGenesisBlock {
  hash: string;
  parentHash: string;
  miner: string;
  stateRoot: string;
  receiptsRoot: string;
  logsBloom: string;
  mixHash: string;
  gasLimit: string;
  timestamp: string;
  extraData: string;
  baseFeePerGas: string;
}

export interface GenesisStateOptions {
  config: ChainForkConfig;
  executionGenesis: ExecutionGenesisBlock;
  pubkeys: Uint8Array[];
  /** Balance of every background validator, in ETH, 32 to 2048. */
  validatorEth: number;
}

type GenesisView = Omit<DevnetState, "epochCtx" | "config">;

/** Root of the deposit contract's empty tree. */
const EMPTY_DEPOSIT_ROOT = "0xd70a234731285c6804c2a4f56711ddb8c82c99740f207854891028af34e27e5e";

/** Compounding credentials to 0x1111…: sweeps of background validators burn what they pay out. */
const BURN_BYTE = 0x11;

/** Builds the Electra genesis state, everybody active from epoch 0. */
export function genesisState(options: GenesisStateOptions): DevnetState {
  const { config, executionGenesis } = options;
  const view = getGenesisBeaconState(
    config,
    { depositRoot: fromHex(EMPTY_DEPOSIT_ROOT), depositCount: 0n, blockHash: fromHex(executionGenesis.hash) },
    getTemporaryBlockHeader(config, config.getForkTypes(0).BeaconBlock.defaultValue()),
  ) as unknown as DevnetState;
  view.genesisTime = Number(executionGenesis.timestamp);
  addValidators(view, options.pubkeys, options.validatorEth * 1e9);
  view.commit();
  view.genesisValidatorsRoot = view.validators.hashTreeRoot();
  view.latestExecutionPayloadHeader = ssz.electra.ExecutionPayloadHeader.toViewDU(
    payloadHeader(executionGenesis),
  );
  view.depositRequestsStartIndex = UNSET_DEPOSIT_REQUESTS_START_INDEX;
  view.commit();
  const beaconConfig = createBeaconConfig(config, view.genesisValidatorsRoot);
  const pubkeyCache = createPubkeyCache();
  // The first sync committee is drawn from a state that has none yet.
  const draft = createCachedBeaconState(
    view,
    { config: beaconConfig, pubkeyCache },
    { skipSyncCommitteeCache: true },
  );
  const everybody = Uint32Array.from(options.pubkeys.keys());
  const increments = draft.epochCtx.effectiveBalanceIncrements;
  const { syncCommittee } = getNextSyncCommittee(ForkSeq.electra, draft, everybody, increments);
  view.currentSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
  view.nextSyncCommittee = ssz.altair.SyncCommittee.toViewDU(syncCommittee);
  view.commit();
  return createCachedBeaconState(view, { config: beaconConfig, pubkeyCache });
}

function addValidators(view: GenesisView, pubkeys: Uint8Array[], balanceGwei: number): void {
  const withdrawalCredentials = new Uint8Array(32);
  withdrawalCredentials[0] = 2;
  withdrawalCredentials.fill(BURN_BYTE, 12);
  const validators: phase0.Validator[] = pubkeys.map((pubkey) => ({
    pubkey,
    withdrawalCredentials,
    effectiveBalance: balanceGwei,
    slashed: false,
    activationEligibilityEpoch: 0,
    activationEpoch: 0,
    exitEpoch: FAR_FUTURE_EPOCH,
    withdrawableEpoch: FAR_FUTURE_EPOCH,
  }));
  const zeros = pubkeys.map(() => 0);
  view.validators = ssz.phase0.Validators.toViewDU(validators);
  view.balances = ssz.phase0.Balances.toViewDU(pubkeys.map(() => balanceGwei));
  view.previousEpochParticipation = ssz.altair.EpochParticipation.toViewDU(zeros);
  view.currentEpochParticipation = ssz.altair.EpochParticipation.toViewDU(zeros);
  view.inactivityScores = ssz.altair.InactivityScores.toViewDU(zeros);
}

function payloadHeader(block: ExecutionGenesisBlock) {
  return {
    ...ssz.electra.ExecutionPayloadHeader.defaultValue(),
    parentHash: fromHex(block.parentHash),
    feeRecipient: fromHex(block.miner),
    stateRoot: fromHex(block.stateRoot),
    receiptsRoot: fromHex(block.receiptsRoot),
    logsBloom: fromHex(block.logsBloom),
    prevRandao: fromHex(block.mixHash),
    blockNumber: 0,
    gasLimit: Number(block.gasLimit),
    gasUsed: 0,
    timestamp: Number(block.timestamp),
    extraData: fromHex(block.extraData),
    baseFeePerGas: BigInt(block.baseFeePerGas),
    blockHash: fromHex(block.hash),
    transactionsRoot: ssz.bellatrix.Transactions.hashTreeRoot([]),
    withdrawalsRoot: ssz.capella.Withdrawals.hashTreeRoot([]),
  };
}
