export interface PendingReward {
  wei: bigint;
  feeRecipient: string;
  /** The signed transfer, once it was handed to the execution client. */
  rawTransaction?: string;
}

/** Goes nowhere: what background proposers earn in tips is out of play. */
export const BURN_FEE_RECIPIENT = "0x00000000000000000000000000000000000fee00";

/** Everything an operator can make go wrong or differently. The slot driver reads it, `faults` and `setFeeRecipient` write it. */
export class FaultState {
  readonly offline = new Set<number>();
  readonly feeRecipients = new Map<number, string>();
  readonly rewards: PendingReward[] = [];
  /** Slots still to be left without a block. */
  missedSlotsLeft = 0;

  readonly isOnline = (index: number): boolean => !this.offline.has(index);

  /** Who gets the tips of a proposer's block: a waiting reward's recipient comes first. */
  feeRecipientOf(proposer: number): string {
    return this.rewards[0]?.feeRecipient ?? this.feeRecipients.get(proposer) ?? BURN_FEE_RECIPIENT;
  }
}
