import { requireChain } from "../requireChain.ts";
import { FIRST } from "../stack/places.ts";
import { beginningOf, hasCode } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import { creationsFrom } from "../steps/contractSteps.ts";
import type { Difference } from "./difference.ts";
import { readHistory } from "./history.ts";
import { type Inspection, orUnreadable } from "./inspection.ts";
import { verifyContracts } from "./verifyContracts.ts";
import { verifyDeeds } from "./verifyDeeds.ts";
import { verifyParameters } from "./verifyParameters.ts";
import { verifyPending } from "./verifyPending.ts";
import { verifyProxies } from "./verifyProxies.ts";
import { verifyRoles } from "./verifyRoles.ts";
import { verifyTimelock } from "./verifyTimelock.ts";

/**
 * Compares everything on the chain with the description.
 *
 * @returns Each difference in words; none when all is as described.
 * @throws DeploymentError `wrongChain`
 */
export async function verify(site: Site, options: { whileDeploying?: boolean } = {}): Promise<Difference[]> {
  await requireChain(site);
  if (!(await hasCode(site, site.stackDeployer)))
    return [`there is no StackDeployer of ${site.deployer} at ${site.stackDeployer}`];
  const beginning = await beginningOf(site);
  if (!beginning) return [`${FIRST} is not deployed`];
  const creations = creationsFrom(site, beginning.time);
  const bare: Inspection = {
    site,
    beginning,
    creations,
    history: [],
    whileDeploying: options.whileDeploying ?? false,
  };
  const contracts = await verifyContracts(bare);
  // what is missing cannot be read
  if (contracts.some((text) => text.endsWith("is not deployed"))) return contracts;
  const inspection = { ...bare, history: await readHistory(site, beginning) };
  return [
    ...contracts,
    ...(await verifyProxies(inspection)),
    ...(await orUnreadable("accessManager", verifyRoles(inspection))),
    ...(await orUnreadable("timelock and governor", verifyTimelock(inspection))),
    ...(await verifyParameters(inspection)),
    ...verifyDeeds(inspection),
    ...(await orUnreadable("what waits in the timelock and the governor", verifyPending(inspection))),
  ];
}
