import type { AddressBook } from "@cairn/protocol";
import { DeploymentError } from "./deploymentError.ts";
import { FIXED, MODULES } from "./stack/places.ts";
import { beginningOf } from "./stack/records.ts";
import type { Site } from "./stack/site.ts";

/** The address book of a deployment. @throws DeploymentError `notDeployed` before its first contract is there. */
export async function bookOf(site: Site): Promise<AddressBook> {
  const beginning = await beginningOf(site);
  if (!beginning) throw new DeploymentError("notDeployed", "no contract of this deployment is on the chain");
  const { at, stackDeployer, description } = site;
  return {
    chainId: description.chainId,
    stackDeployer,
    ...(Object.fromEntries([...FIXED, ...MODULES].map((name) => [name, at[name]])) as Omit<
      AddressBook,
      "chainId" | "stackDeployer" | "deployedAtBlock"
    >),
    deployedAtBlock: Number(beginning.block),
  };
}
