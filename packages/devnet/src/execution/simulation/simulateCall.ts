import { type Block, createBlock, type HeaderData } from "@ethereumjs/block";
import { Account, bigIntToHex, bytesToHex } from "@ethereumjs/util";
import { type RunTxResult, runTx, type VM } from "@ethereumjs/vm";
import { overrideAccounts } from "./accountOverrides.ts";
import { headerOverrides, overrideBlobFee } from "./blockOverrides.ts";
import type { CallRequest, CallResult } from "./request.ts";
import { openSandbox } from "./sandbox.ts";
import { asSimulationError } from "./simulationError.ts";
import { simulatedTransaction } from "./transaction.ts";

/**
 * Runs a transaction at the state after a block, as if it stood in that block. It pays the base fee, which its sender is
 * given beforehand: so its balance is what it would be in a call, and the fee what contracts see.
 * @throws SimulationError
 */
export async function simulateCall(client: VM, parent: Block, request: CallRequest): Promise<CallResult> {
  const vm = await openSandbox(client, parent);
  const header = { ...parent.header.toJSON(), gasUsed: 0n, ...headerOverrides(request.block) } as HeaderData;
  const block = createBlock({ header }, { common: vm.common, freeze: false });
  overrideBlobFee(block, request.block);
  await overrideAccounts(vm, request.accounts);
  const maxFeePerGas = block.header.baseFeePerGas ?? 0n;
  const defaults = { gas: block.header.gasLimit, nonce: 0n, maxFeePerGas };
  const tx = simulatedTransaction(request.transaction, defaults, vm.common);
  const sender = (await vm.stateManager.getAccount(tx.getSenderAddress())) ?? new Account();
  sender.balance += tx.gasLimit * maxFeePerGas;
  await vm.stateManager.putAccount(tx.getSenderAddress(), sender);
  try {
    const options = { skipNonce: true, skipBlockGasLimitValidation: true, reportAccessList: true };
    return resultOf(await runTx(vm, { tx, block, ...options }));
  } catch (error) {
    throw asSimulationError(error);
  }
}

function resultOf({ execResult, totalGasSpent, accessList, createdAddress }: RunTxResult): CallResult {
  const failure = execResult.exceptionError?.error;
  return {
    succeeded: failure === undefined,
    returnData: bytesToHex(execResult.returnValue),
    gasUsed: bigIntToHex(totalGasSpent),
    ...(failure === undefined ? {} : { failure }),
    // a contract that the transaction itself creates is warm by that
    accessList: ((accessList ?? []) as CallResult["accessList"]).filter(
      ({ address, storageKeys }) => storageKeys.length > 0 || address !== createdAddress?.toString(),
    ),
  };
}
