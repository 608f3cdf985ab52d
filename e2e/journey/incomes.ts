import { checkpointsAbi, IncomeLedger, stakedEtherAbi } from "@cairn/protocol";
import { type Address, formatEther, parseEventLogs } from "viem";
import type { Stack } from "../stack/stack.ts";
import { personOf } from "../stack/wallets.ts";
import type { Report } from "./report.ts";
import type { TruthRow } from "./truth.ts";

/** A5: every holder's balance as principal and income by source, from events alone, beside what the contracts say. */
export async function showIncomes(stack: Stack, report: Report): Promise<void> {
  report.step("Every holder's income by source, from events alone");
  const { client, addresses: at } = stack;
  const token = { address: at.stakedEther, abi: stakedEtherAbi } as const;
  const ledger = await readLedger(stack);
  const [[shares, ether], indices] = await Promise.all([
    client.readContract({ ...token, functionName: "ledger" }),
    client.readContract({ address: at.checkpoints, abi: checkpointsAbi, functionName: "indices" }),
  ]);
  const { pool } = ledger;
  const rows: TruthRow[] = [
    { what: "pool's shares (10¹⁸)", contracts: shares, truth: pool.poolShares },
    { what: "pool's ether", contracts: ether, truth: pool.poolEther },
    ...(["consensus", "execution", "penalties", "fees"] as const).map((source) => ({
      what: `${source} a share (10⁻¹⁸ wei)`,
      contracts: indices[source],
      truth: ledger.indices[source],
    })),
  ];
  for (const holder of ledger.holders()) {
    const { principal, income } = ledger.holder(holder);
    const balance = await client.readContract({ ...token, functionName: "balanceOf", args: [holder] });
    const sum = income.consensus + income.execution + income.penalties + income.fees;
    const name = nameOf(stack, holder);
    rows.push({ what: `balance of ${name}`, contracts: balance, truth: principal + sum });
    report.note(
      `${name}: ${formatEther(principal)} put in less taken out; ${formatEther(income.consensus)} consensus, ` +
        `${formatEther(income.execution)} execution, ${formatEther(income.penalties)} penalties covered, ${formatEther(income.fees)} fees`,
    );
  }
  await report.truth(stack, rows);
}

async function readLedger({ client, addresses: at }: Stack): Promise<IncomeLedger> {
  const logs = await client.getLogs({
    address: [at.stakedEther, at.checkpoints],
    fromBlock: BigInt(at.deployedAtBlock),
    toBlock: "latest",
  });
  const ledger = new IncomeLedger();
  ledger.apply(parseEventLogs({ abi: [...stakedEtherAbi, ...checkpointsAbi], logs }));
  return ledger;
}

/** A person's or a contract's; the seed stake is nobody's. */
function nameOf({ addresses }: Stack, holder: Address): string {
  const known = Object.entries(addresses).find(([, address]) => address === holder);
  return known?.[0] ?? personOf(holder) ?? "nobody";
}
