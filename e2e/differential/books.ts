import { checkpointsAbi, IncomeLedger, stakedEtherAbi } from "@cairn/protocol";
import { parseEventLogs } from "viem";
import { requireEqual } from "./requireEqual.ts";
import type { World } from "./world.ts";

/** A1's other half: the pool is what came in, less what went out, and what closes recognized. From events alone. */
export async function requireBooks(world: World): Promise<void> {
  const logs = await tokenLogs(world);
  let expected = 0n;
  for (const log of logs) {
    if (log.eventName === "Submitted") expected += log.args.amount;
    // the operator's own ether, already on its validator
    if (log.eventName === "ValidatorFunded" && log.args.bondShares > 0n) expected += 10n ** 18n;
    if (log.eventName === "SharesFinalized") expected -= log.args.amount;
    if (log.eventName === "InstantlyExited") expected -= log.args.amount;
    if (log.eventName === "RebaseApplied") expected += log.args.etherAfter - log.args.etherBefore;
  }
  requireEqual("the pool's ether", await world.poolEther(), expected);
}

/** A5 and L1: every holder's balance is what moved in and what it earned by source, and all shares are somebody's. */
export async function requireIncome(world: World): Promise<void> {
  const { client, addresses } = world.stack;
  const raw = await client.getLogs({
    address: [addresses.stakedEther, addresses.checkpoints],
    fromBlock: 0n,
  });
  const ledger = new IncomeLedger();
  const events = parseEventLogs({ abi: [...stakedEtherAbi, ...checkpointsAbi], logs: raw });
  ledger.apply(events as never);
  let shares = 0n;
  for (const holder of ledger.holders()) {
    const { balance, principal, income, ...rest } = ledger.holder(holder);
    const onChain = await client.readContract({
      ...world.at.token,
      functionName: "balanceOf",
      args: [holder],
    });
    requireEqual(`balance of ${holder}`, onChain, balance);
    const earned = income.consensus + income.execution + income.penalties + income.fees;
    requireEqual(`A5 for ${holder}`, principal + earned, balance);
    shares += rest.shares;
  }
  const total = await client.readContract({ ...world.at.token, functionName: "getTotalShares" });
  requireEqual("L1", shares, total);
}

async function tokenLogs(world: World) {
  const logs = await world.stack.client.getLogs({
    address: world.stack.addresses.stakedEther,
    fromBlock: 0n,
  });
  return parseEventLogs({ abi: stakedEtherAbi, logs });
}
