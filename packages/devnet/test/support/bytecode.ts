import { type Hex, toEventSelector, toFunctionSelector } from "viem";

export const PROBE_ABI = [
  {
    type: "event",
    name: "Ping",
    inputs: [
      { name: "a", type: "bytes32", indexed: true },
      { name: "b", type: "bytes32", indexed: true },
      { name: "c", type: "uint256", indexed: false },
    ],
  },
  {
    type: "function",
    name: "ping",
    stateMutability: "nonpayable",
    inputs: [
      { name: "a", type: "bytes32" },
      { name: "b", type: "bytes32" },
      { name: "c", type: "uint256" },
    ],
    outputs: [],
  },
  { type: "function", name: "fail", stateMutability: "nonpayable", inputs: [], outputs: [] },
  { type: "error", name: "Denied", inputs: [{ name: "reason", type: "uint256" }] },
] as const;

/** Creation code that returns `runtime`. */
function creation(runtime: string): Hex {
  const length = (runtime.length / 2).toString(16).padStart(4, "0");
  return `0x61${length}80600a5f395ff3${runtime}`;
}

const PING = toEventSelector("Ping(bytes32,bytes32,uint256)").slice(2);
const DENIED = toFunctionSelector("Denied(uint256)").slice(2);

/** Whatever is called, emits Ping of the first three words. */
export const LOGGER = creation(`6044355f52602435600435${`7f${PING}`}60205fa300`);

/** Whatever is called, reverts with Denied(7). */
export const REVERTER = creation(`63${DENIED}60e01b5f52600760045260245ffd`);
