import { readFileSync } from "node:fs";
import { type AddressBook, parseAddressBook } from "@cairn/protocol";
import type { Hex } from "viem";
import { z } from "zod";
import { KeeperError } from "./keeperError.ts";

const number = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);

const environment = z.object({
  /** JSON-RPC of an execution client. */
  CAIRN_RPC_URL: z.url({ protocol: /^https?$/ }),
  /** Beacon API of a consensus client. */
  CAIRN_BEACON_URL: z.url({ protocol: /^https?$/ }),
  /** JSON file with the deployment's addresses. */
  CAIRN_ADDRESSES: z.string().min(1),
  /** 32-byte private key that pays gas. Without it nothing is sent: a dry run. */
  CAIRN_KEEPER_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "a private key is 0x and 64 hexadecimal digits")
    .optional(),
  /** Milliseconds between two looks at the chain. */
  CAIRN_POLL_MS: number(4000, 50, 600_000),
  /** Validators in one batch of a checkpoint. */
  CAIRN_BATCH_SIZE: number(500, 1, 5000),
  /** Blocks in one log request. */
  CAIRN_LOG_RANGE: number(2000, 1, 1_000_000),
  /** Wei paid for one EIP-7002 request at most. */
  CAIRN_MAX_WITHDRAWAL_FEE: z.coerce
    .bigint()
    .nonnegative()
    .default(10n ** 15n),
  /** Port of /metrics and /health on 127.0.0.1; 0 for none. */
  CAIRN_METRICS_PORT: number(0, 0, 65_535),
  CAIRN_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export interface Settings {
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  readonly addresses: AddressBook;
  readonly key: Hex | undefined;
  readonly pollMs: number;
  readonly batchSize: number;
  readonly logRange: number;
  readonly maxWithdrawalFee: bigint;
  readonly metricsPort: number;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/**
 * Every setting of the keeper, from the environment.
 *
 * @throws KeeperError `badSettings` that names each wrong variable, before anything is done.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environment.safeParse(env);
  if (!parsed.success)
    throw new KeeperError("badSettings", `wrong settings:\n${z.prettifyError(parsed.error)}`);
  const e = parsed.data;
  return {
    rpcUrl: e.CAIRN_RPC_URL,
    beaconUrl: e.CAIRN_BEACON_URL,
    addresses: readAddresses(e.CAIRN_ADDRESSES),
    key: e.CAIRN_KEEPER_KEY as Hex | undefined,
    pollMs: e.CAIRN_POLL_MS,
    batchSize: e.CAIRN_BATCH_SIZE,
    logRange: e.CAIRN_LOG_RANGE,
    maxWithdrawalFee: e.CAIRN_MAX_WITHDRAWAL_FEE,
    metricsPort: e.CAIRN_METRICS_PORT,
    logLevel: e.CAIRN_LOG_LEVEL,
  };
}

function readAddresses(file: string): AddressBook {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new KeeperError("badSettings", `CAIRN_ADDRESSES: cannot read ${file} as JSON`, { cause });
  }
  try {
    return parseAddressBook(json);
  } catch (cause) {
    throw new KeeperError("badSettings", `CAIRN_ADDRESSES: ${file}: ${(cause as Error).message}`, { cause });
  }
}
