import { ADMIN_SLOT, addressInSlot, IMPLEMENTATION_SLOT, MODULES } from "@cairn/deployment";
import type { AddressBook } from "@cairn/protocol";
import { type Address, formatEther, type Hex, type Log, type PublicClient, parseEther } from "viem";
import { placeOf } from "../contracts.ts";
import { GovernError } from "../governError.ts";
import type { Proposal } from "../proposal.ts";
import { refusalOf } from "../session.ts";
import { callWords } from "../words.ts";
import { type Names, roleLines, type StateDiff, slotLines } from "./changes.ts";
import { type Copy, copyOf } from "./copy.ts";
import { contractsOf, differences, readFacts } from "./facts.ts";

/** Wei that the copy's timelock gets for gas. */
const FOR_GAS = parseEther("100");

/** What would happen if a proposal were executed now. Each a line for people. */
export interface Rehearsal {
  /** One an action: what it calls and whether that succeeds. */
  readonly actions: readonly string[];
  /** Why an action fails, with its number; the rest was not tried. */
  readonly failure: string | undefined;
  readonly roles: readonly string[];
  readonly parameters: readonly string[];
  readonly slots: readonly string[];
  readonly gas: bigint;
}

async function namesOf(client: PublicClient, book: AddressBook): Promise<Names> {
  const names = new Map(contractsOf(book).map(([name, address]) => [address.toLowerCase(), name]));
  for (const module of MODULES) {
    const proxy = placeOf(book, module);
    names.set(await addressInSlot(client, proxy, ADMIN_SLOT), `${module}.proxyAdmin`);
    names.set(await addressInSlot(client, proxy, IMPLEMENTATION_SLOT), `${module}.implementation`);
  }
  return names;
}

interface Made {
  readonly diff: StateDiff;
  readonly logs: readonly Log[];
  readonly gas: bigint;
}

/** Makes one call of the proposal as the timelock. */
async function makeCall(
  { client }: Copy,
  from: Address,
  to: Address,
  value: bigint,
  data: Hex,
): Promise<Made> {
  await client.call({ account: from, to, value, data }); // throws with the reason
  const hash = await client.sendTransaction({
    account: from,
    to,
    value,
    data,
    gas: 20_000_000n,
    chain: null,
  });
  // not waited for: who waits looks again only at another block, and may have overlooked the one there is
  await client.mine({ blocks: 1 });
  const receipt = await client.getTransactionReceipt({ hash });
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
  const options = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
  const diff = (await request({ method: "debug_traceTransaction", params: [hash, options] })) as StateDiff;
  return { diff, logs: receipt.logs, gas: receipt.gasUsed };
}

/**
 * Executes a proposal's calls as the timelock on a copy of the newest state, and says what changed. The wait for those
 * who leave, votes and delays are not part of it.
 */
export async function rehearse(
  rpcUrl: string,
  client: PublicClient,
  book: AddressBook,
  proposal: Proposal,
): Promise<Rehearsal> {
  const chain = client.chain;
  if (!chain) throw new TypeError("the client knows its chain");
  const copy = await copyOf(rpcUrl, chain);
  try {
    return await onCopy(copy, book, proposal);
  } finally {
    await copy.stop();
  }
}

async function onCopy(copy: Copy, book: AddressBook, proposal: Proposal): Promise<Rehearsal> {
  const reader = copy.client as unknown as PublicClient;
  const names = await namesOf(reader, book);
  const before = await readFacts(reader, book);
  const [actions, roles, slots]: [string[], string[], string[]] = [[], [], []];
  let gas = 0n;
  let failure: string | undefined;
  // the timelock pays no gas on a chain; here the calls are transactions of its own
  let own = await reader.getBalance({ address: book.timelock });
  await copy.client.setBalance({ address: book.timelock, value: own + FOR_GAS });
  for (const [i, target] of proposal.targets.entries()) {
    const [value, data] = [proposal.values[i] ?? 0n, proposal.calldatas[i] ?? "0x"];
    const what = `action ${i + 1}: ${callWords(book, target, data, value)}`;
    try {
      if (value > own) throw new GovernError("refused", `the timelock holds ${formatEther(own)} ETH only`);
      own -= value;
      const made = await makeCall(copy, book.timelock, target, value, data);
      actions.push(`${what}: succeeds with ${made.gas} gas`);
      roles.push(...roleLines(made.logs, book.accessManager, names));
      slots.push(...slotLines(made.diff, names, book.timelock));
      gas += made.gas;
    } catch (error) {
      failure = `${what}: fails: ${refusalOf(error)}`;
      actions.push(failure);
      break;
    }
  }
  const after = await readFacts(reader, book);
  const parameters = differences(before, after).filter((line) => !line.startsWith("timelock: ether"));
  return { actions, failure, roles, parameters, slots, gas };
}
