import {
  type CheckpointFacts,
  type FetchedCheckpoint,
  fetchCheckpoint,
  type VerifiedLine,
  verifyCheckpoint,
} from "@cairn/beacon";
import { checkpointsAbi } from "@cairn/protocol";
import { E2eError } from "../stack/e2eError.ts";
import type { Stack } from "../stack/stack.ts";
import type { Report } from "./report.ts";

/** A checkpoint counted anew: what was claimed, and what came out. */
export interface CountedCheckpoint {
  readonly fetched: FetchedCheckpoint;
  readonly lines: readonly VerifiedLine[];
}

/** Counts every closed checkpoint anew from logs and states. @throws E2eError at the first claim that doesn't hold. */
export async function countAllAnew(stack: Stack): Promise<CountedCheckpoint[]> {
  const { client, beacon, addresses, spec } = stack;
  const closed = await client.getContractEvents({
    address: addresses.checkpoints,
    abi: checkpointsAbi,
    eventName: "Rebased",
    fromBlock: BigInt(addresses.deployedAtBlock),
    strict: true,
  });
  const counted: CountedCheckpoint[] = [];
  for (const { args } of closed) {
    const id = args.checkpoint;
    const fetched = await fetchCheckpoint({ client, beacon, preset: spec.preset, addresses, id });
    const { lines } = verifyCheckpoint(fetched.facts, fetched.state);
    const wrong = lines.find(({ equal }) => !equal);
    if (wrong) {
      throw new E2eError(`checkpoint ${id}: ${wrong.name} is ${wrong.found}, claimed was ${wrong.claimed}`);
    }
    counted.push({ fetched, lines });
  }
  return counted;
}

/** Names of the lines that find out a changed claim. */
export function linesAgainst(
  { fetched }: CountedCheckpoint,
  change: (facts: CheckpointFacts) => CheckpointFacts,
): string[] {
  const { lines } = verifyCheckpoint(change(fetched.facts), fetched.state);
  return lines.filter(({ equal }) => !equal).map(({ name }) => name);
}

/** Every checkpoint of the journey, counted anew; and a claim that is not true is found out. */
export async function showCountedAnew(stack: Stack, report: Report): Promise<void> {
  report.step("Anybody counts every checkpoint anew, from logs and the states' own bytes");
  const counted = await countAllAnew(stack);
  for (const { fetched, lines } of counted) {
    report.note(`checkpoint ${fetched.facts.snapshot.id}: ${lines.length} statements, all true`);
  }
  const last = counted.at(-1);
  if (!last) throw new E2eError("no checkpoint was closed: nothing is counted anew");
  const against = linesAgainst(last, (facts) => ({
    ...facts,
    walk: { ...facts.walk, provenGwei: facts.walk.provenGwei + 1n },
  }));
  if (against.join() !== "balancesGwei") throw new E2eError(`one gwei too much was found by: ${against}`);
  report.note("with one gwei more claimed, balancesGwei is found untrue");
}
