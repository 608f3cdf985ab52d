import {
  EFFECTIVE_BALANCE_INCREMENT,
  INACTIVITY_PENALTY_QUOTIENT_BELLATRIX,
  MAX_EFFECTIVE_BALANCE_ELECTRA,
  TIMELY_HEAD_WEIGHT,
  TIMELY_SOURCE_WEIGHT,
  TIMELY_TARGET_WEIGHT,
  WEIGHT_DENOMINATOR,
} from "@lodestar/params";
import {
  beforeProcessEpoch,
  type CachedBeaconStateAltair,
  type EpochTransitionCache,
  FLAG_ELIGIBLE_ATTESTER,
  FLAG_PREV_HEAD_ATTESTER_UNSLASHED,
  FLAG_PREV_SOURCE_ATTESTER_UNSLASHED,
  FLAG_PREV_TARGET_ATTESTER_UNSLASHED,
  hasMarkers,
  isInInactivityLeak,
} from "@lodestar/state-transition";
import {
  processInactivityUpdates,
  processJustificationAndFinalization,
} from "@lodestar/state-transition/epoch";
import type { DevnetState } from "../consensus/forkTypes.ts";

/** Gwei for the votes of one validator in one epoch; what is lost is negative. */
interface VoteRewards {
  head: number;
  target: number;
  source: number;
  inactivity: number;
}

export interface EpochRewards {
  /** By effective balance in gwei, for everybody who votes at its best. */
  ideal: (VoteRewards & { effectiveBalance: number })[];
  /** By index; only validators that had to vote. */
  total: (VoteRewards & { index: number })[];
}

interface Weighted {
  reward: (increments: number) => number;
  penalty: (increments: number) => number;
}

/**
 * What the transition at the end of an epoch books for the votes of the epoch before it, to the gwei: rounded as the
 * transition rounds, with the inactivity scores that it has brought up to date by then. Lodestar's own breakdown rounds
 * otherwise and takes another penalty quotient.
 * @param last the state of the last slot of the epoch; it is not changed
 */
export function epochRewards(last: DevnetState, wanted: (index: number) => boolean): EpochRewards {
  const state = last.clone();
  const cache = beforeProcessEpoch(state);
  processJustificationAndFinalization(state, cache);
  processInactivityUpdates(state as unknown as CachedBeaconStateAltair, cache);
  const leaking = isInInactivityLeak(state);
  const stake = cache.prevEpochUnslashedStake;
  const source = weighted(cache, TIMELY_SOURCE_WEIGHT, stake.sourceStakeByIncrement, leaking);
  const target = weighted(cache, TIMELY_TARGET_WEIGHT, stake.targetStakeByIncrement, leaking);
  const head = weighted(cache, TIMELY_HEAD_WEIGHT, stake.headStakeByIncrement, leaking);
  const total: EpochRewards["total"] = [];
  cache.flags.forEach((flag, index) => {
    if (!hasMarkers(flag, FLAG_ELIGIBLE_ATTESTER) || !wanted(index)) return;
    const increments = state.epochCtx.effectiveBalanceIncrements[index] as number;
    const onTarget = hasMarkers(flag, FLAG_PREV_TARGET_ATTESTER_UNSLASHED);
    total.push({
      index,
      head: hasMarkers(flag, FLAG_PREV_HEAD_ATTESTER_UNSLASHED) ? head.reward(increments) : 0,
      target: onTarget ? target.reward(increments) : -target.penalty(increments),
      source: hasMarkers(flag, FLAG_PREV_SOURCE_ATTESTER_UNSLASHED)
        ? source.reward(increments)
        : -source.penalty(increments),
      inactivity: onTarget ? 0 : -inactivityPenalty(state, index, increments),
    });
  });
  const ideal = Array.from(
    { length: MAX_EFFECTIVE_BALANCE_ELECTRA / EFFECTIVE_BALANCE_INCREMENT + 1 },
    (_, i) => ({
      effectiveBalance: i * EFFECTIVE_BALANCE_INCREMENT,
      ...{ head: head.reward(i), target: target.reward(i), source: source.reward(i), inactivity: 0 },
    }),
  );
  return { ideal, total };
}

function weighted(cache: EpochTransitionCache, weight: number, voted: number, leaking: boolean): Weighted {
  const base = (increments: number) => increments * cache.baseRewardPerIncrement;
  const denominator = cache.totalActiveStakeByIncrement * WEIGHT_DENOMINATOR;
  return {
    reward: (increments) => (leaking ? 0 : Math.floor((base(increments) * weight * voted) / denominator)),
    penalty: (increments) => Math.floor((base(increments) * weight) / WEIGHT_DENOMINATOR),
  };
}

function inactivityPenalty(state: DevnetState, index: number, increments: number): number {
  const denominator = state.config.INACTIVITY_SCORE_BIAS * INACTIVITY_PENALTY_QUOTIENT_BELLATRIX;
  const numerator = increments * EFFECTIVE_BALANCE_INCREMENT * state.inactivityScores.get(index);
  return Math.floor(numerator / denominator);
}
