import { type BeaconStateBytes, buildValidatorsProof } from "@cairn/beacon";
import { validatorManagerAbi, withdrawalVaultAbi } from "@cairn/protocol";
import type { Hex } from "viem";
import type { Context, Job } from "../context.ts";
import type { KeyInfo } from "../protocolIndex.ts";
import { readPartials, readRecords } from "../records.ts";

const GWEI = 10n ** 9n;
const MIN_BALANCE_GWEI = 32n * GWEI;
const MIN_PARTIAL_GWEI = GWEI;
const CHUNK_GWEI = 256n * GWEI;
/** Requests in one transaction. */
const BATCH = 16;

/** Asks validators (EIP-7002) for what the queue needs beyond own ether, the fullest first. */
export const withdraw: Job = async (context) => {
  const { client, settings, index, sender } = context;
  const manager = { address: settings.addresses.validatorManager, abi: validatorManagerAbi } as const;
  const demand = await client.readContract({ ...manager, functionName: "uncoveredDemand" });
  const members = index.keysIn("member");
  if (demand === 0n || members.length === 0) return 0;
  const vault = { address: settings.addresses.withdrawalVault, abi: withdrawalVaultAbi } as const;
  const fee = await client.readContract({ ...vault, functionName: "requestFee" });
  if (fee > settings.maxWithdrawalFee) {
    context.log.warn(
      { fee: String(fee), maximum: String(settings.maxWithdrawalFee) },
      "the EIP-7002 fee is too high",
    );
    return 0;
  }
  const { state, timestamp } = await context.states.newest();
  const chosen = choose(await askable(context, members, state), state, demand / GWEI + 1n);
  if (chosen.length === 0) return 0;
  const indices = chosen.map((key) => key.index as number);
  const proof = buildValidatorsProof(state, timestamp, indices, { balances: true });
  const call = {
    job: "withdraw",
    ...manager,
    functionName: "withdraw",
    args: [proof, chosen.map((key): Hex => key.pubkey), settings.maxWithdrawalFee],
    // the fee may rise until the transaction is mined; what is not needed comes back
    value: fee * BigInt(chosen.length) * 2n,
  };
  return (await sender.send(call)) ? 1 : 0;
};

/** Members that the consensus layer would pay from now and that have no open request. */
async function askable(
  context: Context,
  members: readonly KeyInfo[],
  state: BeaconStateBytes,
): Promise<KeyInfo[]> {
  const { spec } = context;
  const epoch = state.slot / spec.slotsPerEpoch;
  const able = members.filter(({ index }) => {
    if (index === undefined || index >= state.validatorCount) return false;
    const v = state.validator(index);
    const waited = v.activationEpoch <= epoch && v.activationEpoch + spec.shardCommitteePeriod <= epoch;
    const full = v.effectiveBalance >= MIN_BALANCE_GWEI && above(state, index) >= MIN_PARTIAL_GWEI;
    return waited && full && !v.slashed && v.exitEpoch === 2n ** 64n - 1n;
  });
  const [records, requests, block] = await Promise.all([
    readRecords(context, able),
    readPartials(context, able),
    context.client.getBlock(),
  ]);
  return able.filter((_, i) => {
    const request = requests[i];
    const open = request && request.amountGwei > 0n && block.timestamp < BigInt(request.expiresAt);
    return records[i]?.exiting === false && !open;
  });
}

/** The fullest first until the demand is met; in ascending order of their index, as proofs want them. */
function choose(keys: readonly KeyInfo[], state: BeaconStateBytes, demandGwei: bigint): KeyInfo[] {
  const byFullness = [...keys].sort((a, b) =>
    Number(above(state, b.index ?? 0) - above(state, a.index ?? 0)),
  );
  const chosen: KeyInfo[] = [];
  let covered = 0n;
  for (const key of byFullness.slice(0, BATCH)) {
    if (covered >= demandGwei) break;
    const size = above(state, key.index ?? 0);
    covered += size < CHUNK_GWEI ? size : CHUNK_GWEI;
    chosen.push(key);
  }
  return chosen.sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
}

function above(state: BeaconStateBytes, index: number): bigint {
  const balance = state.balance(index);
  return balance > MIN_BALANCE_GWEI ? balance - MIN_BALANCE_GWEI : 0n;
}
