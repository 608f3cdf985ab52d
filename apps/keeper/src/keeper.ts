import { setTimeout as sleep } from "node:timers/promises";
import { createBeaconClient } from "@cairn/beacon";
import type { Logger } from "pino";
import { createPublicClient, createWalletClient, http, type PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Context, Job } from "./context.ts";
import { checkpoint } from "./jobs/checkpoint.ts";
import { exit } from "./jobs/exit.ts";
import { fund } from "./jobs/fund.ts";
import { idle } from "./jobs/idle.ts";
import { leave } from "./jobs/leave.ts";
import { observe } from "./jobs/observe.ts";
import { probe } from "./jobs/probe.ts";
import { prove } from "./jobs/prove.ts";
import { settle } from "./jobs/settle.ts";
import { slash } from "./jobs/slash.ts";
import { watch } from "./jobs/watch.ts";
import { withdraw } from "./jobs/withdraw.ts";
import { KeeperError } from "./keeperError.ts";
import type { KeeperMetrics } from "./metrics.ts";
import { isSame, type Moment, readMoment } from "./moment.ts";
import { Patience } from "./patience.ts";
import { ProtocolIndex } from "./protocolIndex.ts";
import { Sender } from "./sender.ts";
import type { Settings } from "./settings.ts";
import { StateSource } from "./stateSource.ts";

/** In this order: what all proofs need first, then what must not wait, then bad news; what changes members or uses free ether after the checkpoint. */
const JOBS: Readonly<Record<string, Job>> = {
  probe,
  watch,
  slash,
  observe,
  idle,
  settle,
  checkpoint,
  leave,
  withdraw,
  exit,
  prove,
  fund,
};

/**
 * Connects to both layers and checks that they are one chain, the deployment's.
 *
 * @throws KeeperError `wrongChain` when chain ids differ.
 */
export async function connect(settings: Settings, metrics: KeeperMetrics, log: Logger): Promise<Context> {
  const transport = http(settings.rpcUrl, { retryCount: 3, timeout: 20_000 });
  const client: PublicClient = createPublicClient({
    transport,
    pollingInterval: Math.min(settings.pollMs, 1000),
  });
  const beacon = createBeaconClient({ url: settings.beaconUrl });
  const [chainId, spec] = await Promise.all([client.getChainId(), beacon.getSpec()]);
  if (chainId !== settings.addresses.chainId || BigInt(chainId) !== spec.depositChainId) {
    throw new KeeperError(
      "wrongChain",
      `execution chain ${chainId}, beacon deposits for ${spec.depositChainId}, addresses for ${settings.addresses.chainId}: all must be one`,
    );
  }
  const wallet = settings.key
    ? createWalletClient({
        account: privateKeyToAccount(settings.key),
        transport,
        chain: {
          id: chainId,
          name: "cairn",
          nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
          rpcUrls: { default: { http: [settings.rpcUrl] } },
        },
      })
    : undefined;
  log.info({ chainId, preset: spec.preset, dryRun: !wallet, account: wallet?.account.address }, "connected");
  return {
    settings,
    client,
    beacon,
    spec,
    index: new ProtocolIndex(client, settings.addresses, settings.logRange),
    states: new StateSource(client, beacon, spec.preset),
    patience: new Patience(),
    sender: new Sender(client, wallet, log, metrics),
    log,
  };
}

/**
 * One look at the chain: wait for nothing, read what is final, let each job decide, simulate and send.
 * A job that fails is logged and counted; the others go on.
 *
 * @param moment Read just before. Jobs see it or what is newer.
 * @returns Transactions sent, and whether every job ended well.
 */
export async function cycle(
  context: Context,
  metrics: KeeperMetrics,
  moment: Moment,
): Promise<{ sent: number; ok: boolean }> {
  const started = performance.now();
  await context.index.readTo(moment.finalized);
  metrics.finalizedBlock.set(Number(moment.finalized));
  let sent = 0;
  let ok = true;
  for (const [name, job] of Object.entries(JOBS)) {
    try {
      sent += await job(context);
    } catch (error) {
      ok = false;
      metrics.failures.inc({ job: name });
      context.log.warn({ job: name, err: error }, "the job failed; it is tried again in the next cycle");
    }
  }
  metrics.cycles.inc();
  metrics.lookedAtBlock.set(Number(moment.block));
  metrics.cycleSeconds.set((performance.now() - started) / 1000);
  context.log.debug({ block: Number(moment.block), sent, ok }, "looked");
  return { sent, ok };
}

/**
 * Cycles until `signal` aborts, whenever something has happened since the last cycle that ended well. The running job is
 * finished first. A lost connection is waited out.
 */
export async function run(context: Context, metrics: KeeperMetrics, signal: AbortSignal): Promise<void> {
  const { pollMs } = context.settings;
  let wait = pollMs;
  let done: Moment | undefined;
  while (!signal.aborted) {
    try {
      const moment = await readMoment(context);
      if (!done || !isSame(done, moment)) {
        const { ok } = await cycle(context, metrics, moment);
        done = ok ? moment : undefined;
      }
      if (done) metrics.lastSuccess.set(Date.now() / 1000);
      wait = done ? pollMs : Math.min(wait * 2, 60_000);
    } catch (error) {
      metrics.failures.inc({ job: "cycle" });
      wait = Math.min(wait * 2, 60_000);
      context.log.warn({ err: error, waitMs: wait }, "cannot read the chain; waiting");
    }
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
