import type { Common } from "@ethereumjs/common";
import { createTx, TransactionType, type TypedTransaction, type TypedTxData } from "@ethereumjs/tx";
import {
  bigIntToUnpaddedBytes,
  createAddressFromString,
  createZeroAddress,
  hexToBytes,
} from "@ethereumjs/util";
import type { SimulatedAuthorization, SimulatedTransaction } from "./request.ts";
import { INVALID_PARAMS, plainMessage, SimulationError } from "./simulationError.ts";

/** The fields that a request leaves open. */
export interface TransactionDefaults {
  gas: bigint;
  nonce: bigint;
  /** Wei per gas. */
  maxFeePerGas: bigint;
}

/** A transaction that nobody signed, sent by whom it names. @throws SimulationError when it cannot be one */
export function simulatedTransaction(
  request: SimulatedTransaction,
  defaults: TransactionDefaults,
  common: Common,
): TypedTransaction {
  const { authorizationList } = request;
  const fees = {
    maxFeePerGas: request.maxFeePerGas ?? defaults.maxFeePerGas,
    maxPriorityFeePerGas: request.maxPriorityFeePerGas ?? 0n,
  };
  const fields = {
    ...(authorizationList === undefined
      ? { type: TransactionType.FeeMarketEIP1559 }
      : {
          type: TransactionType.EOACodeEIP7702,
          authorizationList: authorizationList.map(authorizationBytes),
        }),
    ...fees,
    to: request.to,
    value: request.value ?? 0n,
    data: request.data ?? "0x",
    gasLimit: request.gas ?? defaults.gas,
    nonce: request.nonce ?? defaults.nonce,
    accessList: request.accessList ?? [],
    // what stands for a signature: it gives the transaction a hash
    ...{ v: 0n, r: 0n, s: 0n },
  };
  try {
    const tx = createTx(fields as unknown as TypedTxData, { common, freeze: false });
    const sender = request.from === undefined ? createZeroAddress() : createAddressFromString(request.from);
    tx.getSenderAddress = () => sender;
    return tx;
  } catch (error) {
    throw new SimulationError(INVALID_PARAMS, plainMessage(error));
  }
}

/** As the signed bytes hold one: numbers without leading zeros, zero as nothing. */
const authorizationBytes = ({
  chainId,
  address,
  nonce,
  yParity,
  r,
  s,
}: SimulatedAuthorization): Uint8Array[] => [
  bigIntToUnpaddedBytes(BigInt(chainId)),
  hexToBytes(address as `0x${string}`),
  ...[nonce, yParity, r, s].map((field) => bigIntToUnpaddedBytes(BigInt(field))),
];
