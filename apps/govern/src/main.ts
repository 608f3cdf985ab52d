/** Governance from the command line: votes, proposals, the brake, and what a proposal would do. */
import { pull, release, showBrake } from "./commands/brake.ts";
import { draftFork } from "./commands/draftFork.ts";
import { keys, show, showPool } from "./commands/facts.ts";
import { execute, mark, propose, queue, showProposals, veto, vote } from "./commands/proposals.ts";
import { rehearse } from "./commands/rehearse.ts";
import { leave, lock, showVotes, unlock, withdraw } from "./commands/votes.ts";
import { GovernError } from "./governError.ts";
import { openSession, type Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import { plain } from "./words.ts";

const USAGE = `npm run govern -- VERB … [--send]      nothing is sent without --send
  status                               pool, safeguard, zones, mandate, proposals, your votes
  show CONTRACT.VIEW [ARGUMENTS]       what a contract says, as JSON
  keys OPERATOR                        an operator's keys, and where each stands
  lock | unlock | leave WCAETH         votes for wcaETH; leave goes straight into the withdrawal queue
  withdraw                             takes back what is unlocked
  draft-fork NAME                      a proposal for a coming fork of the consensus layer, as a file's JSON
  rehearse FILE|NUMBER                 what a proposal would change, on a copy of the chain
  propose FILE                         puts a proposal to the vote
  vote FILE|NUMBER for|against|abstain [REASON]
  queue | mark | execute FILE|NUMBER   the steps after a vote that was won
  veto FILE|NUMBER REASON              guardians: stops a queued proposal, once
  pull ZONE DAYS REASON                guardians: stops deposit, validators or accounting
  release ZONE                         guardians: lets it go on before its time
settings: CAIRN_RPC_URL, CAIRN_BEACON_URL, CAIRN_ADDRESSES, CAIRN_GOVERN_KEY`;

async function status(session: Session): Promise<void> {
  await showPool(session);
  await showBrake(session);
  await showProposals(session);
  if (session.account) await showVotes(session, session.account.address);
}

const VERBS: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  status,
  show,
  keys,
  lock,
  unlock,
  leave,
  withdraw,
  "draft-fork": draftFork,
  rehearse,
  propose,
  vote,
  queue,
  mark,
  execute,
  veto,
  pull,
  release,
};

async function main(args: readonly string[]): Promise<void> {
  const verb = args.find((arg) => !arg.startsWith("--"));
  const run = verb === undefined ? undefined : VERBS[verb];
  if (!run) throw new GovernError("badArguments", verb ? `there is no verb ${verb}\n${USAGE}` : USAGE);
  const session = await openSession(readSettings(process.env, args), (line) => console.log(plain(line)));
  await run(session);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`govern: ${plain(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
