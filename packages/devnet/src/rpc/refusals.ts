import { RpcError, SERVER_ERROR } from "./rpcError.ts";

interface Refusal {
  /** What the machine says of a transaction that can stand in no block. */
  pattern: RegExp;
  /** The code that the published eth_simulateV1 gives it. */
  code: number;
  /** What client libraries look for. */
  phrase: string;
}

const REFUSALS: Refusal[] = [
  {
    pattern: /less than the block's baseFeePerGas/,
    code: -38012,
    phrase: "max fee per gas less than block base fee",
  },
  { pattern: /lower than the minimum gas limit/, code: -38013, phrase: "intrinsic gas too low" },
  { pattern: /enough funds/, code: -38014, phrase: "insufficient funds for gas * price + value" },
  { pattern: /higher gas limit than the remaining gas/, code: -38015, phrase: "block gas limit reached" },
  { pattern: /initcode size/, code: -38025, phrase: "max initcode size exceeded" },
];

/** A refusal of the simulated machine in usual words and with its published code. */
export function refusalOf(error: RpcError): RpcError {
  const { message } = error;
  const nonces = /account has nonce of: (\d+) tx has nonce of: (\d+)/.exec(message);
  if (nonces !== null) {
    const [, account, transaction] = nonces;
    if (BigInt(transaction as string) < BigInt(account as string))
      return new RpcError(-38010, `nonce too low: ${message}`);
    return new RpcError(-38011, `nonce too high: ${message}`);
  }
  const found = REFUSALS.find(({ pattern }) => pattern.test(message));
  return found === undefined ? error : new RpcError(found.code, `${found.phrase}: ${message}`, error.data);
}

/** The same for methods that have one code for all of them. */
export function plainRefusalOf(error: RpcError): RpcError {
  const refusal = refusalOf(error);
  return refusal === error ? error : new RpcError(SERVER_ERROR, refusal.message);
}
