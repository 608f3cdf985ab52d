import type { Block, HeaderData } from "@ethereumjs/block";
import { hexToBytes, setLengthLeft } from "@ethereumjs/util";
import type { BlockOverride } from "./request.ts";

/** The header fields that a request overrides. */
export function headerOverrides(override: BlockOverride): HeaderData {
  const fields = {
    number: override.number,
    timestamp: override.time,
    gasLimit: override.gasLimit,
    coinbase: override.feeRecipient,
    mixHash: override.prevRandao === undefined ? undefined : word(override.prevRandao),
    baseFeePerGas: override.baseFeePerGas,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as HeaderData;
}

/** Accepts a quantity too, which may have an odd number of digits. */
const word = (text: string): Uint8Array =>
  setLengthLeft(hexToBytes(`0x${text.slice(2).padStart(64, "0")}`), 32);

/** The price of blob gas is no field of a header but follows from one: it is overridden where it is asked for. */
export function overrideBlobFee(block: Block, { blobBaseFee }: BlockOverride): void {
  if (blobBaseFee === undefined) return;
  const price = BigInt(blobBaseFee);
  block.header.getBlobGasPrice = () => price;
}
