import { type Hex, hexToBytes } from "viem";

const TRANSACTION = 21_000n;
/** CREATE2 and CREATE of CREATE3, the record, its event. */
const CREATION = 160_000n;
/** Per byte of code left behind (EIP-170's deposit), and of creation code (EIP-3860). */
const CODE_BYTE = 200n;
const WORD = 2n;
/** What a constructor does besides: a dozen values written. */
const CONSTRUCTION = 250_000n;

function calldataGas(data: Hex): bigint {
  let zeros = 0n;
  const bytes = hexToBytes(data);
  for (const byte of bytes) if (byte === 0) zeros += 1n;
  return 4n * zeros + 16n * (BigInt(bytes.length) - zeros);
}

/** Gas of creating a contract, about: rather too much, for all of the creation code is taken for code that stays. */
export function creationGas(initCode: Hex): bigint {
  const length = BigInt((initCode.length - 2) / 2);
  return (
    TRANSACTION + CREATION + CONSTRUCTION + calldataGas(initCode) + length * CODE_BYTE + (length / 32n) * WORD
  );
}
