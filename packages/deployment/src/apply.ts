import type { AddressBook } from "@cairn/protocol";
import {
  type Account,
  BaseError,
  type Chain,
  formatEther,
  type Hex,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from "viem";
import { bookOf } from "./book.ts";
import { DeploymentError } from "./deploymentError.ts";
import { requireChain } from "./requireChain.ts";
import { FIRST } from "./stack/places.ts";
import type { Site } from "./stack/site.ts";
import { RENOUNCE } from "./steps/roleSteps.ts";
import type { Step, Transaction } from "./steps/step.ts";
import { stepsOf } from "./steps/stepsOf.ts";
import { verify } from "./verify/verify.ts";

export type DeployWallet = WalletClient<Transport, Chain, Account>;

/** What has become of one step. */
export interface Progress {
  readonly step: string;
  readonly what: string;
  readonly number: number;
  readonly of: number;
  readonly state: "there" | "sent" | "done";
  readonly hash?: Hex;
  readonly gas?: bigint;
}

export interface ApplyOptions {
  /** Must be {@link MAINNET_PHRASE} on mainnet. */
  readonly confirmation?: string | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds to wait for a transaction. Default: ten minutes. */
  readonly timeoutMs?: number;
  /** Send the contracts all at once, each with the planned gas: for a development chain, where seconds count. */
  readonly inOneGo?: boolean;
}

/** What must be said before anything is sent on mainnet. */
export const MAINNET_PHRASE = "deploy Cairn to mainnet";

/** Times that a step is looked at anew after a transaction that did not get through. */
const TRIES = 5;
const LOOK_MS = 250;
const MOMENT_MS = 2000;
const SHORT_MS = 30_000;

/**
 * Sends what is missing of a deployment, one step after the other, and resolves with its addresses. It may be stopped
 * anywhere and started again, or run twice at once with one account: before each transaction it reads the account's nonce,
 * then asks the chain whether the step is done, and sends with that nonce. If anything of this account came between, the
 * nonce is used and the transaction void.
 *
 * Before the deployer gives up its role everything is verified: a mistake can still be mended then, not afterwards.
 *
 * @throws DeploymentError
 */
export async function apply(
  site: Site,
  wallet: DeployWallet,
  options: ApplyOptions = {},
): Promise<AddressBook> {
  requireConfirmed(site, options.confirmation);
  if (wallet.account.address.toLowerCase() !== site.deployer) {
    throw new DeploymentError(
      "badDescription",
      `the key is of ${wallet.account.address}, the deployment of ${site.deployer}`,
    );
  }
  await requireChain(site);
  const steps = await stepsOf(site);
  for (const [i, step] of steps.entries()) {
    if (options.inOneGo && steps[i - 1]?.name === FIRST) await sendAhead(site, wallet, steps.slice(i));
    const tell = (state: Progress["state"], more: Partial<Progress> = {}) =>
      options.onProgress?.({
        step: step.name,
        what: step.what,
        number: i + 1,
        of: steps.length,
        state,
        ...more,
      });
    await carryOut(site, wallet, step, tell, options.timeoutMs ?? 600_000);
  }
  return bookOf(site);
}

function requireConfirmed({ description }: Site, confirmation: string | undefined): void {
  if (description.name !== "mainnet" || confirmation === MAINNET_PHRASE) return;
  throw new DeploymentError(
    "notConfirmed",
    `on mainnet nothing is sent without the words "${MAINNET_PHRASE}"`,
  );
}

type Tell = (state: Progress["state"], more?: Partial<Progress>) => void;

async function carryOut(
  site: Site,
  wallet: DeployWallet,
  step: Step,
  tell: Tell,
  timeoutMs: number,
): Promise<void> {
  let refusal: unknown;
  for (let tries = 0; tries < TRIES; tries += 1) {
    // in this order: see `apply`
    const nonce = await site.client.getTransactionCount({ address: site.deployer, blockTag: "latest" });
    if (await step.isDone()) return tell(tries === 0 ? "there" : "done");
    if (step.name === RENOUNCE) await requireAsDescribed(site, step);
    const hash = await send(site, wallet, step, nonce).catch((error: unknown) => {
      if (error instanceof DeploymentError) throw error;
      refusal = error;
      return undefined;
    });
    if (hash === undefined) {
      // the nonce was used, or a transaction with it waits already: ours of an earlier start, or of a copy
      await untilUsed(site, nonce, step, timeoutMs);
      continue;
    }
    tell("sent", { hash });
    const receipt = await receiptOf(site, step, hash, timeoutMs);
    if (receipt?.status === "success") return tell("done", { hash, gas: receipt.gasUsed });
    if (receipt && !(await step.isDone()))
      throw new DeploymentError("transactionReverted", `${step.name}: the transaction ${hash} reverted`);
  }
  throw new DeploymentError("transactionRefused", `${step.name}: ${shortly(refusal)}`, {
    cause: refusal,
    retryable: true,
  });
}

const shortly = (error: unknown) => (error instanceof BaseError ? error.shortMessage : String(error));

async function send(site: Site, wallet: DeployWallet, step: Step, nonce: number): Promise<Hex> {
  const transaction = await step.transaction();
  if ("raw" in transaction) return wallet.sendRawTransaction({ serializedTransaction: transaction.raw });
  const gas = await gasOf(site, step, transaction);
  const { to, data, value } = transaction;
  return wallet.sendTransaction({ to, data, value, gas, nonce });
}

/**
 * Sends the contracts that are missing without waiting for one before the next. Whatever does not get through is left to
 * the careful way, which comes after it.
 */
async function sendAhead(site: Site, wallet: DeployWallet, steps: readonly Step[]): Promise<void> {
  let nonce = await site.client.getTransactionCount({ address: site.deployer, blockTag: "latest" });
  let last: Hex | undefined;
  try {
    for (const step of steps) {
      if (!(step.name in site.at) || (await step.isDone())) continue;
      const transaction = await step.transaction();
      if ("raw" in transaction) continue;
      last = await wallet.sendTransaction({ ...transaction, gas: step.gas, nonce });
      nonce += 1;
    }
    if (last) await site.client.waitForTransactionReceipt({ hash: last, timeout: SHORT_MS });
  } catch (error) {
    if (error instanceof DeploymentError) throw error;
  }
}

/** A fifth more than the node's estimate. */
async function gasOf(site: Site, step: Step, transaction: Transaction): Promise<bigint> {
  try {
    // of the chain as `isDone` sees it, without what a copy has under way
    const blockTag = "latest";
    const gas = await site.client.estimateGas({ ...transaction, account: site.deployer, blockTag });
    return (gas * 6n) / 5n;
  } catch (cause) {
    const balance = await site.client.getBalance({ address: site.deployer });
    if (balance <= transaction.value) {
      throw new DeploymentError(
        "tooLittleEther",
        `${step.name}: ${site.deployer} has ${formatEther(balance)} ETH, and needs ${formatEther(transaction.value)} and gas`,
        { cause },
      );
    }
    // a copy may have come first: then this would revert
    if (await step.isDone()) throw cause;
    throw new DeploymentError("transactionReverted", `${step.name} would revert: ${shortly(cause)}`, {
      cause,
    });
  }
}

/** Until the account's nonce is past `nonce`, or for a moment when nothing is on its way. */
async function untilUsed(site: Site, nonce: number, step: Step, timeoutMs: number): Promise<void> {
  const begun = Date.now();
  for (;;) {
    const used = await site.client.getTransactionCount({ address: site.deployer, blockTag: "latest" });
    if (used > nonce || (await step.isDone())) return;
    const pending = await site.client.getTransactionCount({ address: site.deployer, blockTag: "pending" });
    if (Date.now() > begun + (pending > nonce ? timeoutMs : MOMENT_MS)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The receipt, or undefined when another transaction took the nonce. */
async function receiptOf(
  site: Site,
  step: Step,
  hash: Hex,
  timeout: number,
): Promise<TransactionReceipt | undefined> {
  let replaced = false;
  try {
    const receipt = await site.client.waitForTransactionReceipt({
      hash,
      timeout,
      onReplaced: () => {
        replaced = true;
      },
    });
    return replaced ? undefined : receipt;
  } catch (cause) {
    if (await step.isDone()) return undefined;
    throw new DeploymentError(
      "transactionTimeout",
      `${step.name}: no receipt of ${hash} after ${Math.round(timeout / 1000)} s; start again to go on`,
      { cause, retryable: true },
    );
  }
}

async function requireAsDescribed(site: Site, renounce: Step): Promise<void> {
  const differences = await verify(site, { whileDeploying: true });
  // a copy may have gone on meanwhile: then what was read is of two moments
  if (differences.length === 0 || (await renounce.isDone())) return;
  throw new DeploymentError(
    "notAsDescribed",
    `the deployer keeps its role, for not everything is as described:\n${differences.map((text) => `  ${text}`).join("\n")}`,
  );
}
