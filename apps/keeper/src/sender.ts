import { describeError } from "@cairn/protocol";
import type { Logger } from "pino";
import {
  type Abi,
  type Account,
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  type PublicClient,
  RawContractError,
  type WalletClient,
} from "viem";
import { KeeperError } from "./keeperError.ts";
import type { KeeperMetrics } from "./metrics.ts";

/** One call the keeper would like to make. */
export interface Call {
  /** The job's name, for logs and metrics. */
  readonly job: string;
  readonly address: Address;
  readonly abi: Abi | readonly unknown[];
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

/** Nobody: simulates in a dry run. */
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";
const RECEIPT_TIMEOUT_MS = 120_000;

/** Simulates, sends, waits. Without a key it simulates and says what it would have sent. */
export class Sender {
  readonly #client: PublicClient;
  readonly #wallet: WalletClient | undefined;
  readonly #log: Logger;
  readonly #metrics: KeeperMetrics;

  constructor(client: PublicClient, wallet: WalletClient | undefined, log: Logger, metrics: KeeperMetrics) {
    this.#client = client;
    this.#wallet = wallet;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Who sends, or in a dry run would be simulated as sending. */
  get address(): Address {
    return this.#wallet?.account?.address ?? NOBODY;
  }

  get dryRun(): boolean {
    return this.#wallet === undefined;
  }

  /**
   * Sends one call, if its simulation against the newest state succeeds.
   *
   * @returns Whether it was sent, or would have been in a dry run. False when the chain refuses it now: somebody else
   * was faster, or the moment has passed.
   * @throws KeeperError when it was sent and reverted, or its receipt does not come.
   */
  async send(call: Call): Promise<boolean> {
    if (!(await this.accepts(call))) return false;
    if (await this.#sendUnseen(call)) return true;
    // another keeper's transaction may have come first in the same block; the next look decides anew
    throw new KeeperError("transactionReverted", `${call.functionName} reverted`, { retryable: true });
  }

  /** Whether the call would succeed at the newest state. Sends nothing. */
  async accepts(call: Call): Promise<boolean> {
    const account: Account | Address = this.#wallet?.account ?? NOBODY;
    try {
      await this.#client.simulateContract({ ...call, account } as never);
      return true;
    } catch (error) {
      const reason = revertReason(error);
      if (reason === undefined) throw error;
      this.#log.debug({ job: call.job, call: call.functionName, reason }, "the chain refuses this now");
      this.#metrics.refused.inc({ job: call.job });
      return false;
    }
  }

  /**
   * Sends one call that only the very next block can accept, so without a simulation.
   *
   * @param gas Its limit: nobody can estimate it.
   * @returns Whether it was accepted, or sent at all in a dry run. False when it came a block too late, or others were first.
   * @throws KeeperError when its receipt does not come.
   */
  sendForNextBlock(call: Call, gas: bigint): Promise<boolean> {
    return this.#sendUnseen({ ...call, gas });
  }

  async #sendUnseen(call: Call & { readonly gas?: bigint }): Promise<boolean> {
    if (!this.#wallet) {
      this.#log.info({ job: call.job, call: call.functionName }, "dry run: would send");
      return true;
    }
    const { account, chain } = this.#wallet;
    return this.#isAccepted(call, await this.#wallet.writeContract({ ...call, account, chain } as never));
  }

  /** Waits until it is mined. */
  async #isAccepted({ job, functionName }: Call, hash: Hex): Promise<boolean> {
    const receipt = await this.#client
      .waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS })
      .catch((cause: unknown) => {
        throw new KeeperError("transactionTimeout", `${functionName}: no receipt for ${hash}`, {
          cause,
          retryable: true,
        });
      });
    const gas = Number(receipt.gasUsed);
    const facts = { job, call: functionName, hash, block: Number(receipt.blockNumber), gas };
    if (receipt.status !== "success") {
      this.#metrics.reverted.inc({ job });
      this.#log.info(facts, "reverted");
      return false;
    }
    this.#metrics.sent.inc({ job });
    this.#metrics.gas.inc({ job }, gas);
    this.#log.info(facts, "sent");
    return true;
  }
}

/** The sentence of a revert, or undefined when the error is something else (network, client). */
function revertReason(error: unknown): string | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const revert = error.walk((e) => e instanceof ContractFunctionRevertedError);
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined;
  const raw = error.walk((e) => e instanceof RawContractError) as RawContractError | null;
  const data = revert.raw ?? (typeof raw?.data === "string" ? raw.data : undefined);
  return (data && describeError(data)?.sentence) ?? revert.reason ?? revert.shortMessage;
}
