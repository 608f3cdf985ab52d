import type { Address, Hex } from "viem";

/** One transaction, without its nonce and fee. */
export interface Transaction {
  readonly to: Address;
  readonly data: Hex;
  /** Wei. */
  readonly value: bigint;
}

/** One thing that must be on the chain, and the transaction that brings it there. */
export interface Step {
  readonly name: string;
  /** In words, for people. */
  readonly what: string;
  /** Of the contract that is made, if one is. */
  readonly address?: Address;
  /** Gas, about; rather too much. */
  readonly gas: bigint;
  /** Wei that it moves from the deployer. */
  readonly value: bigint;
  /**
   * Whether it is there, asked of the chain each time.
   *
   * @throws DeploymentError `otherCode` when something else is in its place.
   */
  isDone(): Promise<boolean>;
  /** What to send. A raw transaction is one that somebody else has signed. */
  transaction(): Promise<Transaction | { readonly raw: Hex }>;
}
