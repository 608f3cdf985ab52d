import { type BeaconStateBytes, buildValidatorsProof } from "@cairn/beacon";
import { withdrawalsAbi, withdrawalVaultAbi } from "@cairn/protocol";
import type { Context, Job } from "../context.ts";
import type { ProvenKey } from "../protocolIndex.ts";

const GWEI = 10n ** 9n;
/** The most that one validator is asked for in its turn. */
const CHUNK_GWEI = 256n * GWEI;
const MIN_BALANCE_GWEI = 32n * GWEI;
/** Validators in one transaction. */
const BATCH = 16;

/** Asks validators (EIP-7002), in rotation, for what the queue needs beyond what is there or coming. */
export const withdraw: Job = async (context) => {
  const { client, settings, index, sender } = context;
  const withdrawals = { address: settings.addresses.withdrawals, abi: withdrawalsAbi } as const;
  const demand = await client.readContract({ ...withdrawals, functionName: "uncoveredDemand" });
  const members = index.memberKeys();
  if (demand === 0n || members.length === 0) return 0;
  const fee = await affordableFee(context);
  if (fee === undefined) return 0;

  const first = await client.readContract({ ...withdrawals, functionName: "nextInRotation" });
  const { state, timestamp } = await context.states.newest();
  const chosen = choose(members, first, state, demand / GWEI + 1n);
  if (chosen.length === 0) return 0;
  const proof = buildValidatorsProof(
    state,
    timestamp,
    chosen.map((key) => key.index),
    { balances: true },
  );
  const call = {
    job: "withdraw",
    ...withdrawals,
    functionName: "withdraw",
    args: [proof, chosen.map((key) => key.pubkey), settings.maxWithdrawalFee],
    // the fee may rise until the transaction is mined; what is not needed comes back
    value: fee * BigInt(chosen.length) * 2n,
  };
  return (await sender.send(call)) ? 1 : 0;
};

/** The fee of one EIP-7002 request, or nothing when it is above the keeper's own maximum. */
export async function affordableFee({ client, settings, log }: Context): Promise<bigint | undefined> {
  const vault = { address: settings.addresses.withdrawalVault, abi: withdrawalVaultAbi } as const;
  const fee = await client.readContract({ ...vault, functionName: "requestFee" });
  if (fee <= settings.maxWithdrawalFee) return fee;
  log.warn(
    { fee: String(fee), maximum: String(settings.maxWithdrawalFee) },
    "the EIP-7002 fee is too high; waiting",
  );
  return undefined;
}

/** From the rotation's next validator on, up to the end of the list, until the demand may be met. */
function choose(
  members: readonly ProvenKey[],
  first: number,
  state: BeaconStateBytes,
  demandGwei: bigint,
): ProvenKey[] {
  const chosen: ProvenKey[] = [];
  let covered = 0n;
  for (const key of members) {
    if (key.index < first || key.index >= state.validatorCount) continue;
    if (covered >= demandGwei || chosen.length === BATCH) break;
    chosen.push(key);
    const balance = state.balance(key.index);
    const above = balance > MIN_BALANCE_GWEI ? balance - MIN_BALANCE_GWEI : 0n;
    covered += above < CHUNK_GWEI ? above : CHUNK_GWEI;
  }
  return chosen;
}
