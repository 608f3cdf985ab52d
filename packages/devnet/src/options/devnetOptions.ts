import { ACTIVE_PRESET } from "@lodestar/params";
import { z } from "zod";
import { DevnetError } from "../errors/devnetError.ts";

/** A 20-byte address as 0x and 40 hexadecimal digits, any case. */
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "an address is 0x followed by 40 hexadecimal digits")
  .transform((text) => text.toLowerCase() as `0x${string}`);

/**
 * How fast the background loop makes slots. `stopped`: only `advance` does. `whenPending`: when a transaction waits a slot
 * is made, and one more behind it, so that what a program costs in slots does not depend on how fast the machine is;
 * whoever waits for time or finality has to `advance`.
 */
export const paceSchema = z.union([
  z.literal("max"),
  z.literal("stopped"),
  z.literal("whenPending"),
  z.strictObject({ slotsPerSecond: z.number().positive().max(1000) }),
]);

export type Pace = z.output<typeof paceSchema>;

/** For who gave another. */
export const PACES = 'a pace is "max", "stopped", "whenPending" or {slotsPerSecond: 0 to 1000}';

export interface DevnetLogger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

const portSchema = z.int().min(0).max(65535);

const optionsSchema = z.strictObject({
  dataDir: z.string().min(1),
  fresh: z.boolean().default(false),
  preset: z.enum(["minimal", "mainnet"]).optional(),
  secondsPerSlot: z.int().min(1).max(600).optional(),
  validators: z.int().min(64).max(1_000_000).default(16_384),
  validatorEth: z.int().min(32).max(2048).default(2000),
  fuluEpoch: z.int().min(1).optional(),
  delays: z.enum(["short", "mainnet"]).default("short"),
  chainId: z.int().min(1).default(32_382),
  genesisTime: z.int().min(1).optional(),
  prefunded: z.record(addressSchema, z.bigint().nonnegative()).default({}),
  ports: z
    .strictObject({
      rpc: portSchema.optional(),
      beacon: portSchema.optional(),
      control: portSchema.optional(),
    })
    .default({}),
  keepStates: z.int().min(64).default(1024),
  pace: paceSchema.default("stopped"),
  logger: z.custom<DevnetLogger>((value) => typeof value === "object" && value !== null).optional(),
});

/** What `startDevnet` accepts. Everything but `dataDir` has a default. */
export type DevnetOptions = z.input<typeof optionsSchema>;

export type ResolvedOptions = Omit<z.output<typeof optionsSchema>, "preset" | "secondsPerSlot"> & {
  preset: "minimal" | "mainnet";
  /** 12 with the mainnet preset, 48 with the minimal one: the same epoch length, hence the same yearly reward. */
  secondsPerSlot: number;
};

/** The preset that keeps the economics honest for a slot length, when it can be told from it. */
function presetFor(secondsPerSlot: number | undefined): "minimal" | "mainnet" | undefined {
  if (secondsPerSlot === 48) return "minimal";
  if (secondsPerSlot === 12) return "mainnet";
  return undefined;
}

/**
 * Checks all options in one place.
 * @throws DevnetError `invalid-options`, or `preset-mismatch` when the process was started with another preset
 */
export function parseOptions(input: DevnetOptions): ResolvedOptions {
  const parsed = optionsSchema.safeParse(input);
  if (!parsed.success)
    throw new DevnetError("invalid-options", `devnet options are wrong: ${z.prettifyError(parsed.error)}`);
  const active = ACTIVE_PRESET as "minimal" | "mainnet";
  const wanted = parsed.data.preset ?? presetFor(parsed.data.secondsPerSlot) ?? active;
  if (wanted !== active) {
    throw new DevnetError(
      "preset-mismatch",
      `these options need the ${wanted} preset but this process runs ${active}: start it with LODESTAR_PRESET=${wanted}`,
    );
  }
  const { genesisTime } = parsed.data;
  if (genesisTime !== undefined && genesisTime > Date.now() / 1000) {
    throw new DevnetError("invalid-options", "genesisTime (seconds) must not lie in the future");
  }
  const secondsPerSlot = parsed.data.secondsPerSlot ?? (active === "minimal" ? 48 : 12);
  return { ...parsed.data, preset: active, secondsPerSlot };
}
