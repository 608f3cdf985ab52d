import { parseArgs } from "node:util";
import { NETWORKS } from "@cairn/deployment";
import { type Address, type Hex, isAddress } from "viem";
import { z } from "zod";
import { DeployError } from "./deployError.ts";

const COMMANDS = ["plan", "apply", "verify", "bundle"] as const;

export const USAGE = `npm run deploy -- COMMAND --network local|hoodi|mainnet --rpc URL [options]

  plan      what would be sent, in order: addresses, gas, cost, what is there already
  apply     sends what is missing; without --send it only says what it would send
  verify    compares everything on the chain with the description; ends with 3 at any difference
  bundle    writes source and constructor arguments of every contract, for explorers

  --beacon URL              Beacon API; the local network's constants come from it, the others' are compared with it
  --send                    really send (apply)
  --confirm-mainnet PHRASE  needed on mainnet (apply --send)
  --out PATH                where apply and bundle write, in place of packages/protocol/src/addressBooks

Environment: CAIRN_DEPLOYER_KEY (private key, for apply --send), CAIRN_DEPLOYER (its address, where no key is needed),
CAIRN_GUARDIANS (addresses, by commas), CAIRN_TREASURY (address), CAIRN_RELEASE (a word; another one, other addresses).
Ends with 0 when all is well, 1 when something failed, 2 for wrong settings or another chain, 3 for differences.`;

const account = z
  .string()
  .refine((text) => isAddress(text), "is not an address, or its checksum is wrong")
  .transform((text) => text.toLowerCase() as Address);
const url = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });

const options = z.strictObject({
  command: z.enum(COMMANDS, { error: `must be one of ${COMMANDS.join(", ")}` }),
  network: z.enum(NETWORKS, { error: `must be one of ${NETWORKS.join(", ")}` }),
  rpc: url,
  beacon: url.optional(),
  send: z.boolean().default(false),
  "confirm-mainnet": z.string().optional(),
  out: z.string().min(1).optional(),
});

const environment = z.object({
  CAIRN_DEPLOYER_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "a private key is 0x and 64 hexadecimal digits")
    .optional(),
  CAIRN_DEPLOYER: account.optional(),
  CAIRN_GUARDIANS: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(account))
    .optional(),
  CAIRN_TREASURY: account.optional(),
  CAIRN_RELEASE: z.string().min(1).optional(),
});

export interface Settings {
  readonly command: (typeof COMMANDS)[number];
  readonly network: (typeof NETWORKS)[number];
  readonly rpcUrl: string;
  readonly beaconUrl: string | undefined;
  readonly send: boolean;
  readonly confirmation: string | undefined;
  readonly out: string | undefined;
  readonly key: Hex | undefined;
  readonly deployer: Address | undefined;
  readonly guardians: readonly Address[] | undefined;
  readonly treasury: Address | undefined;
  readonly release: string | undefined;
}

/**
 * Every setting, from arguments and environment. Keys are never arguments: other users of the machine see those.
 *
 * @throws DeployError `badSettings` that names each wrong one, before anything is done.
 */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = options.safeParse(argumentsOf(args));
  const variables = environment.safeParse(withoutEmpty(env));
  const issues = [
    ...(given.error?.issues ?? []).map(({ path: [name], message }) =>
      name === "command" ? `the command ${message}` : `--${String(name)} ${message}`,
    ),
    ...(variables.error?.issues ?? []).map(({ path: [name], message }) => `${String(name)} ${message}`),
  ];
  if (given.data?.network === "local" && !given.data.beacon)
    issues.push("--beacon is needed for the local network: its constants come from there");
  if (!given.success || !variables.success || issues.length > 0)
    throw new DeployError("badSettings", `wrong settings:\n  ${issues.join("\n  ")}\n\n${USAGE}`);
  const o = given.data;
  const e = variables.data;
  return {
    command: o.command,
    network: o.network,
    rpcUrl: o.rpc,
    beaconUrl: o.beacon,
    send: o.send,
    confirmation: o["confirm-mainnet"],
    out: o.out,
    key: e.CAIRN_DEPLOYER_KEY as Hex | undefined,
    deployer: e.CAIRN_DEPLOYER,
    guardians: e.CAIRN_GUARDIANS,
    treasury: e.CAIRN_TREASURY,
    release: e.CAIRN_RELEASE,
  };
}

/** A variable that is set to nothing is not set. */
const withoutEmpty = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));

function argumentsOf(args: readonly string[]): unknown {
  const string = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        network: string,
        rpc: string,
        beacon: string,
        send: { type: "boolean" },
        "confirm-mainnet": string,
        out: string,
      },
    });
    const [command, ...more] = positionals;
    if (more.length > 0) throw new DeployError("badSettings", `"${more[0]}" was not expected\n\n${USAGE}`);
    return { ...values, command };
  } catch (cause) {
    if (cause instanceof DeployError) throw cause;
    throw new DeployError("badSettings", `${cause instanceof Error ? cause.message : cause}\n\n${USAGE}`, {
      cause,
    });
  }
}
