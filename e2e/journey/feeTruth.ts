import { checkpointsAbi, feeSplitAbi, stakedEtherAbi } from "@cairn/protocol";
import type { Stack } from "../stack/stack.ts";
import type { Rebased } from "./rebaseTruth.ts";
import type { TruthRow } from "./truth.ts";

const BPS = 10_000n;
/** Weight below which nobody works: 1 ETH. */
const LEAST_WEIGHT_GWEI = 10n ** 9n;

/** A close's event with the block it stands in. */
export interface ClosedIn {
  readonly args: Rebased;
  readonly blockNumber: bigint;
}

/**
 * A3 for one closed checkpoint: the fee counted anew on the gain above the mark as it was before, and how it was shared out.
 * Rows are in shares.
 */
export async function feeTruth(stack: Stack, { args: rebased, blockNumber }: ClosedIn): Promise<TruthRow[]> {
  const { client, addresses: at } = stack;
  const before = { blockNumber: blockNumber - 1n } as const;
  const checkpoints = { address: at.checkpoints, abi: checkpointsAbi, ...before } as const;
  const fees = { address: at.feeSplit, abi: feeSplitAbi } as const;
  const token = { address: at.stakedEther, abi: stakedEtherAbi } as const;
  const range = { fromBlock: blockNumber, toBlock: blockNumber, strict: true } as const;
  const [mark, terms, weight, [split]] = await Promise.all([
    client.readContract({ ...token, ...before, functionName: "mark" }),
    client.readContract({ ...checkpoints, functionName: "parameters" }),
    client.readContract({ ...fees, ...before, functionName: "totalWeight" }),
    client.getContractEvents({ ...fees, ...range, eventName: "FeesSplit" }),
  ]);
  const all = BigInt(terms.operatorFeeBps + terms.treasuryFeeBps + terms.insuranceFeeBps);
  const fee = feeOf(rebased, mark, all);
  const insured = (fee * BigInt(terms.insuranceFeeBps)) / all;
  const earned = (fee * BigInt(terms.operatorFeeBps)) / all;
  const operators = weight.activeGwei >= LEAST_WEIGHT_GWEI ? earned : 0n;
  return [
    { what: "fee (10¹⁸ shares)", contracts: rebased.feeShares, truth: fee },
    { what: "its part for operators", contracts: split?.args.operatorShares ?? 0n, truth: operators },
    {
      what: "its part for the treasury",
      contracts: split?.args.treasuryShares ?? 0n,
      truth: fee - insured - operators,
    },
  ];
}

/** Shares that are worth `bps` of the gain above the mark at the rate after it. */
function feeOf(rebased: Rebased, [markEther, markShares]: readonly [bigint, bigint], bps: bigint): bigint {
  const gain = rebased.etherAfter - rebased.etherBefore;
  // what the pot burnt has raised the rate before the gain, and pays no fee
  const shares = rebased.sharesAfter - rebased.feeShares;
  if (gain <= 0n) return 0n;
  const isAbove = rebased.etherBefore * markShares > markEther * shares;
  const atMark = isAbove ? rebased.etherBefore : (markEther * shares + markShares - 1n) / markShares;
  const above = rebased.etherAfter > atMark ? rebased.etherAfter - atMark : 0n;
  const fee = ((above < gain ? above : gain) * bps) / BPS;
  return (fee * shares) / (rebased.etherAfter - fee);
}
