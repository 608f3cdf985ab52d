import type { Devnet } from "../chain/devnet.ts";
import { DevnetError } from "../errors/devnetError.ts";
import type { Json, JsonRpcRequest, JsonRpcResponse } from "../execution/jsonRpcClient.ts";
import {
  getBlockByHash,
  getBlockByNumber,
  getBlockTransactionCountByHash,
  getBlockTransactionCountByNumber,
  uncleMethods,
} from "./blocks.ts";
import { withPlainBlock } from "./blockTags.ts";
import { call } from "./call.ts";
import { createAccessList } from "./createAccessList.ts";
import { estimateGas } from "./estimateGas.ts";
import { baseFee, feeHistory, gasPrice, maxPriorityFeePerGas } from "./fees.ts";
import { FilterRegistry, filterMethods } from "./filterRegistry.ts";
import { getLogs } from "./getLogs.ts";
import {
  getTransactionByBlockHashAndIndex,
  getTransactionByBlockNumberAndIndex,
  getTransactionByHash,
} from "./minedTransactions.ts";
import { nodeMethods } from "./nodeMethods.ts";
import { PendingTransactions, pendingTransactions } from "./pendingTransactions.ts";
import { getBlockReceipts, getTransactionReceipt } from "./receipts.ts";
import { refusedMethods } from "./refusedMethods.ts";
import type { RpcContext, RpcHandler, SocketSubscriptions } from "./rpcContext.ts";
import { INTERNAL, INVALID_REQUEST, METHOD_NOT_FOUND, RpcError } from "./rpcError.ts";
import { sendRawTransaction } from "./sendRawTransaction.ts";
import { simulateV1 } from "./simulateV1.ts";
import { getProof, getStorageAt, getStorageValues } from "./storageAt.ts";
import { subscriptionMethods } from "./subscriptions.ts";
import { traceTransaction } from "./traceTransaction.ts";
import { getTransactionCount } from "./transactionCount.ts";
import { txpoolMethods } from "./txpool.ts";

/** What the proxy answers itself or mends. Everything else of eth, net, web3, debug and txpool is passed on. */
const HANDLERS: Record<string, RpcHandler> = {
  debug_traceTransaction: traceTransaction,
  eth_baseFee: baseFee,
  eth_call: call,
  eth_createAccessList: createAccessList,
  eth_estimateGas: estimateGas,
  eth_feeHistory: feeHistory,
  eth_gasPrice: gasPrice,
  eth_getBlockByHash: getBlockByHash,
  eth_getBlockByNumber: getBlockByNumber,
  eth_getBlockReceipts: getBlockReceipts,
  eth_getBlockTransactionCountByHash: getBlockTransactionCountByHash,
  eth_getBlockTransactionCountByNumber: getBlockTransactionCountByNumber,
  eth_getLogs: getLogs,
  eth_getProof: getProof,
  eth_getStorageAt: getStorageAt,
  eth_getStorageValues: getStorageValues,
  eth_getTransactionByBlockHashAndIndex: getTransactionByBlockHashAndIndex,
  eth_getTransactionByBlockNumberAndIndex: getTransactionByBlockNumberAndIndex,
  eth_getTransactionByHash: getTransactionByHash,
  eth_getTransactionCount: getTransactionCount,
  eth_getTransactionReceipt: getTransactionReceipt,
  eth_maxPriorityFeePerGas: maxPriorityFeePerGas,
  eth_pendingTransactions: pendingTransactions,
  eth_sendRawTransaction: sendRawTransaction,
  eth_simulateV1: simulateV1,
  ...filterMethods,
  ...nodeMethods,
  ...refusedMethods,
  ...subscriptionMethods,
  ...txpoolMethods,
  ...uncleMethods,
};

/** But not what we added to the client for ourselves. */
const PASSED_ON = /^(eth|net|web3|debug|txpool)_(?!simulate|blockReceipts)/;

/** Turns JSON-RPC requests into answers; never throws. */
export class RpcDispatcher {
  readonly #context: RpcContext;

  constructor(chain: Devnet) {
    this.#context = {
      chain,
      filters: new FilterRegistry(chain),
      pending: new PendingTransactions(chain),
      forward: async (method, params) => {
        const { result, error } = await chain.executionRpc.send({ method, params });
        if (error !== undefined) throw new RpcError(error.code, error.message, error.data);
        return result ?? null;
      },
    };
  }

  /** A single request or a batch. Undefined when there is nothing to answer (notifications only). */
  async answer(
    input: unknown,
    subscriptions?: SocketSubscriptions,
  ): Promise<JsonRpcResponse | JsonRpcResponse[] | undefined> {
    if (!Array.isArray(input)) return this.#one(input, subscriptions);
    if (input.length === 0) return failure(null, new RpcError(INVALID_REQUEST, "an empty batch"));
    const answers = await Promise.all(input.map((request) => this.#one(request, subscriptions)));
    return answers.filter((answer) => answer !== undefined);
  }

  async #one(input: unknown, subscriptions?: SocketSubscriptions): Promise<JsonRpcResponse | undefined> {
    const request = (typeof input === "object" && input !== null ? input : {}) as Partial<JsonRpcRequest>;
    const id = request.id ?? null;
    if (
      typeof request.method !== "string" ||
      (request.params !== undefined && !Array.isArray(request.params))
    ) {
      return failure(
        id,
        new RpcError(INVALID_REQUEST, "not a JSON-RPC request: method and a list of params are needed"),
      );
    }
    const context = subscriptions === undefined ? this.#context : { ...this.#context, subscriptions };
    try {
      await this.#context.chain.settled();
      const result = await run(request.method, request.params ?? [], context);
      return request.id === undefined ? undefined : { jsonrpc: "2.0", id, result };
    } catch (error) {
      return request.id === undefined ? undefined : failure(id, error);
    }
  }
}

async function run(method: string, params: Json[], context: RpcContext): Promise<Json> {
  const handler = HANDLERS[method];
  if (handler !== undefined) return handler(params, context);
  if (!PASSED_ON.test(method)) throw new RpcError(METHOD_NOT_FOUND, `the method ${method} does not exist`);
  return context.forward(method, withPlainBlock(context.chain, method, params));
}

function failure(id: JsonRpcResponse["id"], error: unknown): JsonRpcResponse {
  if (error instanceof RpcError) return { jsonrpc: "2.0", id, error: error.toJson() };
  const message = error instanceof DevnetError ? error.message : "internal error of the devnet's proxy";
  return { jsonrpc: "2.0", id, error: { code: INTERNAL, message } };
}
