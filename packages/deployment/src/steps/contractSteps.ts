import { stackDeployerAbi } from "@cairn/protocol";
import { encodeFunctionData, keccak256 } from "viem";
import { DeploymentError } from "../deploymentError.ts";
import { type Creation, creationsOf } from "../stack/creations.ts";
import { nameOf } from "../stack/places.ts";
import { beginningOf, recordOf } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import { creationGas } from "./gas.ts";
import type { Step } from "./step.ts";

/** All creations, with the mandate's end counted from `beginning`, Unix seconds. */
export function creationsFrom(site: Site, beginning: bigint): Creation[] {
  const mandateEndsAt = beginning + BigInt(site.description.governance.mandateSeconds);
  return creationsOf({ ...site, mandateEndsAt });
}

/** A step for each contract. */
export async function contractSteps(site: Site): Promise<Step[]> {
  let known: Creation[] | undefined;
  const fresh = async (): Promise<Creation[]> => {
    if (known) return known;
    const beginning = await beginningOf(site);
    // until the first contract is there nobody knows when it will be; its own creation does not depend on that time
    if (!beginning) return creationsFrom(site, (await site.client.getBlock()).timestamp);
    known = creationsFrom(site, beginning.time);
    return known;
  };
  return (await fresh()).map((planned) => {
    const current = async () => (await fresh()).find(({ name }) => name === planned.name) ?? planned;
    return contractStep(site, planned, current);
  });
}

function contractStep(site: Site, planned: Creation, current: () => Promise<Creation>): Step {
  const { name, value } = planned;
  return {
    name,
    what: `${planned.artifact} as ${name}`,
    address: site.at[name],
    gas: creationGas(planned.initCode),
    value,
    isDone: async () => {
      const record = await recordOf(site, name);
      if (!record) return false;
      const { initCode } = await current();
      if (record.initCodeHash === keccak256(initCode)) return true;
      throw new DeploymentError(
        "otherCode",
        `${name} at ${site.at[name]} was created from other code or with other arguments than described (${record.initCodeHash}, not ${keccak256(initCode)}): deploy the same source and description, or take another release name`,
      );
    },
    transaction: async () => ({
      to: site.stackDeployer,
      data: encodeFunctionData({
        abi: stackDeployerAbi,
        functionName: "deploy",
        args: [nameOf(name), (await current()).initCode],
      }),
      value,
    }),
  };
}
