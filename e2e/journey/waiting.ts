import { setTimeout as sleep } from "node:timers/promises";
import { checkpointsAbi } from "@cairn/protocol";
import { E2eError } from "../stack/e2eError.ts";
import type { KeeperProcess } from "../stack/keeperProcess.ts";
import type { Stack } from "../stack/stack.ts";

/** Slots a second while a keeper must keep up: its proofs are good for 64 slots. */
const WITH_KEEPER = 20;

/** Runs `work` while the chain makes slots at a pace that programs can follow. */
export async function whileRunning<T>(devnet: Stack["devnet"], work: () => Promise<T>): Promise<T> {
  devnet.setPace({ slotsPerSecond: WITH_KEEPER });
  try {
    return await work();
  } finally {
    devnet.setPace("stopped");
    // behind the slot that may still be under way: from here on both layers stand still
    await devnet.advance(1);
  }
}

/** Lets the chain run until `ready`, at a pace the keeper can follow. @throws E2eError after `seconds`. */
export async function untilKeeper<T>(
  stack: Stack,
  keeper: KeeperProcess,
  what: string,
  ready: () => Promise<T | undefined | false>,
  seconds = 90,
): Promise<T> {
  return whileRunning(stack.devnet, async () => {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      keeper.requireAlive();
      const result = await ready();
      if (result) return result;
      if (performance.now() > end) throw new E2eError(`waited ${seconds} s in vain: ${what}`);
      await sleep(100);
    }
  });
}

/** Lets the chain run, as fast as it can, until so many slots before the next checkpoint may be opened. */
export async function untilDueIn(stack: Stack, slots: bigint): Promise<void> {
  const { client, addresses, devnet, spec } = stack;
  const opensAt = await client.readContract({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    functionName: "opensAt",
  });
  const from = opensAt - slots * spec.secondsPerSlot;
  await devnet.advanceUntil((chain) => BigInt(chain.head.timestamp) >= from, 2000);
}
