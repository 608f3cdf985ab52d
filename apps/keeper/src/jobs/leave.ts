import { buildValidatorsProof } from "@cairn/beacon";
import { validatorManagerAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import { Phase, readRecords, readSlashings } from "../records.ts";

/** Validators in one transaction. */
const BATCH = 16;

/** Removes members that the consensus layer has paid out: balance zero, nothing in flight, slashing settled. */
export const leave: Job = async (context) => {
  const { index, settings, spec } = context;
  const exiting = index.provenIn("exiting", "slashed");
  if (exiting.length === 0) return 0;
  const { state, timestamp } = await context.states.newest();
  const epoch = state.slot / spec.slotsPerEpoch;
  const empty = exiting.filter(
    (key) =>
      key.index < state.validatorCount &&
      state.balance(key.index) === 0n &&
      state.validator(key.index).withdrawableEpoch <= epoch,
  );
  const [records, slashings] = await Promise.all([
    readRecords(context, empty),
    readSlashings(context, empty),
  ]);
  const free = empty
    .filter((key, i) => {
      const settled = (slashings[i]?.phase ?? 0) > Phase.Open || !state.validator(key.index).slashed;
      return settled && records[i]?.inFlightGwei === 0n;
    })
    .map((key) => key.index)
    .slice(0, BATCH);
  if (free.length === 0) return 0;
  const call = {
    job: "leave",
    address: settings.addresses.validatorManager,
    abi: validatorManagerAbi,
    functionName: "leave",
    args: [buildValidatorsProof(state, timestamp, free, { balances: true })],
  };
  return (await context.sender.send(call)) ? 1 : 0;
};
