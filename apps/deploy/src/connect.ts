import { createBeaconClient } from "@cairn/beacon";
import {
  type DeployWallet,
  describeLocal,
  describePublic,
  developmentKey,
  HOODI,
  MAINNET,
  type NetworkDescription,
  requireBeacon,
  type Site,
  siteOf,
} from "@cairn/deployment";
import { type Chain, createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { DeployError } from "./deployError.ts";
import { knownAccounts } from "./deployedFiles.ts";
import type { Settings } from "./settings.ts";

/** Milliseconds between two looks for a receipt. */
const POLL_MS = 2000;
const LOCAL_POLL_MS = 100;

export interface Connection {
  readonly site: Site;
  /** Only with a key. */
  readonly wallet: DeployWallet | undefined;
}

/** The deployment that the settings are about, and the chain it is on. */
export async function connect(settings: Settings): Promise<Connection> {
  const transport = http(settings.rpcUrl);
  const pollingInterval = settings.network === "local" ? LOCAL_POLL_MS : POLL_MS;
  const client = createPublicClient({ transport, pollingInterval, cacheTime: 0 });
  const known = knownAccounts(settings);
  const merged: Settings = {
    ...settings,
    guardians: settings.guardians ?? known.guardians,
    treasury: settings.treasury ?? known.treasury,
    release: settings.release ?? known.release,
  };
  // on a development chain everybody is the deployer
  const key =
    settings.key ??
    (settings.network === "local" && !settings.deployer ? developmentKey("deployer") : undefined);
  const account = key && privateKeyToAccount(key);
  const deployer = account?.address ?? settings.deployer ?? known.deployer;
  if (!deployer)
    throw new DeployError(
      "noKey",
      "addresses follow from the deployer: give CAIRN_DEPLOYER_KEY or CAIRN_DEPLOYER",
    );
  const description = await describe(merged, client);
  const site = siteOf(description, deployer, client);
  if (settings.beaconUrl) {
    const beacon = createBeaconClient({ url: settings.beaconUrl });
    requireBeacon(site, await beacon.getSpec(), await beacon.getGenesis());
  }
  const wallet =
    account && createWalletClient({ account, chain: chainOf(description, settings.rpcUrl), transport });
  return { site, wallet };
}

async function describe(
  settings: Settings,
  client: ReturnType<typeof createPublicClient>,
): Promise<NetworkDescription> {
  if (settings.network !== "local")
    return describePublic(settings.network === "hoodi" ? HOODI : MAINNET, settings);
  const beacon = createBeaconClient({ url: settings.beaconUrl ?? "" });
  const [spec, genesis, chainId, block] = await Promise.all([
    beacon.getSpec(),
    beacon.getGenesis(),
    client.getChainId(),
    client.getBlock({ blockNumber: 0n }),
  ]);
  return describeLocal({ chainId, genesisBlockHash: block.hash, spec, genesis }, settings);
}

function chainOf({ name, chainId }: NetworkDescription, rpc: string): Chain {
  return {
    id: chainId,
    name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  };
}
