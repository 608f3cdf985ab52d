import type { Address, Chain, PublicClient, Transport } from "viem";
import type { NetworkDescription } from "../networks/description.ts";
import { type Places, placesOf, stackDeployerOf } from "./places.ts";

/** One deployment: what it is made of, by whom, where, and the chain it is on. */
export interface Site {
  readonly description: NetworkDescription;
  readonly deployer: Address;
  readonly client: PublicClient<Transport, Chain | undefined>;
  readonly stackDeployer: Address;
  readonly at: Places;
}

/** The deployment of `description` by `deployer`: all addresses follow from the account and the release. */
export function siteOf(
  description: NetworkDescription,
  deployer: Address,
  client: PublicClient<Transport, Chain | undefined>,
): Site {
  const stackDeployer = stackDeployerOf(deployer, description.release);
  return {
    description,
    deployer: deployer.toLowerCase() as Address,
    client,
    stackDeployer,
    at: placesOf(stackDeployer),
  };
}
