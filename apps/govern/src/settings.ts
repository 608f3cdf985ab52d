import { readFileSync } from "node:fs";
import { type AddressBook, parseAddressBook } from "@cairn/protocol";
import type { Hex } from "viem";
import { z } from "zod";
import { GovernError } from "./governError.ts";

const environment = z.object({
  /** JSON-RPC of an execution client. */
  CAIRN_RPC_URL: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:8545"),
  /** Beacon API of a consensus client. Default: that of `npm start`. */
  CAIRN_BEACON_URL: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:5052"),
  /** JSON file with the deployment's addresses. Default: that of `npm start`. */
  CAIRN_ADDRESSES: z.string().min(1).optional(),
  /** Where `npm start` keeps its files. */
  CAIRN_FOLDER: z.string().min(1).default(".cairn"),
  /** 32-byte private key of the account that acts. Without it nothing can be sent. */
  CAIRN_GOVERN_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "a private key is 0x and 64 hexadecimal digits")
    .optional(),
});

export interface Settings {
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  readonly book: AddressBook;
  readonly key: Hex | undefined;
  /** Whether to send; else everything is only tried. */
  readonly send: boolean;
  /** The verb and its arguments. */
  readonly words: readonly string[];
}

function readBook(path: string): AddressBook {
  try {
    return parseAddressBook(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new GovernError(
      "badSettings",
      `CAIRN_ADDRESSES: ${path} is not the deployment's address file: ${why}`,
      {
        cause,
      },
    );
  }
}

/**
 * All settings of the program, from the environment and the command line.
 *
 * @throws GovernError `badSettings` that names each wrong variable, before anything is done.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Settings {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new GovernError("badSettings", wrong.join("\n"));
  }
  const option = args.find((arg) => arg.startsWith("--") && arg !== "--send");
  if (option) throw new GovernError("badSettings", `unknown option ${option}; there is only --send`);
  const send = args.includes("--send");
  const { CAIRN_RPC_URL: rpcUrl, CAIRN_BEACON_URL: beaconUrl, CAIRN_GOVERN_KEY: key } = parsed.data;
  const path = parsed.data.CAIRN_ADDRESSES ?? `${parsed.data.CAIRN_FOLDER}/addresses.json`;
  if (send && key === undefined) {
    throw new GovernError("badSettings", "--send needs CAIRN_GOVERN_KEY, the key of the account that acts");
  }
  return {
    rpcUrl,
    beaconUrl,
    book: readBook(path),
    key: key as Hex | undefined,
    send,
    words: args.filter((arg) => arg !== "--send"),
  };
}
