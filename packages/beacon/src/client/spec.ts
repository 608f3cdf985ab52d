import { z } from "zod";
import { address, uint64, version } from "./values.ts";

/** A fork of the chain and when it comes. */
export interface SpecFork {
  /** Lower case, e.g. "electra". */
  readonly name: string;
  readonly version: `0x${string}`;
  /** 2^64 - 1 when not planned. */
  readonly epoch: bigint;
}

const FAR_FUTURE = (2n ** 64n - 1n).toString();

const known = z.object({
  PRESET_BASE: z.enum(["mainnet", "minimal"]),
  CONFIG_NAME: z.string().default(""),
  SLOTS_PER_EPOCH: uint64,
  SECONDS_PER_SLOT: uint64.optional(),
  SLOT_DURATION_MS: uint64.optional(),
  GENESIS_FORK_VERSION: version,
  DEPOSIT_CHAIN_ID: uint64,
  DEPOSIT_CONTRACT_ADDRESS: address,
  SHARD_COMMITTEE_PERIOD: uint64,
  MIN_VALIDATOR_WITHDRAWABILITY_DELAY: uint64,
  EPOCHS_PER_SLASHINGS_VECTOR: uint64,
});

/** `config/spec`: a flat record of upper-case names, nearly all values strings. */
export const spec = z.record(z.string(), z.unknown()).transform((raw, context) => {
  const parsed = known.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      context.addIssue({ code: "custom", message: issue.message, path: issue.path });
    return z.NEVER;
  }
  const values = parsed.data;
  const secondsPerSlot = values.SECONDS_PER_SLOT ?? (values.SLOT_DURATION_MS ?? 0n) / 1000n;
  if (secondsPerSlot === 0n || values.SLOTS_PER_EPOCH === 0n) {
    context.addIssue({ code: "custom", message: "slot or epoch without length", path: ["SECONDS_PER_SLOT"] });
    return z.NEVER;
  }
  return {
    preset: values.PRESET_BASE,
    configName: values.CONFIG_NAME,
    slotsPerEpoch: values.SLOTS_PER_EPOCH,
    secondsPerSlot,
    genesisForkVersion: values.GENESIS_FORK_VERSION,
    depositChainId: values.DEPOSIT_CHAIN_ID,
    depositContractAddress: values.DEPOSIT_CONTRACT_ADDRESS,
    /** Epochs a validator is active before it may exit or be withdrawn from by request. */
    shardCommitteePeriod: values.SHARD_COMMITTEE_PERIOD,
    /** Epochs from exit to withdrawable. */
    minValidatorWithdrawabilityDelay: values.MIN_VALIDATOR_WITHDRAWABILITY_DELAY,
    /** Epochs a slashing stays in the sum; half of it lies before the correlation penalty. */
    epochsPerSlashingsVector: values.EPOCHS_PER_SLASHINGS_VECTOR,
    forks: forksOf(raw),
    /** Everything the node says, unchecked. */
    raw,
  };
});

export type Spec = z.output<typeof spec>;

/** Every NAME_FORK_VERSION with its NAME_FORK_EPOCH, by epoch; unreadable ones are left out. */
function forksOf(raw: Readonly<Record<string, unknown>>): SpecFork[] {
  const forks: SpecFork[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const name = /^([A-Z0-9]+)_FORK_VERSION$/.exec(key)?.[1];
    if (name === undefined || name === "GENESIS") continue;
    const parsedVersion = version.safeParse(value);
    const parsedEpoch = uint64.safeParse(raw[`${name}_FORK_EPOCH`] ?? FAR_FUTURE);
    if (!parsedVersion.success || !parsedEpoch.success) continue;
    forks.push({ name: name.toLowerCase(), version: parsedVersion.data, epoch: parsedEpoch.data });
  }
  return forks.sort((a, b) =>
    a.epoch < b.epoch ? -1 : a.epoch > b.epoch ? 1 : compare(a.version, b.version),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
