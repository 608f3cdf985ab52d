import { wrappedStakedEtherAbi } from "@cairn/protocol";
import { parseEther } from "viem";
import { ABIS } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import { act, type Session, timeOf, word } from "../session.ts";

function unitsOf(text: string): bigint {
  if (!/^\d+(\.\d{1,18})?$/.test(text)) {
    throw new GovernError("badArguments", `"${text}" is no amount of wcaETH, such as 12.5`);
  }
  return parseEther(text as `${number}`);
}

const votes = (session: Session) => ({ address: session.book.lockedVotes, abi: ABIS.lockedVotes }) as const;

/** Locks wcaETH for votes; allows it to be taken first, if that is missing. */
export async function lock(session: Session): Promise<void> {
  const text = word(session, 1, "lock WCAETH");
  const units = unitsOf(text);
  const { client, book, account } = session;
  const allowed = account
    ? await client.readContract({
        address: book.wrappedStakedEther,
        abi: wrappedStakedEtherAbi,
        functionName: "allowance",
        args: [account.address, book.lockedVotes],
      })
    : units;
  if (allowed < units) {
    const call = { address: book.wrappedStakedEther, abi: wrappedStakedEtherAbi, functionName: "approve" };
    await act(session, { what: `allow ${text} wcaETH`, ...call, args: [book.lockedVotes, units] });
    if (!session.send) return;
  }
  await act(session, { what: `lock ${text} wcaETH`, ...votes(session), functionName: "lock", args: [units] });
}

/** Ends votes; the tokens come back after the unlocking time. */
export async function unlock(session: Session): Promise<void> {
  const text = word(session, 1, "unlock WCAETH");
  const args = [unitsOf(text)];
  await act(session, { what: `unlock ${text} wcaETH`, ...votes(session), functionName: "startUnlock", args });
}

/** Takes back what is unlocked. */
export async function withdraw(session: Session): Promise<void> {
  await act(session, { what: "take back", ...votes(session), functionName: "withdraw", args: [] });
}

/** Goes from the lock straight into the withdrawal queue. */
export async function leave(session: Session): Promise<void> {
  const text = word(session, 1, "leave WCAETH");
  const args = [unitsOf(text)];
  await act(session, { what: `leave with ${text} wcaETH`, ...votes(session), functionName: "leave", args });
}

/** What an account has locked, and its votes. */
export async function showVotes(session: Session, owner: `0x${string}`): Promise<void> {
  const { client } = session;
  const at = { ...votes(session), args: [owner] } as const;
  const [[units, leavesFrom], [unlocking, endsAt], voting] = await Promise.all([
    client.readContract({ ...at, functionName: "lockOf" }),
    client.readContract({ ...at, functionName: "unlockOf" }),
    client.readContract({ ...at, functionName: "getVotes" }),
  ]);
  const eth = (value: bigint) => `${Number(value / 10n ** 12n) / 1e6} wcaETH`;
  session.print(
    `${owner}: ${eth(voting)} of votes, ${eth(units)} locked (can leave from ${timeOf(leavesFrom)})`,
  );
  if (unlocking > 0n) session.print(`  ${eth(unlocking)} unlocking until ${timeOf(endsAt)}`);
}
