import { type AddressBook, describeError } from "@cairn/protocol";
import {
  type Abi,
  type Account,
  type Address,
  BaseError,
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  defineChain,
  type Hex,
  http,
  isHex,
  type PublicClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { ABIS, proxyAdminAbi } from "./contracts.ts";
import { GovernError } from "./governError.ts";
import type { Settings } from "./settings.ts";

/** What a command works with. */
export interface Session {
  readonly client: PublicClient;
  readonly book: AddressBook;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  /** Who acts; undefined without a key. */
  readonly account: Account | undefined;
  readonly send: boolean;
  readonly words: readonly string[];
  readonly print: (line: string) => void;
}

export interface Act {
  /** What it does, for people. */
  readonly what: string;
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

/** @throws GovernError `wrongChain` when the address book is another chain's. */
export async function openSession(settings: Settings, print: (line: string) => void): Promise<Session> {
  const chain = defineChain({
    id: settings.book.chainId,
    name: "chain",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [settings.rpcUrl] } },
  });
  const transport = http(settings.rpcUrl);
  const client = createPublicClient({ chain, transport, pollingInterval: 500, cacheTime: 0 }) as PublicClient;
  const chainId = await client.getChainId().catch((cause: unknown) => {
    throw new GovernError("wrongChain", `${settings.rpcUrl} does not answer: is the chain running?`, {
      cause,
    });
  });
  if (chainId !== settings.book.chainId) {
    throw new GovernError(
      "wrongChain",
      `${settings.rpcUrl} is chain ${chainId}, the addresses are of chain ${settings.book.chainId}`,
    );
  }
  const account = settings.key ? privateKeyToAccount(settings.key) : undefined;
  const { book, rpcUrl, beaconUrl, send, words } = settings;
  return { client, book, rpcUrl, beaconUrl, account, send, words, print };
}

/** A refusal of a contract in words: ours have sentences, OpenZeppelin's their names. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
  const data = revertData(error);
  if (data === undefined) return error.shortMessage;
  const known = describeError(data);
  if (known) return known.sentence;
  for (const abi of [ABIS.accessManager, ABIS.timelock, proxyAdminAbi]) {
    try {
      const { errorName, args } = decodeErrorResult({ abi: abi as Abi, data });
      return `${errorName}(${(args ?? []).join(", ")})`;
    } catch {
      // not one of its errors
    }
  }
  return `reverted with ${data}`;
}

/** What a contract reverted with, wherever viem has put it. */
function revertData(error: BaseError): Hex | undefined {
  let found: Hex | undefined;
  error.walk((cause) => {
    const { raw, data } = cause as { raw?: unknown; data?: unknown };
    for (const one of [raw, data]) if (found === undefined && isHex(one) && one.length >= 10) found = one;
    return found !== undefined;
  });
  return found;
}

/** Tries a call as the account would make it, and makes it with `--send`. */
export async function act(session: Session, { what, ...call }: Act): Promise<void> {
  const { client, account, print } = session;
  if (!account) {
    print(`${what}: set CAIRN_GOVERN_KEY to try it as your account, and --send to do it`);
    return;
  }
  try {
    await client.simulateContract({ ...call, account });
  } catch (cause) {
    throw new GovernError("refused", `${what}: refused: ${refusalOf(cause)}`, { cause });
  }
  if (!session.send) {
    print(`${what}: would be done by ${account.address}; nothing was sent (add --send)`);
    return;
  }
  const wallet = createWalletClient({ account, chain: client.chain, transport: http(session.rpcUrl) });
  const gas = ((await client.estimateContractGas({ ...call, account })) * 3n) / 2n;
  const hash = await wallet.writeContract({ ...call, account, chain: client.chain, gas } as never);
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success")
    throw new GovernError("refused", `${what}: reverted (transaction ${hash})`);
  print(`${what}: done in block ${receipt.blockNumber} (${hash}, ${receipt.gasUsed} gas)`);
}

/** The word at `place`, or how the verb is used. */
export function word(session: Session, place: number, usage: string): string {
  const found = session.words[place];
  if (found === undefined) throw new GovernError("badArguments", `usage: npm run govern -- ${usage}`);
  return found;
}

/** Unix seconds as people read them. */
export function timeOf(seconds: bigint | number): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
