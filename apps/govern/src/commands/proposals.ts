import { type Hex, keccak256, stringToHex } from "viem";
import { ABIS } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import { encodeProposal, type Proposal, proposalIdOf, readProposal } from "../proposal.ts";
import { act, type Session, timeOf, word } from "../session.ts";
import { actionLines } from "../words.ts";

/** States of OpenZeppelin's IGovernor, in its order. */
const STATES = [
  "pending",
  "active",
  "canceled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;

const governor = (session: Session) =>
  ({ address: session.book.stakerGovernor, abi: ABIS.stakerGovernor }) as const;

interface KnownProposal extends Proposal {
  readonly id: bigint;
}

/** All proposals ever made, from the governor's log. */
async function allProposals({ client, book }: Session): Promise<KnownProposal[]> {
  const head = await client.getBlockNumber();
  const found: KnownProposal[] = [];
  for (let from = BigInt(book.deployedAtBlock); from <= head; from += 2000n) {
    const to = from + 1999n < head ? from + 1999n : head;
    const logs = await client.getContractEvents({
      address: book.stakerGovernor,
      abi: ABIS.stakerGovernor,
      eventName: "ProposalCreated",
      fromBlock: from,
      toBlock: to,
      strict: true,
    });
    for (const { args } of logs) {
      const { proposalId, targets, values, calldatas, description } = args;
      found.push({ id: proposalId, targets, values, calldatas, description });
    }
  }
  return found;
}

/** A proposal by its number (of one that was made) or its file. */
export async function findProposal(session: Session, text: string): Promise<KnownProposal> {
  if (/^\d+$/.test(text)) {
    const known = (await allProposals(session)).find((one) => one.id === BigInt(text));
    if (!known) throw new GovernError("unknownProposal", `no proposal ${text} was made here`);
    return known;
  }
  const proposal = await encodeProposal(session.client, session.book, readProposal(text));
  return { ...proposal, id: proposalIdOf(proposal) };
}

/** The proposal that the command names, told in full before anything is sent. */
async function toldProposal(session: Session, usage: string): Promise<KnownProposal> {
  const proposal = await findProposal(session, word(session, 1, usage));
  session.print(`proposal ${proposal.id}: ${proposal.description.split("\n")[0]}`);
  for (const line of actionLines(session.book, proposal)) session.print(line);
  return proposal;
}

const contentOf = ({ targets, values, calldatas }: Proposal) => [targets, values, calldatas] as const;
const hashOf = (proposal: Proposal): Hex => keccak256(stringToHex(proposal.description));

export async function propose(session: Session): Promise<void> {
  const proposal = await toldProposal(session, "propose FILE");
  const args = [...contentOf(proposal), proposal.description];
  await act(session, { what: "propose", ...governor(session), functionName: "propose", args });
}

const SUPPORT: Readonly<Record<string, number>> = { against: 0, for: 1, abstain: 2 };

export async function vote(session: Session): Promise<void> {
  const usage = "vote FILE|NUMBER for|against|abstain [REASON]";
  const { id } = await toldProposal(session, usage);
  const support = SUPPORT[word(session, 2, usage)];
  if (support === undefined) throw new GovernError("badArguments", `usage: npm run govern -- ${usage}`);
  const args = [id, support, session.words[3] ?? ""];
  await act(session, { what: "vote", ...governor(session), functionName: "castVoteWithReason", args });
}

export async function queue(session: Session): Promise<void> {
  const proposal = await toldProposal(session, "queue FILE|NUMBER");
  const args = [...contentOf(proposal), hashOf(proposal)];
  await act(session, { what: "queue", ...governor(session), functionName: "queue", args });
}

export async function mark(session: Session): Promise<void> {
  const { id } = await toldProposal(session, "mark FILE|NUMBER");
  await act(session, { what: "mark", ...governor(session), functionName: "markQueue", args: [id] });
}

export async function execute(session: Session): Promise<void> {
  const proposal = await toldProposal(session, "execute FILE|NUMBER");
  const args = [...contentOf(proposal), hashOf(proposal)];
  await act(session, { what: "execute", ...governor(session), functionName: "execute", args });
}

export async function veto(session: Session): Promise<void> {
  const usage = "veto FILE|NUMBER REASON";
  const proposal = await toldProposal(session, usage);
  const args = [...contentOf(proposal), hashOf(proposal), word(session, 2, usage)];
  await act(session, { what: "veto", ...governor(session), functionName: "veto", args });
}

/** One line a proposal, and what it waits for. */
export async function showProposals(session: Session): Promise<void> {
  const { client, print } = session;
  const proposals = await allProposals(session);
  if (proposals.length === 0) print("no proposals were made");
  for (const { id, description } of proposals) {
    const at = { ...governor(session), args: [id] } as const;
    const [state, notice, tally, eta, deadline] = await Promise.all([
      client.readContract({ ...at, functionName: "state" }),
      client.readContract({ ...at, functionName: "notice" }),
      client.readContract({ ...at, functionName: "proposalVotes" }),
      client.readContract({ ...at, functionName: "proposalEta" }),
      client.readContract({ ...at, functionName: "proposalDeadline" }),
    ]);
    const [against, for_, abstain] = tally.map((votes) => Number(votes / 10n ** 12n) / 1e6);
    print(`${STATES[state] ?? state}: ${description.split("\n")[0]} (${id})`);
    print(`  for ${for_}, against ${against}, abstaining ${abstain} wcaETH`);
    if (STATES[state] === "active") print(`  votes until ${timeOf(deadline)}`);
    if (STATES[state] !== "queued") continue;
    print(`  not before ${timeOf(notice.isExempt ? eta : notice.endsAt)}`);
    if (notice.isExempt) print("  exempt: waits for nobody's leaving");
    else if (notice.isMarked) {
      const ahead = await client.readContract({
        ...governor(session),
        functionName: "sharesAhead",
        args: [id],
      });
      print(`  ${Number(ahead / 10n ** 21n) / 1e6} wcaETH of requests must be finalized first`);
    } else print("  the queue is not marked yet");
  }
}
