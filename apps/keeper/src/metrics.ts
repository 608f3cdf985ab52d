import { createServer, type Server } from "node:http";
import type { Logger } from "pino";
import { Counter, Gauge, Registry } from "prom-client";

/** Prometheus metrics of one keeper. */
export class KeeperMetrics {
  readonly registry = new Registry();
  readonly sent = new Counter({
    name: "cairn_keeper_transactions_total",
    help: "Transactions mined successfully, by job.",
    labelNames: ["job"],
    registers: [this.registry],
  });
  readonly reverted = new Counter({
    name: "cairn_keeper_reverted_total",
    help: "Transactions mined that reverted, by job.",
    labelNames: ["job"],
    registers: [this.registry],
  });
  readonly refused = new Counter({
    name: "cairn_keeper_refused_total",
    help: "Calls whose simulation reverted, so nothing was sent, by job.",
    labelNames: ["job"],
    registers: [this.registry],
  });
  readonly gas = new Counter({
    name: "cairn_keeper_gas_total",
    help: "Gas used by successful transactions, by job.",
    labelNames: ["job"],
    registers: [this.registry],
  });
  readonly failures = new Counter({
    name: "cairn_keeper_failures_total",
    help: "Cycles or jobs that ended with an error, by job.",
    labelNames: ["job"],
    registers: [this.registry],
  });
  readonly cycles = new Counter({
    name: "cairn_keeper_cycles_total",
    help: "Looks at the chain; there is none while nothing happens on it.",
    registers: [this.registry],
  });
  readonly cycleSeconds = new Gauge({
    name: "cairn_keeper_cycle_seconds",
    help: "How long the last cycle took.",
    registers: [this.registry],
  });
  readonly lookedAtBlock = new Gauge({
    name: "cairn_keeper_looked_at_block",
    help: "Newest execution block at the beginning of the last whole look.",
    registers: [this.registry],
  });
  readonly finalizedBlock = new Gauge({
    name: "cairn_keeper_finalized_block",
    help: "Newest finalized execution block read.",
    registers: [this.registry],
  });
  readonly lastSuccess = new Gauge({
    name: "cairn_keeper_last_success_timestamp_seconds",
    help: "Unix time at which everything on the chain was last dealt with, without an error.",
    registers: [this.registry],
  });
}

/** Serves /metrics and /health on 127.0.0.1. Healthy: a cycle without error within `staleMs`. */
export async function serveMetrics(
  metrics: KeeperMetrics,
  port: number,
  staleMs: number,
  log: Logger,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.url === "/metrics") {
      response.setHeader("content-type", metrics.registry.contentType);
      response.end(await metrics.registry.metrics());
    } else if (request.url === "/health") {
      const { values } = await metrics.lastSuccess.get();
      const age = Date.now() - (values[0]?.value ?? 0) * 1000;
      response.statusCode = age < staleMs ? 200 : 503;
      response.end(JSON.stringify({ healthy: age < staleMs, lastSuccessAgeMs: Math.round(age) }));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  log.info({ port }, "metrics");
  return server;
}
