import type { Site } from "../stack/site.ts";
import { contractSteps } from "./contractSteps.ts";
import { factorySteps } from "./factorySteps.ts";
import { roleSteps } from "./roleSteps.ts";
import type { Step } from "./step.ts";

/** Everything that must be on the chain, in the order in which it is sent. */
export async function stepsOf(site: Site): Promise<Step[]> {
  return [...factorySteps(site), ...(await contractSteps(site)), ...roleSteps(site)];
}
