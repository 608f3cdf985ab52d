import { stakedEtherAbi, withdrawalQueueAbi } from "@cairn/protocol";
import { type Address, formatEther, parseEther } from "viem";
import { send, sentenceOf } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { accountOf, type Person } from "../stack/wallets.ts";

const USERS: readonly Person[] = ["alice", "bob", "carol"];
const FIRST_STAKE = parseEther("700");

/** A trickle of users: they stake, ask out and claim, in a rhythm that follows from a counter alone. */
export class People {
  readonly #stack: Stack;
  readonly #tell: (text: string) => void;
  #turn = 0;

  constructor(stack: Stack, tell: (text: string) => void) {
    this.#stack = stack;
    this.#tell = tell;
  }

  /** The first stakes, if the pool is empty but for its seed. */
  async begin(): Promise<void> {
    const total = await this.#stack.client.readContract({
      ...this.#token(),
      functionName: "getTotalPooledEther",
    });
    if (total >= FIRST_STAKE) return;
    for (const user of USERS) await this.#stake(user, FIRST_STAKE);
  }

  /** One small act of one user. A refusal is told and does no harm. */
  async act(): Promise<void> {
    const turn = this.#turn++;
    const user = USERS[turn % USERS.length] as Person;
    try {
      if (turn % 5 === 3) await this.#request(user, parseEther("1.5"));
      else if (turn % 5 === 4) await this.#claimAll(user);
      else await this.#stake(user, parseEther("0.25") * BigInt((turn % 4) + 1));
    } catch (error) {
      this.#tell(sentenceOf(error));
    }
  }

  #token() {
    return { address: this.#stack.addresses.stakedEther, abi: stakedEtherAbi } as const;
  }

  #queue() {
    return { address: this.#stack.addresses.withdrawalQueue, abi: withdrawalQueueAbi } as const;
  }

  async #stake(user: Person, value: bigint): Promise<void> {
    await send(this.#stack, user, {
      ...this.#token(),
      functionName: "submit",
      args: [accountOf(user).address],
      value,
    });
    this.#tell(`${user} staked ${formatEther(value)} ETH`);
  }

  async #request(user: Person, amount: bigint): Promise<void> {
    const spender: Address = this.#stack.addresses.withdrawalQueue;
    await send(this.#stack, user, { ...this.#token(), functionName: "approve", args: [spender, amount] });
    await send(this.#stack, user, {
      ...this.#queue(),
      functionName: "requestWithdrawals",
      args: [[amount], accountOf(user).address],
    });
    this.#tell(`${user} asked to withdraw ${formatEther(amount)} ETH`);
  }

  /** Claims every finalized position of the user. */
  async #claimAll(user: Person): Promise<void> {
    const { client } = this.#stack;
    const owner = accountOf(user).address;
    const last = await client.readContract({ ...this.#queue(), functionName: "getLastFinalizedRequestId" });
    const points = await client.readContract({ ...this.#queue(), functionName: "getLastCheckpointIndex" });
    const mine: bigint[] = [];
    for (let id = 1n; id <= last; id++) {
      const position = await client.readContract({ ...this.#queue(), functionName: "position", args: [id] });
      if (position.owner === owner && position.finalizedShares > position.claimedShares) mine.push(id);
    }
    if (mine.length === 0) return;
    const hints = await client.readContract({
      ...this.#queue(),
      functionName: "findCheckpointHints",
      args: [mine, 1n, points],
    });
    await send(this.#stack, user, {
      ...this.#queue(),
      functionName: "claimWithdrawals",
      args: [mine, hints],
    });
    this.#tell(`${user} claimed ${mine.length} finalized request${mine.length === 1 ? "" : "s"}`);
  }
}
