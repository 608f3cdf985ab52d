/** The keeper: needs an RPC URL, a Beacon API URL, the deployment's addresses, and a key that pays gas. */
import { pino } from "pino";
import { connect, cycle, run } from "./keeper.ts";
import { KeeperMetrics, serveMetrics } from "./metrics.ts";
import { readMoment } from "./moment.ts";
import { readSettings } from "./settings.ts";

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ name: "keeper", level: settings.logLevel });
  // before anything else: whoever stops it while it connects must not have to kill it
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      log.info({ signal: name }, "stopping after the running job");
      stop.abort();
    });
  }
  const metrics = new KeeperMetrics();
  const context = await connect(settings, metrics, log);
  if (process.argv.includes("--once")) {
    const { sent, ok } = await cycle(context, metrics, await readMoment(context));
    log.info({ sent }, "one cycle done");
    process.exitCode = ok ? 0 : 1;
    return;
  }
  const staleMs = Math.max(60_000, settings.pollMs * 10);
  const server = settings.metricsPort
    ? await serveMetrics(metrics, settings.metricsPort, staleMs, log)
    : undefined;
  await run(context, metrics, stop.signal);
  server?.close();
  log.info("stopped");
}

main().catch((error: unknown) => {
  process.stderr.write(`keeper: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
