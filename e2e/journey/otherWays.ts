import { stakedEtherAbi, wrappedStakedEtherAbi } from "@cairn/protocol";
import { formatEther, parseEther } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Lockstep } from "../stack/lockstep.ts";
import { send } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { accountOf, type Person } from "../stack/wallets.ts";
import type { Report } from "./report.ts";

const PERSON: Person = "bob";
const WRAPPED = parseEther("10");
const EXIT = parseEther("0.1");

/** caETH into wcaETH and back: not a share is lost, and no total moves. */
export async function wrapAndUnwrap(stack: Stack, step: Lockstep, report: Report): Promise<void> {
  report.step(`${PERSON} wraps ${formatEther(WRAPPED)} caETH and unwraps it again`);
  const { client, addresses } = stack;
  const token = { address: addresses.stakedEther, abi: stakedEtherAbi } as const;
  const wrapper = { address: addresses.wrappedStakedEther, abi: wrappedStakedEtherAbi } as const;
  const me = accountOf(PERSON).address;
  const shares = () => client.readContract({ ...token, functionName: "sharesOf", args: [me] });
  const before = await shares();
  await step.after(() =>
    send(stack, PERSON, { ...token, functionName: "approve", args: [wrapper.address, WRAPPED] }),
  );
  const wrapped = await step.after(() =>
    send(stack, PERSON, { ...wrapper, functionName: "wrap", args: [WRAPPED] }),
  );
  const units = await client.readContract({ ...wrapper, functionName: "balanceOf", args: [me] });
  report.at(stack, wrapped, `${formatEther(units)} wcaETH`);
  const unwrapped = await step.after(() =>
    send(stack, PERSON, { ...wrapper, functionName: "unwrap", args: [units] }),
  );
  report.at(stack, unwrapped, "and back");
  const rest = await client.readContract({ ...wrapper, functionName: "totalSupply" });
  await report.truth(stack, [
    { what: "shares of bob (10¹⁸)", contracts: await shares(), truth: before },
    { what: "wcaETH left", contracts: rest, truth: 0n },
  ]);
}

/** Out at once for a fee: what the quote promised is what arrives, and the fee stays with the pool. */
export async function leaveAtOnce(stack: Stack, step: Lockstep, report: Report): Promise<void> {
  report.step(`${PERSON} leaves with ${formatEther(EXIT)} caETH at once, for a fee`);
  const { client, addresses } = stack;
  const token = { address: addresses.stakedEther, abi: stakedEtherAbi } as const;
  const me = accountOf(PERSON).address;
  const quoteNow = () => client.readContract({ ...token, functionName: "quoteInstantExit", args: [EXIT] });
  // the limit grows with the pool: it was made for the seed alone
  await step.advanceUntil(async () => (await quoteNow()).refusal === 0, 200);
  const quote = await quoteNow();
  const before = await client.getBalance({ address: me });
  const receipt = await step.after(() =>
    send(stack, PERSON, { ...token, functionName: "instantExit", args: [EXIT, quote.etherOut, me] }),
  );
  const paid = (await client.getBalance({ address: me })) - before;
  report.at(stack, receipt, `a fee of ${formatEther(quote.fee)} ETH stays with the pool`);
  if (quote.fee === 0n) throw new E2eError("an instant exit without a fee");
  await report.truth(stack, [
    {
      what: "paid to bob",
      contracts: quote.etherOut,
      truth: paid + receipt.gasUsed * receipt.effectiveGasPrice,
    },
  ]);
}
