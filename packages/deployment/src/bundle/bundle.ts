import { proxyAdminBytecode, stackDeployerBytecode } from "@cairn/protocol";
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { DeploymentError } from "../deploymentError.ts";
import { ARTIFACTS } from "../stack/artifacts.ts";
import { MODULES, proxyAdminOf } from "../stack/places.ts";
import { beginningOf } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import { creationsFrom } from "../steps/contractSteps.ts";
import { type BuiltSource, readSource } from "./readSource.ts";

/** What an explorer needs to see that a contract is made of published source. */
export interface Bundle {
  readonly name: string;
  readonly address: Address;
  /** `path:Name` of the source contract. */
  readonly contract: string;
  /** Of solc, with its commit. */
  readonly compiler: string;
  /** Encoded; without 0x, as explorers take them. */
  readonly constructorArguments: string;
  /** Name of its source contract: the key of the standard JSON input among {@link BundleSet.inputs}. */
  readonly source: string;
}

export interface BundleSet {
  readonly bundles: readonly Bundle[];
  /** solc's standard JSON input by source contract: only the sources that it needs. */
  readonly inputs: ReadonlyMap<string, object>;
}

interface Made {
  readonly name: string;
  readonly source: string;
  readonly address: Address;
  readonly bytecode: Hex;
  readonly args: Hex;
}

const oneAddress = (account: Address): Hex => encodeAbiParameters([{ type: "address" }], [account]);

/**
 * Source and arguments of every contract of a deployment, from Foundry's output in `root`.
 *
 * @throws DeploymentError `notDeployed`, or `artifactsStale` when Foundry's output is not of the source as it is, or not
 * what this package deploys.
 */
export async function makeBundles(site: Site, root: string): Promise<BundleSet> {
  const beginning = await beginningOf(site);
  if (!beginning)
    throw new DeploymentError("notDeployed", "nothing is deployed yet: there is no source to show");
  const sources = new Map<string, BuiltSource>();
  const bundles = allMade(site, beginning.time).map(({ name, source, address, bytecode, args }): Bundle => {
    const built = sources.get(source) ?? readSource(root, source, bytecode);
    sources.set(source, built);
    const { contract, compiler } = built;
    return { name, address, contract, compiler, constructorArguments: args.slice(2), source };
  });
  return { bundles, inputs: new Map([...sources].map(([source, { input }]) => [source, input])) };
}

function allMade(site: Site, time: bigint): Made[] {
  const { at, stackDeployer, deployer } = site;
  return [
    {
      name: "stackDeployer",
      source: "StackDeployer",
      address: stackDeployer,
      bytecode: stackDeployerBytecode,
      args: oneAddress(deployer),
    },
    ...creationsFrom(site, time).map(({ name, artifact, args }) => ({
      name,
      source: artifact,
      address: at[name],
      bytecode: ARTIFACTS[artifact].bytecode,
      args,
    })),
    ...MODULES.map((module) => ({
      name: `${module}.proxyAdmin`,
      source: "ProxyAdmin",
      address: proxyAdminOf(at[module]),
      bytecode: proxyAdminBytecode,
      args: oneAddress(at.accessManager),
    })),
  ];
}
