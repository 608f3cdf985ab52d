import { FAR_FUTURE_EPOCH } from "@cairn/beacon";
import { withdrawalsAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import { affordableFee } from "./withdraw.ts";

/** Requests in one transaction. */
const BATCH = 16;
/** Slots until an exit that was asked for is asked for again. */
const REPEAT_SLOTS = 64n;

/**
 * Repeats the exits that were asked for and that the consensus layer has not taken: it ignores a request while a
 * partial withdrawal is pending or the validator is too young. Whether anybody is to exit is not the keeper's decision.
 */
export const exit: Job = async (context) => {
  const { index, settings, spec } = context;
  const asked = index.provenIn("toExit");
  if (asked.length === 0) return 0;
  const { state, timestamp } = await context.states.newest();
  const epoch = state.slot / spec.slotsPerEpoch;
  const pending = new Set(
    (await context.beacon.getPendingPartialWithdrawals("head")).map((p) => p.validatorIndex),
  );
  const ignored = asked.filter(({ index: i }) => {
    if (i >= state.validatorCount || pending.has(i)) return false;
    const { activationEpoch, exitEpoch } = state.validator(i);
    return (
      exitEpoch === FAR_FUTURE_EPOCH &&
      activationEpoch !== FAR_FUTURE_EPOCH &&
      activationEpoch + spec.shardCommitteePeriod <= epoch
    );
  });
  const seconds = REPEAT_SLOTS * spec.secondsPerSlot;
  const fee = ignored.length === 0 ? undefined : await affordableFee(context);
  if (fee === undefined) return 0;
  const due = [];
  for (const key of ignored) {
    if (due.length === BATCH) break;
    if (context.patience.allows(`exit ${key.pubkeyRoot}`, seconds, timestamp)) due.push(key.pubkey);
  }
  if (due.length === 0) return 0;
  const call = {
    job: "exit",
    address: settings.addresses.withdrawals,
    abi: withdrawalsAbi,
    functionName: "requestExits",
    args: [due, settings.maxWithdrawalFee],
    value: fee * BigInt(due.length) * 2n,
  };
  return (await context.sender.send(call)) ? 1 : 0;
};
