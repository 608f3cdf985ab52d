import type { Address } from "viem";
import { requireChain } from "./requireChain.ts";
import type { Site } from "./stack/site.ts";
import type { Step } from "./steps/step.ts";
import { stepsOf } from "./steps/stepsOf.ts";

/** One step of a plan, as the chain is now. */
export interface PlannedStep {
  readonly name: string;
  readonly what: string;
  readonly address?: Address | undefined;
  readonly gas: bigint;
  /** Wei. */
  readonly value: bigint;
  readonly isDone: boolean;
}

export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** Wei a gas, now. */
  readonly gasPrice: bigint;
  /** Gas and wei of what is still missing. */
  readonly gasLeft: bigint;
  readonly costLeft: bigint;
  /** Wei that the deployer has. */
  readonly balance: bigint;
}

/**
 * Everything that would be sent, in order. Nothing is.
 *
 * @throws DeploymentError `wrongChain`, or `otherCode` when something else is deployed in a place.
 */
export async function makePlan(site: Site): Promise<Plan> {
  await requireChain(site);
  const steps: PlannedStep[] = [];
  for (const step of await stepsOf(site)) steps.push(await looked(step));
  const gasPrice = await site.client.getGasPrice();
  const missing = steps.filter(({ isDone }) => !isDone);
  const gasLeft = missing.reduce((sum, { gas }) => sum + gas, 0n);
  return {
    steps,
    gasPrice,
    gasLeft,
    costLeft: missing.reduce((sum, { value }) => sum + value, gasLeft * gasPrice),
    balance: await site.client.getBalance({ address: site.deployer }),
  };
}

async function looked({ name, what, address, gas, value, isDone }: Step): Promise<PlannedStep> {
  return { name, what, address, gas, value, isDone: await isDone() };
}
