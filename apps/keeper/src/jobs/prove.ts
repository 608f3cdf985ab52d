import { buildValidatorsProof } from "@cairn/beacon";
import { validatorManagerAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import { readRecords } from "../records.ts";
import { Status } from "../status.ts";

/** Keys in one transaction. */
const BATCH = 16;

/** Proves predeposited keys that the consensus layer knows by now: ours, or lost to foreign credentials. */
export const prove: Job = async (context) => {
  const waiting = context.index.keysIn("predeposited");
  if (waiting.length === 0) return 0;
  // somebody may have proven them since the finalized block that was read
  const records = await readRecords(context, waiting);
  const open = waiting.filter((_, i) => records[i]?.status === Status.Predeposited);
  const known =
    open.length === 0
      ? []
      : await context.beacon.getValidators(
          "head",
          open.map((key) => key.pubkey),
        );
  if (known.length === 0) return 0;

  const { state, timestamp } = await context.states.newest();
  const indices = known
    .map((validator) => validator.index)
    // the head may be younger than the newest provable state
    .filter((index) => index < state.validatorCount)
    .sort((a, b) => a - b);
  let sent = 0;
  for (let first = 0; first < indices.length; first += BATCH) {
    const proof = buildValidatorsProof(state, timestamp, indices.slice(first, first + BATCH), {
      balances: false,
    });
    const call = {
      job: "prove",
      address: context.settings.addresses.validatorManager,
      abi: validatorManagerAbi,
      functionName: "prove",
      args: [proof],
    };
    if (await context.sender.send(call)) sent++;
  }
  return sent;
};
