import { ABIS } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import { act, type Session, timeOf, word } from "../session.ts";

/** Zone of IBraked, in its order. */
const ZONES = ["deposit", "validators", "accounting"] as const;

const brake = (session: Session) =>
  ({ address: session.book.emergencyBrake, abi: ABIS.emergencyBrake }) as const;

function zoneOf(text: string): number {
  const zone = (ZONES as readonly string[]).indexOf(text);
  if (zone < 0) throw new GovernError("badArguments", `"${text}" is no zone; there are ${ZONES.join(", ")}`);
  return zone;
}

/** A guardian stops a zone. */
export async function pull(session: Session): Promise<void> {
  const usage = "pull ZONE DAYS REASON";
  const [zone, days, reason] = [word(session, 1, usage), word(session, 2, usage), word(session, 3, usage)];
  const seconds = Math.round(Number(days) * 86_400);
  if (!Number.isFinite(seconds)) throw new GovernError("badArguments", `"${days}" is no number of days`);
  const args = [zoneOf(zone), seconds, reason];
  await act(session, {
    what: `stop ${zone} for ${days} days`,
    ...brake(session),
    functionName: "pull",
    args,
  });
}

/** Lets a zone go on before its time. */
export async function release(session: Session): Promise<void> {
  const zone = word(session, 1, "release ZONE");
  const args = [zoneOf(zone)];
  await act(session, { what: `release ${zone}`, ...brake(session), functionName: "release", args });
}

/** Each zone, and until when the guardians may act. */
export async function showBrake(session: Session): Promise<void> {
  const { client, book, print } = session;
  const now = Number((await client.getBlock()).timestamp);
  for (const [zone, name] of ZONES.entries()) {
    const [until, armed] = await Promise.all([
      client.readContract({
        address: book.stakedEther,
        abi: ABIS.stakedEther,
        functionName: "brakedUntil",
        args: [zone],
      }),
      client.readContract({ ...brake(session), functionName: "isArmed", args: [zone] }),
    ]);
    const state = until > now ? `stopped until ${timeOf(until)}` : "goes on";
    print(`${name}: ${state}; its brake ${armed ? "can be pulled" : "was used and waits to be rearmed"}`);
  }
  const mandate = await client.readContract({ ...brake(session), functionName: "mandateEndsAt" });
  print(`the guardians' mandate ${mandate > now ? "ends" : "ended"} ${timeOf(mandate)}`);
}
