import { checkpointsAbi } from "@cairn/protocol";
import { type ContractFunctionArgs, encodeAbiParameters, getAbiItem, type Hex, keccak256 } from "viem";

/** The frozen values of a checkpoint, as its event carries them and its calls take them. */
export type Snapshot = ContractFunctionArgs<typeof checkpointsAbi, "nonpayable", "close">[0];

const [SNAPSHOT] = getAbiItem({ abi: checkpointsAbi, name: "close" }).inputs;

/** The hash under which the contract stores it. */
export function snapshotHash(snapshot: Snapshot): Hex {
  return keccak256(encodeAbiParameters([SNAPSHOT], [snapshot]));
}
