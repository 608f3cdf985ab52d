import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { pino } from "pino";
import { DEV_ALLOCATIONS } from "../faults/devAccounts.ts";
import { type DevnetLogger, type DevnetOptions, parseOptions } from "../options/devnetOptions.ts";
import { identityOf, wipeChain } from "../storage/identity.ts";
import { lockFolder } from "../storage/lockFile.ts";
import { Devnet } from "./devnet.ts";
import { openChain } from "./openChain.ts";
import { startServers } from "./startServers.ts";

/**
 * Starts the chain in `dataDir`, or goes on with the one that is there.
 *
 * A real execution client is driven over the real Engine API by Ethereum's real consensus state transition.
 * It is one linear chain: no peer-to-peer network, no fork choice, no reorgs. `chain.deviations` lists all differences.
 * @throws DevnetError `invalid-options`, `preset-mismatch`, `data-dir-locked`, `options-changed`, `execution-client-failed`
 */
export async function startDevnet(input: DevnetOptions): Promise<Devnet> {
  const options = parseOptions(input);
  const logger: DevnetLogger = options.logger ?? pino({ level: "warn" });
  const dir = resolve(options.dataDir);
  mkdirSync(dir, { recursive: true });
  const unlock = lockFolder(dir);
  try {
    if (options.fresh) wipeChain(dir);
    const identity = identityOf(dir, options, { ...options.prefunded, ...DEV_ALLOCATIONS });
    const devnet = new Devnet(options, await openChain(dir, options, identity, logger), logger);
    try {
      await startServers(devnet, options.ports);
    } catch (error) {
      await devnet.stop();
      throw error;
    }
    devnet.onStopped(unlock);
    devnet.setPace(options.pace);
    return devnet;
  } catch (error) {
    unlock();
    throw error;
  }
}
