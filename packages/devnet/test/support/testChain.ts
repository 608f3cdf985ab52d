import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Account,
  type Address,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  type PublicClient,
  parseEther,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type Devnet, type DevnetOptions, startDevnet } from "../../src/index.ts";

/** Ignored by git; the keys' cache in it is kept between runs. */
const ROOT = fileURLToPath(new URL("../../.cairn/test", import.meta.url));

export const ALICE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const ALICE = privateKeyToAccount(ALICE_KEY);
export const BOB = privateKeyToAccount("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

export const PREFUNDED: Record<Address, bigint> = {
  [ALICE.address]: parseEther("1000000"),
  [BOB.address]: parseEther("1000000"),
};

/** A folder of its own; `remove` leaves nothing of it. */
export function testFolder(): { dir: string; remove: () => void } {
  const dir = join(ROOT, randomUUID());
  mkdirSync(dir, { recursive: true });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * The execution genesis, and by its hash every proposer and committee, follows from this time: a fixed one gives the
 * same chain in every run.
 */
const GENESIS_TIME = 1_767_225_600;

/** Few validators where the economics do not matter: it starts faster. */
export async function startTestChain(options: Partial<DevnetOptions> = {}): Promise<Devnet> {
  const folder = testFolder();
  const chain = await startDevnet({
    dataDir: folder.dir,
    prefunded: PREFUNDED,
    genesisTime: GENESIS_TIME,
    validators: 1024,
    ...options,
  });
  chain.onStopped(folder.remove);
  return chain;
}

export interface Clients {
  client: PublicClient<Transport, Chain>;
  alice: WalletClient<Transport, Chain, Account>;
  bob: WalletClient<Transport, Chain, Account>;
  /** Makes a block and returns the receipt; throws when it reverted. */
  mined(hash: Promise<Hex>): Promise<TransactionReceipt>;
}

export function clientsOf(chain: Devnet): Clients {
  const definition = defineChain({
    id: chain.options.chainId,
    name: "devnet",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [chain.urls.rpc], webSocket: [chain.urls.ws] } },
  });
  const client = createPublicClient({
    chain: definition,
    transport: http(),
    cacheTime: 0,
    pollingInterval: 50,
  });
  const wallet = (account: Account) => createWalletClient({ chain: definition, transport: http(), account });
  return {
    client,
    alice: wallet(ALICE),
    bob: wallet(BOB),
    mined: async (hash) => {
      const sent = await hash;
      await chain.advance(1);
      const receipt = await client.getTransactionReceipt({ hash: sent });
      if (receipt.status !== "success") throw new TypeError(`transaction ${sent} reverted`);
      return receipt;
    },
  };
}

/** A raw JSON-RPC call: the answer as it is, errors included. */
export async function rawRpc(chain: Devnet, body: unknown): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(chain.urls.rpc, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, unknown>;
}

export async function rpcResult(chain: Devnet, method: string, params: unknown[] = []): Promise<unknown> {
  const { result, error } = await rawRpc(chain, { jsonrpc: "2.0", id: 1, method, params });
  if (error !== undefined) throw new TypeError(`${method}: ${JSON.stringify(error)}`);
  return result;
}
