import { readFileSync } from "node:fs";
import type { Devnet } from "../chain/devnet.ts";

/** Resident memory of a process in MB, 0 when it cannot be read. */
function residentMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** What GET /status shows. */
export function statusOf(chain: Devnet) {
  const { preset, secondsPerSlot, validators, chainId } = chain.options;
  return {
    head: chain.head,
    slot: chain.slot,
    pace: chain.pace,
    simulatedEpochs: chain.simulatedEpochs,
    slotMsMedian: Math.round(chain.slotMsMedian * 10) / 10,
    keptStates: chain.keptStates,
    offlineValidators: chain.faults.offline.length,
    chain: { preset, secondsPerSlot, validators, chainId, genesisTime: chain.genesisTime },
    memoryMb: { consensus: residentMb(process.pid), execution: residentMb(chain.executionClient.pid) },
    urls: chain.urls,
    deviations: chain.deviations,
  };
}
