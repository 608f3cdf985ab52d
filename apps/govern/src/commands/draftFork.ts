import { createBeaconClient, type Spec, type SpecFork } from "@cairn/beacon";
import { type ForkEntry, forkEntries } from "@cairn/deployment";
import { ABIS } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import type { ProposalFile } from "../proposal.ts";
import { type Session, timeOf, word } from "../session.ts";
import { jsonOf } from "../words.ts";

/** FAR_FUTURE_EPOCH: the fork has no date. */
const UNPLANNED = 2n ** 64n - 1n;

const proofs = (session: Session) =>
  ({ address: session.book.beaconProofs, abi: ABIS.beaconProofs }) as const;

/** Prints the proposal of an entry for a fork that the consensus client schedules. Sends nothing. */
export async function draftFork(session: Session): Promise<void> {
  const name = word(session, 1, "draft-fork NAME").toLowerCase();
  const spec = await readSpec(session);
  const fork = scheduled(spec, name);
  const entry = entryOf(spec, fork);
  await requireNew(session, entry, name);
  await requireInTime(session, entry, name);
  const file: ProposalFile = {
    title: `Fork ${name} at epoch ${fork.epoch}`,
    description: `The entry of ${name} in the table of forks: version ${fork.version}, from slot ${entry.firstSlot} on. It is used once somebody has probed it at a root of that fork; until then all proofs of its slots are refused.`,
    actions: [{ call: "beaconProofs.proposeFork", args: [entry] }],
  };
  session.print(jsonOf(file, 2));
}

async function readSpec({ beaconUrl, book }: Session): Promise<Spec> {
  const spec = await createBeaconClient({ url: beaconUrl })
    .getSpec()
    .catch((cause: unknown) => {
      throw new GovernError("badSettings", `CAIRN_BEACON_URL: ${beaconUrl} gives no spec`, { cause });
    });
  if (spec.depositChainId === BigInt(book.chainId)) return spec;
  throw new GovernError(
    "wrongChain",
    `${beaconUrl} is of chain ${spec.depositChainId}, the addresses are of chain ${book.chainId}`,
  );
}

function scheduled({ forks }: Spec, name: string): SpecFork {
  const fork = forks.find((one) => one.name === name);
  if (!fork) {
    const known = forks.map((one) => one.name).join(", ");
    throw new GovernError(
      "badArguments",
      `the consensus client knows no fork ${name}, only ${known}: update it`,
    );
  }
  if (fork.epoch !== UNPLANNED) return fork;
  throw new GovernError("refused", `the consensus client has no date for ${name}: nothing to propose yet`);
}

function entryOf({ slotsPerEpoch }: Spec, fork: SpecFork): ForkEntry {
  const [entry] = forkEntries({ slotsPerEpoch, forks: [fork] });
  if (entry) return entry;
  throw new GovernError(
    "refused",
    `this program does not know where ${fork.name} keeps what proofs show: update it, and see docs/runbooks/new-fork.md`,
  );
}

/** An entry that has begun cannot be replaced; one that has not can, by another. */
async function requireNew(session: Session, entry: ForkEntry, name: string): Promise<void> {
  const { client } = session;
  const [count, slot] = await Promise.all([
    client.readContract({ ...proofs(session), functionName: "forkCount" }),
    client.readContract({ ...proofs(session), functionName: "currentSlot" }),
  ]);
  for (let at = 0n; at < count; at++) {
    const known = await client.readContract({ ...proofs(session), functionName: "forkEntry", args: [at] });
    const isSame = Object.entries(entry).every(([field, value]) => known[field as keyof ForkEntry] === value);
    if (known.version !== entry.version || (!isSame && known.firstSlot > slot)) continue;
    const usable = await client.readContract({ ...proofs(session), functionName: "forkUsable", args: [at] });
    const state = usable ? "usable" : "not probed yet";
    throw new GovernError("refused", `${name} is in the table already: entry ${at}, ${state}`);
  }
}

/** By the time the proposal can be executed, the first slot must still be far enough away. */
async function requireInTime(session: Session, { firstSlot }: ForkEntry, name: string): Promise<void> {
  const { client, book } = session;
  const governor = { address: book.stakerGovernor, abi: ABIS.stakerGovernor } as const;
  const [{ timestamp }, delay, constants, votingDelay, votingPeriod, timelockDelay] = await Promise.all([
    client.getBlock(),
    client.readContract({ ...proofs(session), functionName: "FORK_DELAY" }),
    client.readContract({ ...proofs(session), functionName: "chainConstants" }),
    client.readContract({ ...governor, functionName: "votingDelay" }),
    client.readContract({ ...governor, functionName: "votingPeriod" }),
    client.readContract({ address: book.timelock, abi: ABIS.timelock, functionName: "getMinDelay" }),
  ]);
  const executed = timestamp + votingDelay + votingPeriod + timelockDelay;
  const begins = constants.genesisTime + firstSlot * constants.secondsPerSlot;
  if (begins >= executed + delay) return;
  throw new GovernError(
    "refused",
    `${name} begins ${timeOf(begins)}, too soon: a proposal made now can be executed ${timeOf(executed)} at the earliest, and an entry must be there ${delay / 3600n} hours before its first slot`,
  );
}
