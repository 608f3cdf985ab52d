import { GovernError } from "../governError.ts";
import { rehearse as onCopy } from "../rehearsal/rehearse.ts";
import { type Session, word } from "../session.ts";
import { findProposal } from "./proposals.ts";

/** Says what a proposal would do, before anybody votes. Sends nothing. */
export async function rehearse(session: Session): Promise<void> {
  const { client, book, print, rpcUrl } = session;
  const proposal = await findProposal(session, word(session, 1, "rehearse FILE|NUMBER"));
  print(`${proposal.description.split("\n")[0]} (${proposal.id}), on a copy of the newest state`);
  const rehearsal = await onCopy(rpcUrl, client, book, proposal);
  const section = (title: string, lines: readonly string[]) => {
    print(`${title}:${lines.length === 0 ? " none" : ""}`);
    for (const line of lines) print(`  ${line}`);
  };
  section("actions", rehearsal.actions);
  section("roles that change", rehearsal.roles);
  section("parameters, ether and shares that change", rehearsal.parameters);
  section("slots that change", rehearsal.slots);
  if (rehearsal.failure)
    throw new GovernError("refused", "the proposal would fail as a whole, and change nothing");
  print(`the calls cost ${rehearsal.gas} gas`);
}
