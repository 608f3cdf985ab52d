import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { getGenesis } from "@ethereumjs/genesis";
import {
  type Account,
  type Chain,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  type PublicActions,
  publicActions,
  type TestClient,
  type Transport,
  type WalletClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { developmentKey } from "../../src/index.ts";

/** A testnet whose genesis holds the beacon deposit contract. */
const SOURCE_CHAIN_ID = 560_048;
export const DEPOSIT_CONTRACT = "0x00000000219ab540356cbb839cbe05303d7705fa";

type AnvilClient = TestClient<"anvil", Transport, Chain> & PublicActions<Transport, Chain>;

/** An anvil of its own, with the beacon deposit contract and a rich deployer. */
export interface TestAnvil {
  readonly url: string;
  readonly chain: Chain;
  readonly client: AnvilClient;
  stop(): Promise<void>;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

function binary(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const require = createRequire(import.meta.resolve("@foundry-rs/anvil/package.json"));
  return require.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`);
}

export async function startAnvil(options: { chainId?: number; args?: string[] } = {}): Promise<TestAnvil> {
  const port = await freePort();
  const { chainId = 31_337, args = [] } = options;
  const child = spawn(
    binary(),
    ["--port", `${port}`, "--chain-id", `${chainId}`, "--hardfork", "prague", "--silent", ...args],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  const chain = chainOf(url, chainId);
  const client = createTestClient({
    mode: "anvil",
    chain,
    transport: http(),
    pollingInterval: 20,
    cacheTime: 0,
  }).extend(publicActions);
  for (let i = 0; i < 12_000; i += 1) {
    const answers = await client.getBlockNumber().then(
      () => true,
      () => false,
    );
    if (answers || child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await layDepositContract(client);
  await client.setBalance({ address: accountOf("deployer").address, value: 10n ** 24n });
  return { url, chain, client, stop: () => stopped(child) };
}

const chainOf = (url: string, id: number): Chain => ({
  id,
  name: "anvil",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

async function layDepositContract(client: AnvilClient): Promise<void> {
  const state = Object.entries(getGenesis(SOURCE_CHAIN_ID) ?? {}).find(
    ([address]) => address.toLowerCase().replace(/^0x/, "") === DEPOSIT_CONTRACT.slice(2),
  )?.[1];
  const [, code, slots] = state as [string, Hex, [Hex, Hex][]];
  await client.setCode({ address: DEPOSIT_CONTRACT, bytecode: code });
  for (const [index, value] of slots) await client.setStorageAt({ address: DEPOSIT_CONTRACT, index, value });
}

export const accountOf = (person: string) => privateKeyToAccount(developmentKey(person));

/** A wallet of a development account; `transport` to come between. */
export function walletOf(
  { chain }: TestAnvil,
  person = "deployer",
  transport: Transport = http(),
): WalletClient<Transport, Chain, Account> {
  return createWalletClient({
    chain,
    account: accountOf(person),
    transport,
    pollingInterval: 20,
    cacheTime: 0,
  });
}
