import { nextInFlightProof } from "@cairn/beacon";
import { depositsInFlightAbi } from "@cairn/protocol";
import type { Context } from "./context.ts";
import type { InFlightBook } from "./inFlightBook.ts";
import type { Snapshot } from "./snapshot.ts";

/** What to show: all that a close needs, or only what would wrongly count as landed. */
type Extent = "all" | "watched";

/** What was sent, and whether nothing is left to show. */
interface Shown {
  readonly sent: number;
  readonly isDone: boolean;
}

/**
 * Shows where the pool's deposits stand at a checkpoint's state, which must be proven, call by call until nothing is left.
 * What others showed counts too. Whatever is wrongly passed as absent meanwhile is left to the next cycle.
 *
 * @param job On whose account.
 */
export async function showInFlight(
  context: Context,
  job: string,
  snapshot: Snapshot,
  extent: Extent,
): Promise<Shown> {
  const { index, states, sender } = context;
  for (let sent = 0, scan = null; ; sent++) {
    const book = await index.bookAtHead();
    const facts = await readFacts(context, snapshot.id, book, extent);
    const watched = await readWatched(context, snapshot.id, book);
    const isIdle = facts.isComplete && watched.every(({ number }) => facts.shown.has(number));
    // a state may have hundreds of megabytes: it is fetched only if there may be something to show
    if (isIdle) return { sent, isDone: true };
    const state = await states.atRoot(snapshot.beaconRoot);
    const deposits = extent === "all" ? book.between(facts.walkedTo, snapshot.lastDeposit) : [];
    const step = nextInFlightProof({ state, deposits, watched, facts, scan });
    if (step === null) return { sent, isDone: true };
    const call = { job, ...contractOf(context), functionName: "prove", args: [step.proof] };
    if (!(await sender.send(call))) return { sent, isDone: false };
    // a dry run has changed nothing: the next step would be the same
    if (sender.dryRun) return { sent: sent + 1, isDone: false };
    scan = step.scan;
  }
}

/** Unix time until which a close is refused because something counts as landed for not being shown; 0 if it isn't. */
export async function disputableUntil({ client, ...context }: Context): Promise<bigint> {
  const contract = contractOf(context);
  const [facts, shortGwei, delay] = await Promise.all([
    client.readContract({ ...contract, functionName: "facts" }),
    client.readContract({ ...contract, functionName: "shortGwei" }),
    client.readContract({ ...contract, functionName: "DISPUTE_DELAY" }),
  ]);
  const isAllShown = facts.shownGwei === shortGwei + facts.passedGwei;
  return isAllShown ? 0n : BigInt(facts.absentSince) + delay;
}

function contractOf({ settings }: Pick<Context, "settings">) {
  return { address: settings.addresses.depositsInFlight, abi: depositsInFlightAbi } as const;
}

/**
 * Those that count as landed at this checkpoint unless somebody shows them. Not each deposit that was shown is on the short
 * list: anybody may show a look-alike of one that has landed, and showing it once more would be refused.
 */
async function readWatched({ client, ...context }: Context, checkpoint: bigint, book: InFlightBook) {
  const contract = contractOf(context);
  const maybeShort = book.maybeShort();
  const isShort = await Promise.all(
    maybeShort.map(({ number }) =>
      client.readContract({ ...contract, functionName: "isShort", args: [number] }),
    ),
  );
  return [...maybeShort.filter((_, i) => isShort[i]), ...book.passed(checkpoint)];
}

async function readFacts(context: Context, checkpoint: bigint, book: InFlightBook, extent: Extent) {
  const facts = await context.client.readContract({ ...contractOf(context), functionName: "facts" });
  const isBegun = facts.checkpoint === checkpoint;
  return {
    newest: isBegun ? facts.newest : 0,
    walkedTo: isBegun ? facts.walkedTo : book.landed,
    // who only watches leaves the walk to others
    isComplete: extent === "watched" || (isBegun && facts.isComplete),
    shown: book.shownAt(checkpoint),
  };
}
