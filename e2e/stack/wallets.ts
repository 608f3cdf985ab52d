import { developmentKey } from "@cairn/deployment";
import {
  type Account,
  type Address,
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { E2eError } from "./e2eError.ts";

/** People of the embedded chain. Their keys follow from their names: for development chains only. */
const PEOPLE = [
  "deployer",
  "keeper",
  "alice",
  "bob",
  "carol",
  "operatorOne",
  "operatorTwo",
  "thief",
  "guardian",
  "treasury",
] as const;
export type Person = (typeof PEOPLE)[number];

/** Wei each of them starts with. */
const START_WEI = 1_000_000n * 10n ** 18n;

export type Wallet = WalletClient<Transport, Chain, Account>;
export type Client = PublicClient<Transport, Chain>;

export const keyOf = (person: Person): Hex => developmentKey(person);
export const accountOf = (person: Person): PrivateKeyAccount => privateKeyToAccount(keyOf(person));

/** @throws E2eError when nobody has this name. */
export function personNamed(name: string): Person {
  const person = PEOPLE.find((one) => one === name);
  if (!person) throw new E2eError(`nobody here is called "${name}"; there are ${PEOPLE.join(", ")}`);
  return person;
}

/** Whose account it is, if one of theirs. */
export const personOf = (address: Address): Person | undefined =>
  PEOPLE.find((person) => accountOf(person).address.toLowerCase() === address.toLowerCase());

export function prefunded(): Record<Address, bigint> {
  return Object.fromEntries(PEOPLE.map((person) => [accountOf(person).address, START_WEI]));
}

/** viem's description of the embedded chain behind `rpc`. */
export function chainAt(rpc: string, chainId: number): Chain {
  return {
    id: chainId,
    name: "Cairn devnet",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  };
}

export function clientOf(chain: Chain): Client {
  return createPublicClient({ chain, transport: http(), pollingInterval: 50, cacheTime: 0 });
}

export function walletOf(chain: Chain, person: Person): Wallet {
  return createWalletClient({ chain, account: accountOf(person), transport: http() });
}
