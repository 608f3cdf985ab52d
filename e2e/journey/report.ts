import { formatEther, type TransactionReceipt } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Stack } from "../stack/stack.ts";
import { type TruthRow, truthTable } from "./truth.ts";

/** Prints each step of the journey with its place on the chain and the truth table; stops at the first difference. */
export class Report {
  readonly #started = performance.now();
  #step = 0;
  #checked = 0;

  step(text: string): void {
    this.#step++;
    console.log(`\n${String(this.#step).padStart(2)}. ${text}  [${this.#seconds()} s]`);
  }

  /** Where something happened. */
  at(stack: Stack, receipt: TransactionReceipt, text: string): void {
    const entry = stack.devnet.blocks.byNumber(Number(receipt.blockNumber));
    console.log(
      `    ${text}: block ${receipt.blockNumber}, slot ${entry?.slot}, transaction ${receipt.transactionHash}, gas ${receipt.gasUsed}`,
    );
  }

  note(text: string): void {
    console.log(`    ${text}`);
  }

  /** The table of the newest block, and any further rows. @throws E2eError at the first difference */
  async truth(stack: Stack, more: readonly TruthRow[] = []): Promise<void> {
    const { slot, blockNumber } = stack.devnet.head;
    const rows = [...(await truthTable(stack)), ...more];
    console.log(
      `    slot ${slot}, block ${blockNumber}`.padEnd(34) +
        "contracts (ETH)".padStart(30) +
        "truth (ETH)".padStart(30),
    );
    for (const { what, contracts, truth } of rows) {
      const difference = contracts - truth;
      console.log(
        `      ${what.padEnd(28)}${formatEther(contracts).padStart(30)}${formatEther(truth).padStart(30)}  difference ${formatEther(difference)}`,
      );
      this.#checked++;
      if (difference !== 0n) throw new E2eError(`${what}: contracts and truth differ by ${difference} wei`);
    }
  }

  end(): void {
    console.log(
      `\nThe journey is done: ${this.#checked} totals compared, 0 differences, ${this.#seconds()} s.`,
    );
  }

  #seconds(): string {
    return ((performance.now() - this.#started) / 1000).toFixed(1);
  }
}
