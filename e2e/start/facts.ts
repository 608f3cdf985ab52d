import {
  checkpointsAbi,
  depositsInFlightAbi,
  operatorRegistryAbi,
  stakedEtherAbi,
  toEtherDown,
  validatorManagerAbi,
  withdrawalQueueAbi,
  withdrawalsAbi,
  wrappedStakedEtherAbi,
} from "@cairn/protocol";
import type { Stack } from "../stack/stack.ts";
import { readSafety, type SafetyFacts } from "./safetyFacts.ts";

/** One closed checkpoint as the page shows it; wei as decimal text, for JSON has no big integers. */
export interface ClosedCheckpoint {
  readonly id: string;
  readonly slot: string;
  readonly block: number;
  readonly etherBefore: string;
  readonly etherAfter: string;
  readonly consensusRewards: string;
  readonly executionRewards: string;
  readonly reserve: string;
  /** Wei that the fee's shares were worth. */
  readonly fee: string;
}

/** Everything the status page shows, read at one block. Ether in wei, shares raw, times in Unix seconds. */
export interface Facts {
  readonly chain: ReturnType<typeof chainFacts>;
  readonly pool: {
    readonly poolEther: string;
    readonly poolShares: string;
    readonly wrappedUnits: string;
    readonly ownEther: string;
    readonly freeEther: string;
    readonly inFlightGwei: string;
    readonly members: number;
    readonly operators: number;
  };
  readonly queue: {
    readonly lastRequest: string;
    readonly lastFinalized: string;
    readonly waitingEther: string;
    readonly uncovered: string;
    readonly openPartialsGwei: string;
  };
  /** Instant exits: wei that can leave now, the fee in basis points, and what stands in the way (0: nothing). */
  readonly instantExit: {
    readonly available: string;
    readonly feeBps: string;
    readonly refusal: number;
    readonly retryAt: string;
  };
  readonly checkpoints: {
    readonly opensAt: number;
    readonly open: boolean;
    readonly last: ClosedCheckpoint | null;
  };
  readonly safety: SafetyFacts;
  readonly addresses: Stack["addresses"];
}

/** Wei small enough that only a condition, not its size, stands in its way. */
const SMALL_EXIT = 1_000_000_000n;

function chainFacts({ devnet }: Stack) {
  const { preset, secondsPerSlot, chainId } = devnet.options;
  return {
    ...devnet.head,
    preset,
    secondsPerSlot,
    chainId,
    pace: devnet.pace,
    slotMs: Math.round(devnet.slotMsMedian),
    deviations: devnet.deviations,
    urls: devnet.urls,
  };
}

/** Reads the contracts and the chain. @throws viem's errors when the RPC does not answer. */
export async function readFacts(stack: Stack): Promise<Facts> {
  const { client, addresses: at } = stack;
  const blockNumber = BigInt(stack.devnet.head.blockNumber);
  const token = { address: at.stakedEther, abi: stakedEtherAbi, blockNumber } as const;
  const manager = { address: at.validatorManager, abi: validatorManagerAbi, blockNumber } as const;
  const line = { address: at.depositsInFlight, abi: depositsInFlightAbi, blockNumber } as const;
  const withdrawals = { address: at.withdrawals, abi: withdrawalsAbi, blockNumber } as const;
  const queue = { address: at.withdrawalQueue, abi: withdrawalQueueAbi, blockNumber } as const;
  const checkpoints = { address: at.checkpoints, abi: checkpointsAbi, blockNumber } as const;
  const registry = { address: at.operatorRegistry, abi: operatorRegistryAbi, blockNumber } as const;
  const wrapped = { address: at.wrappedStakedEther, abi: wrappedStakedEtherAbi, blockNumber } as const;
  const [wrappedUnits, exit, feeBps] = await Promise.all([
    client.readContract({ ...wrapped, functionName: "totalSupply" }),
    client.readContract({ ...token, functionName: "quoteInstantExit", args: [SMALL_EXIT] }),
    client.readContract({ ...token, functionName: "instantExitFeeBps" }),
  ]);
  const [ledger, own, free, flight, members, operators] = await Promise.all([
    client.readContract({ ...token, functionName: "ledger" }),
    client.readContract({ ...token, functionName: "ownEther" }),
    client.readContract({ ...token, functionName: "freeEther" }),
    client.readContract({ ...line, functionName: "inFlight" }),
    client.readContract({ ...manager, functionName: "memberCount" }),
    client.readContract({ ...registry, functionName: "operatorCount" }),
  ]);
  const [lastRequest, lastFinalized, unfinalized, uncovered, partials, opensAt, hash] = await Promise.all([
    client.readContract({ ...queue, functionName: "getLastRequestId" }),
    client.readContract({ ...queue, functionName: "getLastFinalizedRequestId" }),
    client.readContract({ ...queue, functionName: "unfinalizedShares" }),
    client.readContract({ ...withdrawals, functionName: "uncoveredDemand" }),
    client.readContract({ ...withdrawals, functionName: "openPartialsGwei" }),
    client.readContract({ ...checkpoints, functionName: "opensAt" }),
    client.readContract({ ...checkpoints, functionName: "openSnapshotHash" }),
  ]);
  const [poolShares, poolEther] = ledger;
  return {
    chain: chainFacts(stack),
    pool: {
      poolEther: String(poolEther),
      poolShares: String(poolShares),
      wrappedUnits: String(wrappedUnits),
      ownEther: String(own),
      freeEther: String(free),
      inFlightGwei: String(flight[2]),
      members,
      operators,
    },
    queue: {
      lastRequest: String(lastRequest),
      lastFinalized: String(lastFinalized),
      waitingEther: String((unfinalized * poolEther) / poolShares),
      uncovered: String(uncovered),
      openPartialsGwei: String(partials),
    },
    instantExit: {
      available: String(exit.available),
      feeBps: String(feeBps),
      refusal: exit.refusal,
      retryAt: String(exit.retryAt),
    },
    checkpoints: { opensAt: Number(opensAt), open: BigInt(hash) !== 0n, last: await lastClosed(stack) },
    safety: await readSafety(stack, blockNumber),
    addresses: at,
  };
}

/** The newest closed checkpoint, or null before the first. */
export async function lastClosed({ client, addresses }: Stack): Promise<ClosedCheckpoint | null> {
  const logs = await client.getContractEvents({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    eventName: "Rebased",
    fromBlock: BigInt(addresses.deployedAtBlock),
    strict: true,
  });
  const log = logs.at(-1);
  if (!log) return null;
  const { checkpoint, slot, etherBefore, etherAfter, sharesAfter, feeShares } = log.args;
  const { consensusRewards, executionRewards, reserve } = log.args;
  return {
    id: String(checkpoint),
    slot: String(slot),
    block: Number(log.blockNumber),
    etherBefore: String(etherBefore),
    etherAfter: String(etherAfter),
    consensusRewards: String(consensusRewards),
    executionRewards: String(executionRewards),
    reserve: String(reserve),
    fee: String(toEtherDown(feeShares, { poolShares: sharesAfter, poolEther: etherAfter })),
  };
}
