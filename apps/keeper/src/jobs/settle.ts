import { type BeaconStateBytes, buildValidatorsProof } from "@cairn/beacon";
import { validatorManagerAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import { type PartialRequest, readPartials } from "../records.ts";

const TOLERANCE_GWEI = 10n ** 9n;

/** Ends partial withdrawals that are paid, so that they no longer hide the queue's demand. */
export const settle: Job = async (context) => {
  const { client, settings, index } = context;
  const manager = { address: settings.addresses.validatorManager, abi: validatorManagerAbi } as const;
  if ((await client.readContract({ ...manager, functionName: "openPartialsGwei" })) === 0n) return 0;
  const members = index.keysIn("member");
  const requests = await readPartials(context, members);
  const { state, timestamp } = await context.states.newest();
  const paid = members
    .filter((key, i) => isPaid(state, key.index, requests[i]))
    .map((key) => key.index as number)
    .sort((a, b) => a - b);
  if (paid.length === 0) return 0;
  const proof = buildValidatorsProof(state, timestamp, paid, { balances: true });
  const call = { job: "settle", ...manager, functionName: "settleWithdrawals", args: [proof] };
  return (await context.sender.send(call)) ? 1 : 0;
};

function isPaid(
  state: BeaconStateBytes,
  index: number | undefined,
  request: PartialRequest | undefined,
): boolean {
  if (!request || request.amountGwei === 0n || index === undefined || index >= state.validatorCount)
    return false;
  if (state.slot <= BigInt(request.slot)) return false;
  return state.balance(index) <= request.balanceGwei - request.amountGwei + TOLERANCE_GWEI;
}
