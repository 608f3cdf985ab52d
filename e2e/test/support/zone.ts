import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openState } from "@cairn/beacon";
import {
  checkpointsAbi,
  depositsInFlightAbi,
  operatorRegistryAbi,
  penaltiesAbi,
  stakedEtherAbi,
  validatorManagerAbi,
  withdrawalsAbi,
} from "@cairn/protocol";
import type { Hex } from "viem";
import { expect } from "vitest";
import { indexOf, isActive } from "../../journey/lookups.ts";
import { type Rebased, rebaseTruth } from "../../journey/rebaseTruth.ts";
import { truthTable } from "../../journey/truth.ts";
import { KeeperProcess } from "../../stack/keeperProcess.ts";
import { Lockstep } from "../../stack/lockstep.ts";
import { joinRegistry, postBond, predepositKeys, pubkeyRootOf } from "../../stack/operator.ts";
import { send } from "../../stack/send.ts";
import type { Stack } from "../../stack/stack.ts";
import { accountOf, type Person } from "../../stack/wallets.ts";
import { type DeployedOptions, startDeployed } from "./deployed.ts";

export const GWEI = 10n ** 9n;
/** IValidatorManager.Status. */
export const Status = { Predeposited: 1, Eligible: 2, Member: 3, ToExit: 4, Exiting: 5, Slashed: 6, Left: 7 };

/** The whole stack and a keeper on a chain of their own, as the validators zone's tests need it. */
export class Zone {
  readonly stack: Stack;
  /** The chain moves in step with the keeper there is just now, and waits by epochs. */
  readonly step: Lockstep;
  keeper: KeeperProcess;
  /** Of its files: chain, addresses, logs. */
  readonly folder: string;

  private constructor(stack: Stack, keeper: KeeperProcess, folder: string) {
    this.stack = stack;
    this.keeper = keeper;
    this.step = new Lockstep(stack.devnet, () => [this.keeper], "epochs");
    this.folder = folder;
  }

  /** With `fuluEpoch` the chain goes from Electra to Fulu then, and the contracts know of Electra only. */
  static async start(options: DeployedOptions = {}): Promise<Zone> {
    const folder = mkdtempSync(join(tmpdir(), "cairn-zone-"));
    const stack = await startDeployed(folder, options);
    const keeper = new KeeperProcess(stack, { logFile: join(folder, "keeper.log") });
    return new Zone(stack, keeper, folder);
  }

  /** Another keeper in place of one that was stopped. */
  restartKeeper(): void {
    this.keeper = new KeeperProcess(this.stack, { logFile: join(this.folder, "keeper2.log") });
  }

  async stop(): Promise<void> {
    console.log(
      "SLOTS",
      this.stack.devnet.slot,
      this.stack.devnet.head.blockNumber,
      this.stack.devnet.slotMsMedian,
    );
    await this.keeper.stop();
    await this.stack.devnet.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get manager() {
    return { address: this.stack.addresses.validatorManager, abi: validatorManagerAbi } as const;
  }

  get registry() {
    return { address: this.stack.addresses.operatorRegistry, abi: operatorRegistryAbi } as const;
  }

  get withdrawals() {
    return { address: this.stack.addresses.withdrawals, abi: withdrawalsAbi } as const;
  }

  get penalties() {
    return { address: this.stack.addresses.penalties, abi: penaltiesAbi } as const;
  }

  get line() {
    return { address: this.stack.addresses.depositsInFlight, abi: depositsInFlightAbi } as const;
  }

  get checkpoints() {
    return { address: this.stack.addresses.checkpoints, abi: checkpointsAbi } as const;
  }

  get token() {
    return { address: this.stack.addresses.stakedEther, abi: stakedEtherAbi } as const;
  }

  /** Lets chain time pass. */
  async pass(seconds: number): Promise<void> {
    const { devnet } = this.stack;
    const until = BigInt(devnet.head.timestamp) + BigInt(seconds);
    await this.step.advanceUntil((chain) => BigInt(chain.head.timestamp) >= until, 2000);
  }

  send(person: Person, call: Parameters<typeof send>[2]) {
    return this.step.after(() => send(this.stack, person, call));
  }

  stake(person: Person, value: bigint) {
    return this.send(person, {
      ...this.token,
      functionName: "submit",
      args: [accountOf(person).address],
      value,
    });
  }

  /** An operator with its bond and one predeposited key that gets a ticket as soon as it is proven. */
  async operator(person: Person, seed: string, bond: bigint, targetGwei: bigint) {
    return this.step.after(async () => {
      const { id } = await joinRegistry(this.stack, person);
      await postBond(this.stack, person, id, bond);
      const { keys } = await predepositKeys(this.stack, person, id, [seed], targetGwei);
      return { id, pubkey: keys[0]?.pubkey as Hex };
    });
  }

  record(pubkey: Hex) {
    return this.stack.client.readContract({
      ...this.manager,
      functionName: "validator",
      args: [pubkeyRootOf(pubkey)],
    });
  }

  slashing(pubkey: Hex) {
    return this.stack.client.readContract({
      ...this.penalties,
      functionName: "slashing",
      args: [pubkeyRootOf(pubkey)],
    });
  }

  async inFlightGwei(): Promise<bigint> {
    const [, , gwei] = await this.stack.client.readContract({ ...this.line, functionName: "inFlight" });
    return gwei;
  }

  memberCount() {
    return this.stack.client.readContract({ ...this.manager, functionName: "memberCount" });
  }

  /** The validator as Lodestar's newest state has it. */
  truth(pubkey: Hex) {
    const { state } = this.stack.devnet;
    const index = indexOf(this.stack.devnet, pubkey) as number;
    const { slashed, exitEpoch, withdrawableEpoch, effectiveBalance } = state.validators.getReadonly(index);
    const balanceGwei = BigInt(state.balances.get(index));
    return { index, slashed, exitEpoch, withdrawableEpoch, effectiveBalance, balanceGwei };
  }

  /** Balance in gwei in the consensus state of a past slot. */
  async balanceAt(pubkey: Hex, slot: bigint): Promise<bigint> {
    const { beacon, spec } = this.stack;
    const { header } = await beacon.getHeader(String(slot) as never);
    const state = await openState({ preset: spec.preset, ...(await beacon.getState(header.stateRoot)) });
    return state.balance(state.indexOfPubkey(pubkey) as number);
  }

  untilStatus(pubkey: Hex, status: number): Promise<boolean> {
    return this.step.until(`status ${status}`, async () => (await this.record(pubkey)).status === status);
  }

  /** What closes booked, in order. */
  async closes(): Promise<Rebased[]> {
    const range = { eventName: "Rebased", fromBlock: 0n, strict: true } as const;
    const logs = await this.stack.client.getContractEvents({ ...this.checkpoints, ...range });
    return logs.map(({ args }) => args);
  }

  /** Waits for the next close, which must be exact (A1). @returns What it booked and what was in flight at its state. */
  async nextClose(): Promise<{ args: Rebased; inFlightGwei: bigint }> {
    const { length } = await this.closes();
    await this.step.untilDueIn(this.stack, 0n);
    const args = await this.step.until("a checkpoint is closed", async () => (await this.closes())[length]);
    const { rows, inFlightGwei } = await rebaseTruth(this.stack, args);
    for (const row of rows) expect(row.contracts, row.what).toBe(row.truth);
    return { args, inFlightGwei };
  }

  /** Funded to the target, nothing in flight, working. */
  async untilWorking(pubkeys: readonly Hex[], targetsGwei: readonly bigint[]): Promise<void> {
    for (const pubkey of pubkeys) {
      await this.step.advanceUntil((chain) => indexOf(chain, pubkey) !== undefined, 400);
    }
    for (const [i, pubkey] of pubkeys.entries()) {
      await this.step.until(
        "funded",
        async () => (await this.record(pubkey)).principalGwei === targetsGwei[i],
      );
    }
    await this.step.advanceUntil((chain) => pubkeys.every((pubkey) => isActive(chain, pubkey)), 1000);
    await this.step.advanceUntil((chain) => chain.state.pendingDeposits.length === 0, 1000);
    while ((await this.inFlightGwei()) > 0n) await this.nextClose();
  }

  /** Contracts and both layers agree on every total. */
  async noDifference(): Promise<void> {
    for (const row of await truthTable(this.stack)) expect(row.contracts, row.what).toBe(row.truth);
  }
}
