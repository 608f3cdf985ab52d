import { checkpointsAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import { showInFlight } from "../inFlight.ts";

/**
 * Contradicts whoever passes as landed what is still in flight: while a checkpoint is open, by whomever, each such deposit
 * that its state has in the list is shown. It looks at the newest block, not the finalized one: there is only an hour for it.
 */
export const watch: Job = async (context) => {
  const { client, index, settings } = context;
  const contract = { address: settings.addresses.checkpoints, abi: checkpointsAbi } as const;
  const [checkpoint] = await client.readContract({ ...contract, functionName: "provenState" });
  if (checkpoint === 0n) return 0;
  const { snapshot } = await index.bookAtHead();
  // another was opened between the two looks
  if (snapshot?.id !== checkpoint) return 0;
  const { sent } = await showInFlight(context, "watch", snapshot, "watched");
  return sent;
};
