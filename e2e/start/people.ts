import { stakedEtherAbi, withdrawalQueueAbi, wrappedStakedEtherAbi } from "@cairn/protocol";
import { type Address, formatEther, parseEther } from "viem";
import { send, sentenceOf } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { accountOf, type Person } from "../stack/wallets.ts";

const USERS: readonly Person[] = ["alice", "bob", "carol"];
const FIRST_STAKE = parseEther("700");

/** A trickle of users: they stake, wrap, ask out, claim and leave at once, in a rhythm that follows from a counter alone. */
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
    // a holder who can vote
    await this.#stakeAndWrap("alice", parseEther("150"));
  }

  /** One small act of one user. A refusal is told and does no harm. */
  async act(): Promise<void> {
    const turn = this.#turn++;
    const user = USERS[turn % USERS.length] as Person;
    try {
      if (turn % 7 === 3) await this.#request(user, parseEther("1.5"));
      else if (turn % 7 === 4) await this.#claimAll(user);
      else if (turn % 7 === 5) await this.#stakeAndWrap(user, parseEther("0.5"));
      else if (turn % 7 === 6) await this.#leaveAtOnce(user, parseEther("0.1"));
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

  async #stakeAndWrap(user: Person, value: bigint): Promise<void> {
    await send(this.#stack, user, {
      address: this.#stack.addresses.wrappedStakedEther,
      abi: wrappedStakedEtherAbi,
      functionName: "stakeAndWrap",
      args: [accountOf(user).address, 0n],
      value,
    });
    this.#tell(`${user} staked and wrapped ${formatEther(value)} ETH`);
  }

  /** Nothing, if the quote says that something is in the way: mostly the ether is all at work. */
  async #leaveAtOnce(user: Person, amount: bigint): Promise<void> {
    const { refusal, etherOut } = await this.#stack.client.readContract({
      ...this.#token(),
      functionName: "quoteInstantExit",
      args: [amount],
    });
    if (refusal !== 0) return;
    await send(this.#stack, user, {
      ...this.#token(),
      functionName: "instantExit",
      args: [amount, etherOut, accountOf(user).address],
    });
    this.#tell(`${user} left with ${formatEther(amount)} caETH at once, for ${formatEther(etherOut)} ETH`);
  }

  /** Claims every finalized position of the user. */
  async #claimAll(user: Person): Promise<void> {
    const { client } = this.#stack;
    const owner = accountOf(user).address;
    const ids = await client.readContract({
      ...this.#queue(),
      functionName: "getWithdrawalRequests",
      args: [owner],
    });
    const points = await client.readContract({ ...this.#queue(), functionName: "getLastCheckpointIndex" });
    const found = await client.readContract({
      ...this.#queue(),
      functionName: "findCheckpointHints",
      args: [ids, 1n, points],
    });
    const mine = ids.filter((_, i) => found[i] !== 0n);
    const hints = found.filter((hint) => hint !== 0n);
    if (mine.length === 0) return;
    await send(this.#stack, user, {
      ...this.#queue(),
      functionName: "claimWithdrawals",
      args: [mine, hints],
    });
    this.#tell(`${user} claimed ${mine.length} finalized request${mine.length === 1 ? "" : "s"}`);
  }
}
