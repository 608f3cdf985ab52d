import type { Hex } from "viem";
import { BeaconError } from "../beaconError.ts";

const HEX = /^0x[0-9a-f]*$/i;

/** Lower-case, 0x-prefixed. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** Bytes of 0x-prefixed hex of any case; "badInput" for anything else. */
export function fromHex(hex: string): Uint8Array {
  if (hex.length % 2 === 0 && HEX.test(hex)) return Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
  throw new BeaconError("badInput", `"${hex.slice(0, 20)}" is not 0x-prefixed hex of whole bytes.`);
}
