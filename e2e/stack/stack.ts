import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BeaconClient, createBeaconClient, type Spec } from "@cairn/beacon";
import {
  apply,
  type CheckpointParameters,
  describeLocal,
  type LocalSettings,
  siteOf,
} from "@cairn/deployment";
import { type Devnet, type DevnetOptions, startDevnet } from "@cairn/devnet";
import type { AddressBook } from "@cairn/protocol";
import type { Chain } from "viem";
import { accountOf, type Client, chainAt, clientOf, prefunded, walletOf } from "./wallets.ts";

/** The embedded chain with clients for it. */
export interface RunningChain {
  readonly devnet: Devnet;
  readonly chain: Chain;
  readonly client: Client;
  readonly beacon: BeaconClient;
  readonly spec: Spec;
}

/** The whole stack on it. */
export interface Stack extends RunningChain {
  readonly addresses: AddressBook;
  /** File with the addresses, as programs take it. */
  readonly addressFile: string;
}

/** For runs that must be alike: all proposers and committees follow from the time of genesis. */
export const FIXED_GENESIS_TIME = 1_767_225_600;

/** It stands still, save that each transaction gets its slot, unless `options` say otherwise. */
export async function startChain(options: Omit<DevnetOptions, "prefunded">): Promise<RunningChain> {
  const devnet = await startDevnet({ pace: "whenPending", ...options, prefunded: prefunded() });
  const chain = chainAt(devnet.urls.rpc, devnet.options.chainId);
  const beacon = createBeaconClient({ url: devnet.urls.beacon });
  return { devnet, chain, client: clientOf(chain), beacon, spec: await beacon.getSpec() };
}

/** Deploys all contracts and writes their addresses to `folder`. The chain must be making slots. */
export async function deploy(
  running: RunningChain,
  checkpoints: CheckpointParameters,
  folder: string,
  settings: Pick<LocalSettings, "knownForks"> = {},
): Promise<Stack> {
  const { chain, client, beacon, spec } = running;
  const block = await client.getBlock({ blockNumber: 0n });
  const description = describeLocal(
    { chainId: chain.id, genesisBlockHash: block.hash, spec, genesis: await beacon.getGenesis() },
    { checkpoints, ...settings },
  );
  const site = siteOf(description, accountOf("deployer").address, client);
  const addresses = await apply(site, walletOf(chain, "deployer"), { inOneGo: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(addressFileIn(folder), JSON.stringify(addresses, null, 2));
  return readStack(running, folder);
}

/** The stack that was deployed on this chain, by the addresses in `folder`. */
export function readStack(running: RunningChain, folder: string): Stack {
  const addressFile = addressFileIn(folder);
  return { ...running, addresses: JSON.parse(readFileSync(addressFile, "utf8")) as AddressBook, addressFile };
}

export function addressFileIn(folder: string): string {
  return join(folder, "addresses.json");
}
