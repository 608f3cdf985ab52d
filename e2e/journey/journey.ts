import type { ValidatorKey } from "@cairn/devnet";
import { stakedEtherAbi, validatorManagerAbi, withdrawalQueueAbi, withdrawalsAbi } from "@cairn/protocol";
import { formatEther, formatGwei, type Hex, parseEther, parseEventLogs } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Lockstep } from "../stack/lockstep.ts";
import { joinRegistry, postBond, predepositKeys, pubkeyRootOf, requestFunding } from "../stack/operator.ts";
import { send } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { accountOf, type Person } from "../stack/wallets.ts";
import { type Closed, Closes } from "./closes.ts";
import { indexOf, isActive } from "./lookups.ts";
import type { Rebased } from "./rebaseTruth.ts";
import type { Report } from "./report.ts";

/** Each operator's bond, and what its one validator is funded to, in gwei, its own 1 ETH included. */
const OPERATORS: readonly (readonly [Person, bigint, bigint])[] = [
  ["operatorOne", parseEther("52"), 1_500_000_000_000n],
  ["operatorTwo", parseEther("24"), 560_000_000_000n],
];
const STAKES: readonly (readonly [Person, bigint])[] = [
  ["alice", parseEther("1500")],
  ["bob", parseEther("600")],
];
const EXECUTION_REWARD = parseEther("0.05");
const EXIT = parseEther("400");
/** Slots before a checkpoint is due in which keys are funded: too few for all their deposits to land before it opens. */
const FUNDING_SLOTS = 60n;

/** One ETH from a user to a validator and back, step by step, on a chain with real rules. */
export class Journey {
  readonly #stack: Stack;
  readonly #step: Lockstep;
  readonly #report: Report;
  readonly #closes: Closes;
  readonly #operatorIds: number[] = [];
  readonly #keys: ValidatorKey[] = [];

  constructor(stack: Stack, step: Lockstep, report: Report) {
    this.#stack = stack;
    this.#step = step;
    this.#report = report;
    this.#closes = new Closes(stack, step, report);
  }

  async onboard(): Promise<void> {
    const stack = this.#stack;
    this.#report.step("Two operators join, put up their bond and predeposit 1 ETH of their own for a key");
    for (const [person, bond] of OPERATORS) {
      await this.#step.after(async () => {
        const { id, receipt } = await joinRegistry(stack, person);
        this.#report.at(stack, receipt, `operator ${id} joined`);
        this.#report.at(stack, await postBond(stack, person, id, bond), `${formatEther(bond)} ETH of bond`);
        const predeposited = await predepositKeys(stack, person, id, [`journey ${person}`]);
        this.#report.at(stack, predeposited.receipt, "a key predeposited");
        this.#operatorIds.push(id);
        this.#keys.push(...predeposited.keys);
      });
    }
    await this.#report.truth(stack);
  }

  async stake(): Promise<void> {
    this.#report.step("Two users stake");
    for (const [person, value] of STAKES) {
      const receipt = await this.#step.after(() =>
        send(this.#stack, person, {
          address: this.#stack.addresses.stakedEther,
          abi: stakedEtherAbi,
          functionName: "submit",
          args: [accountOf(person).address],
          value,
        }),
      );
      this.#report.at(this.#stack, receipt, `${person} staked ${formatEther(value)} ETH`);
    }
    await this.#report.truth(this.#stack);
  }

  async prove(): Promise<void> {
    this.#report.step("The keys reach the beacon state; the keeper proves their credentials");
    for (const { pubkey } of this.#keys) {
      await this.#step.advanceUntil((chain) => indexOf(chain, pubkey) !== undefined, 200);
    }
    for (const { pubkey } of this.#keys) await this.#untilStatus(pubkey, 2, "eligible");
    await this.#report.truth(this.#stack);
  }

  async fund(): Promise<void> {
    this.#report.step("The operators ask for pool ether; the keeper funds each key, 31 ETH first");
    await this.#step.untilDueIn(this.#stack, FUNDING_SLOTS);
    for (const [i, { pubkey }] of this.#keys.entries()) {
      const [person, , target] = OPERATORS[i] as (typeof OPERATORS)[number];
      const receipt = await this.#step.after(() =>
        requestFunding(this.#stack, person, this.#operatorIds[i] as number, pubkey, target),
      );
      this.#report.at(this.#stack, receipt, `asked for ${formatGwei(target)} ETH`);
      await this.#step.until("the keeper funds the key", async () => {
        const record = await this.#record(pubkey);
        return record.principalGwei === target;
      });
      this.#report.note(
        `validator ${indexOf(this.#stack.devnet, pubkey)} funded to ${formatGwei(target)} ETH`,
      );
    }
    await this.#report.truth(this.#stack);
  }

  async activate(): Promise<void> {
    this.#report.step("The deposits land and the validators become active");
    const { devnet } = this.#stack;
    await this.#step.advanceUntil((chain) => this.#keys.every(({ pubkey }) => isActive(chain, pubkey)), 600);
    await this.#step.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 600);
    for (const { pubkey } of this.#keys) {
      const index = indexOf(devnet, pubkey) as number;
      this.#report.note(
        `validator ${index}: active since epoch ${devnet.state.validators.getReadonly(index).activationEpoch}, balance ${formatGwei(BigInt(devnet.state.balances.get(index)))} ETH`,
      );
    }
    await this.#report.truth(this.#stack);
  }

  async earn(): Promise<void> {
    this.#report.step(
      "Rewards accrue on the consensus layer, and one block pays the execution rewards vault",
    );
    const { devnet, addresses } = this.#stack;
    devnet.faults.payExecutionReward(EXECUTION_REWARD, addresses.executionRewardsVault);
    await this.#step.advance(48);
    this.#report.note(`a block paid ${formatEther(EXECUTION_REWARD)} ETH to the vault`);
    await this.#report.truth(this.#stack);
  }

  /** Waits for the next checkpoint the keeper closes, and on until one is as wanted; checks each against both layers. */
  async checkpoint(text: string, isWanted: (closed: Closed) => boolean | Promise<boolean> = () => true) {
    this.#report.step(text);
    return this.#closes.next(isWanted);
  }

  requireRateRisen(rebased: Rebased): void {
    const gain = rebased.etherAfter - rebased.etherBefore;
    if (gain <= 0n) throw new E2eError(`the checkpoint recognized ${gain} wei: the rate has not risen`);
    if (rebased.executionRewards !== EXECUTION_REWARD) {
      throw new E2eError(
        `execution rewards are ${rebased.executionRewards} wei, paid were ${EXECUTION_REWARD}`,
      );
    }
    this.#report.note(
      `the rate rose by ${formatEther(gain)} ETH: ${formatEther(rebased.consensusRewards)} consensus, ${formatEther(rebased.executionRewards)} execution, reserve ${formatEther(rebased.reserve)}`,
    );
  }

  async requestExit(): Promise<bigint> {
    this.#report.step(
      `alice asks for ${formatEther(EXIT)} ETH, more than the pool holds; the keeper withdraws it`,
    );
    const { addresses } = this.#stack;
    const [approved, requested] = await this.#step.after(async () => {
      const approved = await send(this.#stack, "alice", {
        address: addresses.stakedEther,
        abi: stakedEtherAbi,
        functionName: "approve",
        args: [addresses.withdrawalQueue, EXIT],
      });
      const requested = await send(this.#stack, "alice", {
        address: addresses.withdrawalQueue,
        abi: withdrawalQueueAbi,
        functionName: "requestWithdrawals",
        args: [[EXIT], accountOf("alice").address],
      });
      return [approved, requested];
    });
    this.#report.at(this.#stack, approved, "approved");
    this.#report.at(this.#stack, requested, "requested");
    const own = await this.#stack.client.readContract({
      address: addresses.stakedEther,
      abi: stakedEtherAbi,
      functionName: "ownEther",
    });
    if (own >= EXIT)
      throw new E2eError(`the pool's own ether (${own} wei) covers the request: nothing is shown`);
    const [log] = parseEventLogs({
      abi: withdrawalQueueAbi,
      logs: requested.logs,
      eventName: "WithdrawalRequested",
    });
    if (!log) throw new E2eError("requestWithdrawals emitted no WithdrawalRequested");
    await this.#untilPaid(EXIT - own);
    await this.#report.truth(this.#stack);
    return log.args.requestId;
  }

  /** The EIP-7002 requests are made, queued by the consensus layer, and paid to the vault. */
  async #untilPaid(missing: bigint): Promise<void> {
    const { client, addresses, devnet } = this.#stack;
    await this.#step.until("the keeper asks the validators", async () => {
      const demand = await client.readContract({ ...this.#withdrawals(), functionName: "uncoveredDemand" });
      return demand === 0n && devnet.state.pendingPartialWithdrawals.length > 0;
    });
    for (const w of devnet.state.pendingPartialWithdrawals.getAllReadonlyValues()) {
      this.#report.note(
        `the beacon state holds a partial withdrawal of ${formatGwei(w.amount)} ETH from validator ${w.validatorIndex}`,
      );
    }
    await this.#step.advanceUntil((chain) => chain.state.pendingPartialWithdrawals.length === 0, 1000);
    const arrived = await client.getBalance({ address: addresses.withdrawalVault });
    if (arrived < missing) throw new E2eError(`${arrived} wei arrived at the vault, ${missing} were missing`);
    this.#report.note(`${formatEther(arrived)} ETH arrived at the vault by slot ${devnet.head.slot}`);
    await this.#step.until("the keeper settles the requests", async () => {
      return (await client.readContract({ ...this.#withdrawals(), functionName: "openPartialsGwei" })) === 0n;
    });
  }

  async requireNotFinalized(requestId: bigint, { blockNumber }: Closed): Promise<void> {
    if (await this.isFinalized(requestId, { blockNumber })) {
      throw new E2eError("W5: the request was finalized by the first close after it");
    }
    this.#report.note("the request is not finalized yet: it must live through a whole interval (W5)");
  }

  /** Whether any of the request was finalized by this block. */
  async isFinalized(requestId: bigint, { blockNumber }: Pick<Closed, "blockNumber">): Promise<boolean> {
    return (await this.#position(requestId, blockNumber)).finalizedShares !== 0n;
  }

  async claim(requestId: bigint): Promise<void> {
    this.#report.step("The request is finalized at the proven rate; alice claims");
    const { client, addresses } = this.#stack;
    const queue = { address: addresses.withdrawalQueue, abi: withdrawalQueueAbi } as const;
    const position = await this.#position(requestId);
    if (position.finalizedShares !== position.endShares - position.startShares) {
      throw new E2eError("the request is not finalized whole");
    }
    const last = await client.readContract({ ...queue, functionName: "getLastCheckpointIndex" });
    const hints = await client.readContract({
      ...queue,
      functionName: "findCheckpointHints",
      args: [[requestId], 1n, last],
    });
    const [claimable] = await client.readContract({
      ...queue,
      functionName: "getClaimableEther",
      args: [[requestId], hints],
    });
    const before = await client.getBalance({ address: accountOf("alice").address });
    const receipt = await this.#step.after(() =>
      send(this.#stack, "alice", { ...queue, functionName: "claimWithdrawals", args: [[requestId], hints] }),
    );
    const after = await client.getBalance({ address: accountOf("alice").address });
    const paid = after - before + receipt.gasUsed * receipt.effectiveGasPrice;
    this.#report.at(this.#stack, receipt, `alice was paid ${formatEther(paid)} ETH`);
    const left = await client.getBalance({ address: addresses.withdrawalQueue });
    await this.#report.truth(this.#stack, [
      { what: "paid to alice", contracts: claimable ?? 0n, truth: paid },
      { what: "left in the queue (W2)", contracts: 0n, truth: left },
    ]);
    if (paid <= EXIT - 2n) throw new E2eError(`alice asked for ${EXIT} wei and was paid ${paid}`);
  }

  #manager() {
    return { address: this.#stack.addresses.validatorManager, abi: validatorManagerAbi } as const;
  }

  #withdrawals() {
    return { address: this.#stack.addresses.withdrawals, abi: withdrawalsAbi } as const;
  }

  async #record(pubkey: Hex) {
    return this.#stack.client.readContract({
      ...this.#manager(),
      functionName: "validator",
      args: [pubkeyRootOf(pubkey)],
    });
  }

  /** As of a block, the newest by default. */
  async #position(requestId: bigint, blockNumber?: bigint) {
    return this.#stack.client.readContract({
      address: this.#stack.addresses.withdrawalQueue,
      abi: withdrawalQueueAbi,
      functionName: "position",
      args: [requestId],
      ...(blockNumber === undefined ? {} : { blockNumber }),
    });
  }

  async #untilStatus(pubkey: Hex, status: number, name: string): Promise<void> {
    await this.#step.until(`the key becomes ${name}`, async () => {
      return (await this.#record(pubkey)).status === status;
    });
    this.#report.note(`validator ${indexOf(this.#stack.devnet, pubkey)} is proven ${name}`);
  }
}
