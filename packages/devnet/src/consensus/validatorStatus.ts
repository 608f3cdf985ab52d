/** What the status of a validator depends on. Epochs, Infinity for "not scheduled". */
export interface ValidatorEpochs {
  slashed: boolean;
  activationEligibilityEpoch: number;
  activationEpoch: number;
  exitEpoch: number;
  withdrawableEpoch: number;
}

export const VALIDATOR_STATUSES = [
  "pending_initialized",
  "pending_queued",
  "active_ongoing",
  "active_exiting",
  "active_slashed",
  "exited_unslashed",
  "exited_slashed",
  "withdrawal_possible",
  "withdrawal_done",
] as const;

export type ValidatorStatus = (typeof VALIDATOR_STATUSES)[number];

/** The Beacon API's status of a validator in `epoch`; balance in gwei. */
export function validatorStatus(
  validator: ValidatorEpochs,
  balanceGwei: number,
  epoch: number,
): ValidatorStatus {
  if (epoch < validator.activationEpoch) {
    return validator.activationEligibilityEpoch === Number.POSITIVE_INFINITY
      ? "pending_initialized"
      : "pending_queued";
  }
  if (epoch < validator.exitEpoch) {
    if (validator.exitEpoch === Number.POSITIVE_INFINITY) return "active_ongoing";
    return validator.slashed ? "active_slashed" : "active_exiting";
  }
  if (epoch < validator.withdrawableEpoch) return validator.slashed ? "exited_slashed" : "exited_unslashed";
  return balanceGwei > 0 ? "withdrawal_possible" : "withdrawal_done";
}
