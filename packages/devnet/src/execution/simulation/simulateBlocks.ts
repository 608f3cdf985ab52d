import type { Block } from "@ethereumjs/block";
import type { TypedTransaction } from "@ethereumjs/tx";
import {
  bigIntMax,
  bigIntToHex,
  bytesToHex,
  createAddressFromString,
  createZeroAddress,
} from "@ethereumjs/util";
import { buildBlock, type RunTxResult, type VM } from "@ethereumjs/vm";
import { overrideAccounts } from "./accountOverrides.ts";
import { headerOverrides } from "./blockOverrides.ts";
import { plannedBlocks } from "./plannedBlocks.ts";
import type {
  BlockRequest,
  BlockResult,
  BlocksRequest,
  SimulatedTransaction,
  TransactionResult,
} from "./request.ts";
import { openSandbox } from "./sandbox.ts";
import { blockJson } from "./simulatedBlock.ts";
import { asSimulationError } from "./simulationError.ts";
import { simulatedTransaction } from "./transaction.ts";
import { TransferTrace } from "./transferTrace.ts";

type Options = Pick<BlocksRequest, "validation" | "returnFullTransactions">;

/** Makes blocks on top of a block, each on the state of the one before. @throws SimulationError */
export async function simulateBlocks(
  client: VM,
  base: Block,
  request: BlocksRequest,
): Promise<BlockResult[]> {
  const vm = await openSandbox(client, base);
  const made = rememberBlocks(vm);
  const trace = request.traceTransfers ? new TransferTrace(vm) : undefined;
  const results: BlockResult[] = [];
  let parent = base;
  try {
    for (const plan of plannedBlocks(base.header, request)) {
      const { block, result } = await makeBlock(vm, parent, plan, request, trace);
      made.set(block.header.number, block);
      results.push(result);
      parent = block;
    }
    return results;
  } catch (error) {
    throw asSimulationError(error);
  }
}

/** BLOCKHASH finds simulated blocks too. */
function rememberBlocks(vm: VM): Map<bigint, Block> {
  const made = new Map<bigint, Block>();
  const { blockchain } = vm;
  const getBlock = async (id: number) => made.get(BigInt(id)) ?? blockchain.getBlock(id);
  const chain = { getBlock, putBlock: async () => undefined, shallowCopy: () => chain };
  (vm.evm as unknown as { blockchain: typeof chain }).blockchain = chain;
  return made;
}

async function makeBlock(
  vm: VM,
  parentBlock: Block,
  plan: BlockRequest,
  options: Options,
  trace: TransferTrace | undefined,
): Promise<{ block: Block; result: BlockResult }> {
  await overrideAccounts(vm, plan.accounts);
  const headerData = {
    parentBeaconBlockRoot: new Uint8Array(32),
    ...(options.validation ? {} : { baseFeePerGas: 0n }),
    ...headerOverrides(plan.block),
  };
  const gasLimit =
    plan.block.gasLimit === undefined ? parentBlock.header.gasLimit : BigInt(plan.block.gasLimit);
  const blockOpts = { putBlockIntoBlockchain: false, freeze: false };
  const builder = await buildBlock(vm, { parentBlock, headerData, withdrawals: [], blockOpts });
  const transactions: TypedTransaction[] = [];
  const results: TransactionResult[] = [];
  for (const request of plan.transactions) {
    const tx = await nextTransaction(vm, request, gasLimit - builder.gasUsed, options.validation);
    transactions.push(tx);
    results.push(resultOf(tx, await builder.addTransaction(tx, { skipHardForkValidation: true }), trace));
  }
  const { block } = await builder.build();
  return {
    block,
    result: { block: blockJson(block, transactions, options.returnFullTransactions), results },
  };
}

/** Without validation the nonce is always the account's own. @param gas what the block has left */
async function nextTransaction(
  vm: VM,
  request: SimulatedTransaction,
  gas: bigint,
  validation: boolean,
): Promise<TypedTransaction> {
  const { nonce: wanted, ...rest } = request;
  const sender = request.from === undefined ? createZeroAddress() : createAddressFromString(request.from);
  const nonce = (await vm.stateManager.getAccount(sender))?.nonce ?? 0n;
  const fields = validation && wanted !== undefined ? { ...rest, nonce: wanted } : rest;
  return simulatedTransaction(fields, { gas, nonce, maxFeePerGas: 0n }, vm.common);
}

function resultOf(
  tx: TypedTransaction,
  result: RunTxResult,
  trace: TransferTrace | undefined,
): TransactionResult {
  const { execResult, totalGasSpent } = result;
  const failure = execResult.exceptionError?.error;
  const beforeRefund = execResult.executionGasUsed + tx.getIntrinsicGas();
  const logs = (execResult.logs ?? []).map(([address, topics, data]) => ({
    address: bytesToHex(address),
    topics: topics.map((topic) => bytesToHex(topic)),
    data: bytesToHex(data),
  }));
  const traced = trace?.take(logs) ?? logs;
  return {
    hash: bytesToHex(tx.hash()),
    succeeded: failure === undefined,
    returnData: bytesToHex(execResult.returnValue),
    gasUsed: bigIntToHex(totalGasSpent),
    maxUsedGas: bigIntToHex(bigIntMax(beforeRefund, totalGasSpent)),
    ...(failure === undefined ? {} : { failure }),
    logs: failure === undefined ? traced : [],
  };
}
