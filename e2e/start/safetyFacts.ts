import { checkpointsAbi, feeSplitAbi, stakedEtherAbi, toEtherDown } from "@cairn/protocol";
import type { Stack } from "../stack/stack.ts";

/** One condition of the safeguard: on while `endsAt`, Unix seconds, is not "0". */
interface ConditionFacts {
  readonly value: string;
  readonly threshold: string;
  readonly endsAt: string;
}

/** What stands between the pool and losses, and the fees that wait to be claimed. Shares are shown as the wei they are worth. */
export interface SafetyFacts {
  readonly isGuarded: boolean;
  /** Losses of 7 days in ppm of the pool, slashing losses beyond bonds in gwei, seconds since the last snapshot. */
  readonly conditions: readonly ConditionFacts[];
  readonly insurance: string;
  readonly pot: string;
  readonly operatorFees: string;
  readonly treasuryFees: string;
}

/** As of one block. */
export async function readSafety(
  { client, addresses: at }: Stack,
  blockNumber: bigint,
): Promise<SafetyFacts> {
  const checkpoints = { address: at.checkpoints, abi: checkpointsAbi, blockNumber } as const;
  const fees = { address: at.feeSplit, abi: feeSplitAbi, blockNumber } as const;
  const token = { address: at.stakedEther, abi: stakedEtherAbi, blockNumber } as const;
  const [isGuarded, conditions, cover, treasury, held, [poolShares, poolEther]] = await Promise.all([
    client.readContract({ ...checkpoints, functionName: "isGuarded" }),
    client.readContract({ ...checkpoints, functionName: "safeguard" }),
    client.readContract({ ...checkpoints, functionName: "cover" }),
    client.readContract({ ...fees, functionName: "treasuryShares" }),
    client.readContract({ ...token, functionName: "sharesOf", args: [at.feeSplit] }),
    client.readContract({ ...token, functionName: "ledger" }),
  ]);
  const worth = (shares: bigint) => String(toEtherDown(shares, { poolShares, poolEther }));
  return {
    isGuarded,
    conditions: conditions.map(({ value, threshold, endsAt }) => ({
      value: String(value),
      threshold: String(threshold),
      endsAt: String(endsAt),
    })),
    insurance: worth(cover.insuranceShares),
    pot: worth(cover.potShares),
    operatorFees: worth(held - treasury),
    treasuryFees: worth(treasury),
  };
}
