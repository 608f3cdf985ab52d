import type { Genesis, Spec } from "@cairn/beacon";
import { type Hex, parseAbi } from "viem";
import { DeploymentError } from "./deploymentError.ts";
import { isLineFailure } from "./lineFailure.ts";
import { forkEntries } from "./networks/forkEntries.ts";
import type { Site } from "./stack/site.ts";

const depositAbi = parseAbi([
  "function supportsInterface(bytes4) view returns (bool)",
  "function get_deposit_count() view returns (bytes)",
]);
/** ERC-165's number of the deposit contract's interface (consensus-specs, deposit_contract.sol). */
const DEPOSIT_INTERFACE: Hex = "0x85640907";

/** @throws DeploymentError `wrongChain` unless chain id, genesis and deposit contract are the description's. */
export async function requireChain({ client, description }: Site): Promise<void> {
  const chainId = await client.getChainId();
  if (chainId !== description.chainId) {
    throw new DeploymentError(
      "wrongChain",
      `the chain's id is ${chainId}, and ${description.name}'s is ${description.chainId}`,
    );
  }
  const { hash } = await client.getBlock({ blockNumber: 0n });
  if (hash !== description.genesisBlockHash) {
    throw new DeploymentError(
      "wrongChain",
      `the chain begins with block ${hash}, and ${description.name} with ${description.genesisBlockHash}`,
    );
  }
  const deposit = { address: description.beaconDeposit, abi: depositAbi } as const;
  const isDeposit = await Promise.all([
    client.readContract({ ...deposit, functionName: "supportsInterface", args: [DEPOSIT_INTERFACE] }),
    client.readContract({ ...deposit, functionName: "get_deposit_count" }),
  ]).then(
    ([isSupported, count]) => isSupported && count.length === 18,
    (error: unknown) => {
      if (isLineFailure(error)) throw error;
      return false;
    },
  );
  if (!isDeposit) {
    throw new DeploymentError(
      "wrongChain",
      `${description.beaconDeposit} is not a beacon deposit contract on this chain`,
    );
  }
}

/** @throws DeploymentError `wrongChain` when a beacon node knows other constants than the description. */
export function requireBeacon(
  { description }: Pick<Site, "description">,
  spec: Spec,
  genesis: Genesis,
): void {
  const { consensus } = description;
  const forks = (entries: readonly { version: Hex; firstSlot: bigint }[]) =>
    entries.map(({ version, firstSlot }) => `${version} from slot ${firstSlot}`).join(", ");
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["genesis time", genesis.genesisTime, consensus.genesisTime],
    ["genesis validators root", genesis.genesisValidatorsRoot, consensus.genesisValidatorsRoot],
    ["seconds a slot", spec.secondsPerSlot, consensus.secondsPerSlot],
    ["slots an epoch", spec.slotsPerEpoch, consensus.slotsPerEpoch],
    ["shard committee period", spec.shardCommitteePeriod, consensus.shardCommitteePeriod],
    ["epochs of the slashings vector", spec.epochsPerSlashingsVector, consensus.slashingsVector],
    ["deposit contract", spec.depositContractAddress, description.beaconDeposit],
    ["forks", forks(forkEntries(spec)), forks(description.forks)],
  ];
  for (const [what, found, expected] of pairs) {
    if (found === expected) continue;
    throw new DeploymentError(
      "wrongChain",
      `the beacon node's ${what}: ${found}, and ${description.name}'s: ${expected}`,
    );
  }
}
