import { type BeaconStateBytes, buildValidatorsProof, FAR_FUTURE_EPOCH } from "@cairn/beacon";
import { withdrawalsAbi } from "@cairn/protocol";
import type { Job } from "../context.ts";
import type { ProvenKey } from "../protocolIndex.ts";
import { type PartialRequest, readPartials, readRecords, type ValidatorRecord } from "../records.ts";

const GWEI = 10n ** 9n;

/** Ends partial withdrawals as far as they are seen paid, so that they no longer hide the queue's demand. */
export const settle: Job = async (context) => {
  const { client, settings, index } = context;
  const withdrawals = { address: settings.addresses.withdrawals, abi: withdrawalsAbi } as const;
  if ((await client.readContract({ ...withdrawals, functionName: "openPartialsGwei" })) === 0n) return 0;
  const members = index.memberKeys();
  const [requests, records] = await Promise.all([
    readPartials(context, members),
    readRecords(context, members),
  ]);
  const { state, timestamp } = await context.states.newest();
  const done = members
    .filter((key, i) => isWorthSettling(state, key, requests[i], records[i], timestamp))
    .map((key) => key.index);
  if (done.length === 0) return 0;
  const proof = buildValidatorsProof(state, timestamp, done, { balances: true });
  const call = { job: "settle", ...withdrawals, functionName: "settleWithdrawals", args: [proof] };
  return (await context.sender.send(call)) ? 1 : 0;
};

/** Paid whole, or by at least 1 ETH more, or never to be paid: the validator is leaving, or the time is over. */
function isWorthSettling(
  state: BeaconStateBytes,
  { index }: ProvenKey,
  request: PartialRequest | undefined,
  record: ValidatorRecord | undefined,
  now: bigint,
): boolean {
  if (!request || !record || request.amountGwei === 0n || index >= state.validatorCount) return false;
  if (state.slot <= BigInt(request.slot)) return false;
  const { slashed, exitEpoch } = state.validator(index);
  if (slashed || exitEpoch !== FAR_FUTURE_EPOCH || now >= BigInt(request.expiresAt)) return true;
  const present = state.balance(index) + record.inFlightGwei;
  const unpaid = present > request.dueGwei ? present - request.dueGwei : 0n;
  const half = request.amountGwei / 2n;
  return unpaid <= (half < GWEI ? half : GWEI) || unpaid + GWEI <= request.amountGwei;
}
