import type { z } from "zod";
import type { Devnet } from "../chain/devnet.ts";
import { type FaultName, faultBodies } from "./bodies.ts";

type Appliers = {
  [Name in FaultName]: (chain: Devnet, body: z.output<(typeof faultBodies)[Name]>) => void | Promise<void>;
};

const APPLIERS: Appliers = {
  "set-offline": ({ faults }, { indices, offline }) => faults.setOffline(indices, offline),
  "start-inactivity-leak": ({ faults }) => faults.startInactivityLeak(),
  "end-inactivity-leak": ({ faults }) => faults.endInactivityLeak(),
  "slash-proposer": ({ faults }, { index }) => faults.slashProposer(index),
  "slash-attester": ({ faults }, { index }) => faults.slashAttester(index),
  "miss-slots": ({ faults }, { count }) => faults.missSlots(count),
  "fill-deposit-queue": ({ faults }, { count }) => faults.fillDepositQueue(count),
  "pay-execution-reward": ({ faults }, { wei, feeRecipient }) => faults.payExecutionReward(wei, feeRecipient),
  "set-fee-recipient": (chain, { validator, address }) => chain.setFeeRecipient(validator, address),
};

export const isFaultName = (name: string): name is FaultName => Object.hasOwn(faultBodies, name);

/** @throws ZodError for a wrong body, DevnetError `invalid-fault` for an impossible fault */
export async function applyFault<Name extends FaultName>(
  chain: Devnet,
  name: Name,
  body: unknown,
): Promise<void> {
  const parsed = faultBodies[name].parse(body ?? {}) as z.output<(typeof faultBodies)[Name]>;
  await APPLIERS[name](chain, parsed);
}
