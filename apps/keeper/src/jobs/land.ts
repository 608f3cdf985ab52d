import { buildPendingDepositsEmptyProof } from "@cairn/beacon";
import { depositsInFlightAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";

/** Proves the pool's deposits landed, once the consensus layer's queue of deposits is empty. */
export const land: Job = async (context) => {
  const line = { address: context.settings.addresses.depositsInFlight, abi: depositsInFlightAbi } as const;
  const [count, landed] = await context.client.readContract({ ...line, functionName: "inFlight" });
  if (count === landed) return 0;
  const pending = await context.beacon.getPendingDeposits("head");
  if (pending.length > 0) {
    context.log.debug(
      { pending: pending.length, inFlight: Number(count - landed) },
      "deposits are still pending",
    );
    return 0;
  }
  const { state, timestamp } = await context.states.newest();
  if (state.pendingDepositCount() > 0) return 0;
  const proof = buildPendingDepositsEmptyProof(state, timestamp);
  const call = { job: "land", ...line, functionName: "proveLanded", args: [proof, count] };
  return (await context.sender.send(call)) ? 1 : 0;
};
