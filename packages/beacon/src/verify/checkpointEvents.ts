import { checkpointsAbi, depositsInFlightAbi, validatorManagerAbi } from "@cairn/protocol";
import { getAbiItem } from "viem";

/** The events a checkpoint is counted anew from. */
export const checkpointEventsAbi = [
  getAbiItem({ abi: checkpointsAbi, name: "CheckpointOpened" }),
  getAbiItem({ abi: checkpointsAbi, name: "CheckpointStateProven" }),
  getAbiItem({ abi: checkpointsAbi, name: "CheckpointBatchProven" }),
  getAbiItem({ abi: checkpointsAbi, name: "Rebased" }),
  getAbiItem({ abi: validatorManagerAbi, name: "MemberAdded" }),
  getAbiItem({ abi: validatorManagerAbi, name: "MemberRemoved" }),
  getAbiItem({ abi: depositsInFlightAbi, name: "DepositInFlight" }),
  getAbiItem({ abi: depositsInFlightAbi, name: "DepositShownPending" }),
  getAbiItem({ abi: depositsInFlightAbi, name: "DepositsLanded" }),
] as const;
