import { buildValidatorsProof, FAR_FUTURE_EPOCH } from "@cairn/beacon";
import { validatorManagerAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";

/** Validators in one transaction. */
const BATCH = 16;

/** Shows the contracts which members are exiting, so that they get no more ether and their balances count as coming. */
export const observe: Job = async (context) => {
  const working = context.index.provenIn("member", "toExit");
  if (working.length === 0) return 0;
  const { state, timestamp } = await context.states.newest();
  const leaving = working
    .map((key) => key.index)
    .filter((index) => index < state.validatorCount && state.validator(index).exitEpoch !== FAR_FUTURE_EPOCH)
    .slice(0, BATCH);
  if (leaving.length === 0) return 0;
  const call = {
    job: "observe",
    address: context.settings.addresses.validatorManager,
    abi: validatorManagerAbi,
    functionName: "observe",
    args: [buildValidatorsProof(state, timestamp, leaving, { balances: true })],
  };
  return (await context.sender.send(call)) ? 1 : 0;
};
