import { E2eError } from "../stack/e2eError.ts";

export interface StartSettings {
  /** Port of the status page. */
  readonly port: number;
  /** Folder of chain data, addresses and logs. */
  readonly folder: string;
  readonly fresh: boolean;
  /** Slots a second until the first rewards show, and after. */
  readonly fastPace: number;
  readonly calmPace: number;
  /** Epoch at which the chain goes on to Fulu, which the contracts are then not told of; undefined for never. */
  readonly fuluEpoch: number | undefined;
  /** Ports of the chain, the usual ones by default; 0 for free ones. */
  readonly ports: { readonly rpc: number; readonly beacon: number; readonly control: number };
}

/** All settings of `npm start`. @throws E2eError naming the wrong one. */
export function readStartSettings(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): StartSettings {
  const unknown = args.find((arg) => arg !== "--fresh");
  if (unknown) throw new E2eError(`unknown option ${unknown}; there is only --fresh`);
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = env[name];
    const value = text === undefined ? fallback : Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new E2eError(`${name} is "${text}"; it must be a number from ${least} to ${most}`);
  };
  const port = (name: string, fallback: number) => Math.trunc(number(name, fallback, 0, 65_535));
  return {
    port: port("CAIRN_PORT", 8600),
    folder: env.CAIRN_FOLDER ?? ".cairn",
    fresh: args.includes("--fresh"),
    fastPace: number("CAIRN_FAST_PACE", 20, 0.1, 1000),
    calmPace: number("CAIRN_CALM_PACE", 4, 0.1, 1000),
    fuluEpoch: env.CAIRN_FULU_EPOCH ? Math.trunc(number("CAIRN_FULU_EPOCH", 1, 1, 1e9)) : undefined,
    ports: {
      rpc: port("CAIRN_RPC_PORT", 8545),
      beacon: port("CAIRN_BEACON_PORT", 5052),
      control: port("CAIRN_CONTROL_PORT", 5053),
    },
  };
}
