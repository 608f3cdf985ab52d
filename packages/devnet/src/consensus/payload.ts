import { type capella, type deneb, type electra, ssz } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";
import type { BuiltPayload, EnginePayload, EngineWithdrawal } from "../execution/engineApi.ts";

const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

/** EIP-7685 request types. */
const DEPOSIT = 0;
const WITHDRAWAL = 1;
const CONSOLIDATION = 2;

export function payloadFromEngine(json: EnginePayload): deneb.ExecutionPayload {
  return {
    parentHash: fromHex(json.parentHash),
    feeRecipient: fromHex(json.feeRecipient),
    stateRoot: fromHex(json.stateRoot),
    receiptsRoot: fromHex(json.receiptsRoot),
    logsBloom: fromHex(json.logsBloom),
    prevRandao: fromHex(json.prevRandao),
    blockNumber: Number(json.blockNumber),
    gasLimit: Number(json.gasLimit),
    gasUsed: Number(json.gasUsed),
    timestamp: Number(json.timestamp),
    extraData: fromHex(json.extraData),
    baseFeePerGas: BigInt(json.baseFeePerGas),
    blockHash: fromHex(json.blockHash),
    transactions: json.transactions.map((tx) => fromHex(tx)),
    withdrawals: json.withdrawals.map(withdrawalFromEngine),
    blobGasUsed: BigInt(json.blobGasUsed),
    excessBlobGas: BigInt(json.excessBlobGas),
  };
}

function payloadToEngine(payload: deneb.ExecutionPayload): EnginePayload {
  return {
    parentHash: toHex(payload.parentHash),
    feeRecipient: toHex(payload.feeRecipient),
    stateRoot: toHex(payload.stateRoot),
    receiptsRoot: toHex(payload.receiptsRoot),
    logsBloom: toHex(payload.logsBloom),
    prevRandao: toHex(payload.prevRandao),
    blockNumber: quantity(payload.blockNumber),
    gasLimit: quantity(payload.gasLimit),
    gasUsed: quantity(payload.gasUsed),
    timestamp: quantity(payload.timestamp),
    extraData: toHex(payload.extraData),
    baseFeePerGas: quantity(payload.baseFeePerGas),
    blockHash: toHex(payload.blockHash),
    transactions: payload.transactions.map((tx) => toHex(tx)),
    withdrawals: payload.withdrawals.map(withdrawalToEngine),
    blobGasUsed: quantity(payload.blobGasUsed),
    excessBlobGas: quantity(payload.excessBlobGas),
  };
}

/** What the execution client needs to take a block it has never seen, from the block alone. */
export function builtPayloadFromBody(body: electra.BeaconBlockBody): BuiltPayload {
  return {
    executionPayload: payloadToEngine(body.executionPayload),
    executionRequests: requestsToEngine(body.executionRequests),
  };
}

function withdrawalFromEngine(json: EngineWithdrawal): capella.Withdrawal {
  return {
    index: Number(json.index),
    validatorIndex: Number(json.validatorIndex),
    address: fromHex(json.address),
    amount: BigInt(json.amount),
  };
}

export function withdrawalToEngine(withdrawal: capella.Withdrawal): EngineWithdrawal {
  return {
    index: quantity(withdrawal.index),
    validatorIndex: quantity(withdrawal.validatorIndex),
    address: toHex(withdrawal.address),
    amount: quantity(withdrawal.amount),
  };
}

/** Decodes EIP-7685 requests: one type byte, then an SSZ list. */
export function requestsFromEngine(list: string[]): electra.ExecutionRequests {
  const requests: electra.ExecutionRequests = { deposits: [], withdrawals: [], consolidations: [] };
  for (const item of list) {
    const bytes = fromHex(item);
    const body = bytes.subarray(1);
    if (bytes[0] === DEPOSIT) requests.deposits = ssz.electra.DepositRequests.deserialize(body);
    else if (bytes[0] === WITHDRAWAL) requests.withdrawals = ssz.electra.WithdrawalRequests.deserialize(body);
    else if (bytes[0] === CONSOLIDATION)
      requests.consolidations = ssz.electra.ConsolidationRequests.deserialize(body);
  }
  return requests;
}

function requestsToEngine(requests: electra.ExecutionRequests): string[] {
  const bodies: [number, Uint8Array][] = [
    [DEPOSIT, ssz.electra.DepositRequests.serialize(requests.deposits)],
    [WITHDRAWAL, ssz.electra.WithdrawalRequests.serialize(requests.withdrawals)],
    [CONSOLIDATION, ssz.electra.ConsolidationRequests.serialize(requests.consolidations)],
  ];
  return bodies
    .filter(([, body]) => body.length > 0)
    .map(([type, body]) => toHex(Uint8Array.from([type, ...body])));
}
