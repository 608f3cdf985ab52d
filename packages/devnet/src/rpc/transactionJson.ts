import { parseTransaction, type TransactionSerializableEIP7702, type TransactionSerialized } from "viem";
import type { Json } from "../execution/jsonRpcClient.ts";
import { quantity } from "./quantity.ts";

/** Where a mined transaction stands, and what it paid; all as JSON-RPC writes it. */
export interface TransactionPlace {
  blockHash: string;
  blockNumber: string;
  blockTimestamp: string;
  transactionIndex: string;
  /** Price really paid per gas. */
  gasPrice: string;
}

/** The fields of all types at once. */
type ParsedTransaction = Partial<Omit<TransactionSerializableEIP7702, "type" | "to" | "v" | "yParity">> & {
  type?: string;
  to?: string | null;
  gasPrice?: bigint;
  v?: bigint;
  yParity?: number;
};

const TYPES: Record<string, number> = { legacy: 0, eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4 };

const NOWHERE = { blockHash: null, blockNumber: null, blockTimestamp: null, transactionIndex: null };

/** A transaction as JSON-RPC shows it, of any type, from its signed bytes. @param place absent while it waits */
export function transactionJson(hash: string, from: string, raw: string, place?: TransactionPlace): Json {
  const tx = parseTransaction(raw as TransactionSerialized) as ParsedTransaction;
  const type = TYPES[tx.type ?? "legacy"] ?? 0;
  return {
    ...(place ?? NOWHERE),
    hash,
    from,
    type: quantity(type),
    nonce: quantity(tx.nonce ?? 0),
    to: tx.to?.toLowerCase() ?? null,
    gas: quantity(tx.gas ?? 0n),
    value: quantity(tx.value ?? 0n),
    input: tx.data ?? "0x",
    gasPrice: place?.gasPrice ?? quantity(tx.maxFeePerGas ?? tx.gasPrice ?? 0n),
    ...(tx.chainId === undefined ? {} : { chainId: quantity(tx.chainId) }),
    ...(type === 0 ? {} : { accessList: accessListJson(tx.accessList) }),
    ...feeFields(tx),
    ...(type === 4 ? { authorizationList: authorizationsJson(tx.authorizationList) } : {}),
    ...signatureFields(tx, type),
  };
}

function feeFields(tx: ParsedTransaction): { [key: string]: Json } {
  if (tx.maxFeePerGas === undefined) return {};
  return {
    maxFeePerGas: quantity(tx.maxFeePerGas),
    maxPriorityFeePerGas: quantity(tx.maxPriorityFeePerGas ?? 0n),
  };
}

function signatureFields(tx: ParsedTransaction, type: number): { [key: string]: Json } {
  const parity = quantity(tx.yParity ?? 0);
  return {
    v: type === 0 ? quantity(tx.v ?? 0n) : parity,
    ...(type === 0 ? {} : { yParity: parity }),
    r: quantity(BigInt(tx.r ?? 0)),
    s: quantity(BigInt(tx.s ?? 0)),
  };
}

const accessListJson = (list: ParsedTransaction["accessList"]): Json =>
  (list ?? []).map(({ address, storageKeys }) => ({
    address: address.toLowerCase(),
    storageKeys: [...storageKeys],
  }));

const authorizationsJson = (list: ParsedTransaction["authorizationList"]): Json =>
  (list ?? []).map(({ chainId, address, nonce, yParity, r, s }) => ({
    chainId: quantity(chainId),
    address: address.toLowerCase(),
    nonce: quantity(nonce),
    yParity: quantity(yParity ?? 0),
    r: quantity(BigInt(r ?? 0)),
    s: quantity(BigInt(s ?? 0)),
  }));
