import {
  FAR_FUTURE_EPOCH,
  type InFlightFacts,
  type InFlightProof,
  type PendingElement,
  type PoolDeposit,
  type StateProof,
  type Validator,
  verifyContainersProof,
  verifyPendingProof,
} from "../../src/index.ts";

/** The rules of IDepositsInFlight, read strictly: what a prover's calls must satisfy, for one prover and one checkpoint. */
export class InFlightModel {
  newest = 0;
  walkedTo: number;
  isComplete = false;
  readonly shown = new Set<number>();
  /** Taken singly, and pending. */
  readonly held = new Set<number>();
  readonly passed: PoolDeposit[] = [];
  readonly absent: PoolDeposit[] = [];
  readonly #state: StateProof;
  readonly #deposits: readonly PoolDeposit[];
  readonly #short: readonly PoolDeposit[];
  #scan = { newest: 0, next: 0 };

  constructor(
    state: StateProof,
    deposits: readonly PoolDeposit[],
    short: readonly PoolDeposit[],
    walkedTo: number,
  ) {
    this.#state = state;
    this.#deposits = deposits;
    this.#short = short;
    this.walkedTo = walkedTo;
  }

  facts(): InFlightFacts {
    return { newest: this.newest, walkedTo: this.walkedTo, isComplete: this.isComplete, shown: this.shown };
  }

  prove(proof: InFlightProof): void {
    if (proof.pending.nodes.length > 0) verifyPendingProof(proof.pending, this.#state.pendingDepositsRoot);
    if (proof.containers.length > 0n) verifyContainersProof(proof.containers, this.#state.validatorsRoot);
    for (const [i, number] of proof.shown.entries()) this.#show(proof, number, proof.shownAt[i] as number);
    if (proof.newest !== 0) this.#scanOn(proof);
    while (this.walkedTo < proof.walkTo) this.#walk(proof, this.#at(this.walkedTo + 1));
    this.#complete(proof);
  }

  /** Numbers of the deposits in flight at the state. */
  inFlight(): number[] {
    must(this.isComplete || this.#deposits.length === 0, "complete");
    const pending = this.#deposits.filter(({ number }) => number > this.walkedTo || this.held.has(number));
    return pending.map(({ number }) => number);
  }

  #show(proof: InFlightProof, number: number, place: number): void {
    must(isElement(this.#at(number), proof.pending.elements[place]), `deposit ${number} is element ${place}`);
    must(!this.shown.has(number), `deposit ${number} was not shown before`);
    const isWatched = [...this.#short, ...this.absent].some((deposit) => deposit.number === number);
    must(isWatched || number > this.walkedTo, `deposit ${number} has not landed`);
    this.shown.add(number);
    if (isWatched) this.held.add(number);
  }

  #scanOn({ newest, pending, containers }: InFlightProof): void {
    const deposit = this.#at(newest);
    must(newest > this.newest, "a newer one");
    must(!isExiting(containers, deposit), `validator of ${newest} is not exiting`);
    must(deposit.slot <= this.#state.slot, `${newest} is not too young`);
    let next = this.#scan.newest === newest ? this.#scan.next : 0;
    let isOver = pending.length === 0n;
    for (const [i, element] of pending.elements.entries()) {
      if (pending.positions[i] !== next || isOver) break;
      must(!isElement(deposit, element), `deposit ${newest} is not at ${next}`);
      next++;
      isOver = element.slot > deposit.slot || BigInt(next) === pending.length;
    }
    this.#scan = { newest, next };
    if (isOver) this.newest = newest;
  }

  #walk({ containers }: InFlightProof, deposit: PoolDeposit): void {
    const { number, slot } = deposit;
    must(slot <= this.#state.slot, `deposit ${number} is not of a later slot`);
    if (isExiting(containers, deposit)) {
      this.passed.push(deposit);
      if (!this.shown.has(number)) this.absent.push(deposit);
    } else if (number > this.newest) {
      const isBeforeExiting = this.#deposits.some(
        (later) =>
          later.number > number &&
          later.slot === slot &&
          containers.indices.includes(later.validatorIndex) &&
          isExiting(containers, later),
      );
      must(isBeforeExiting && this.shown.has(number), `deposit ${number} is accounted for`);
      this.passed.push(deposit);
    } else {
      this.walkedTo = number;
      return;
    }
    if (this.shown.has(number)) this.held.add(number);
    this.walkedTo = number;
  }

  #complete({ pending, containers, boundary, anchor }: InFlightProof): void {
    const next = this.#deposits[this.walkedTo];
    if (next === undefined || next.slot > this.#state.slot) {
      this.isComplete = true;
      return;
    }
    if (boundary.length === 0) return;
    const group = this.#deposits.filter(({ number, slot }) => number >= next.number && slot === next.slot);
    must(boundary.length === group.length, "all of the slot");
    for (const [i, place] of boundary.entries()) {
      must(isElement(group[i] as PoolDeposit, pending.elements[place]), `boundary ${i} is shown`);
    }
    const held = group.find(({ number }) => number === anchor);
    must(held !== undefined && !isExiting(containers, held), `anchor ${anchor}`);
    this.isComplete = true;
  }

  #at(number: number): PoolDeposit {
    const deposit = this.#deposits[number - 1];
    must(deposit !== undefined, `deposit ${number} is known`);
    return deposit as PoolDeposit;
  }
}

function isElement(deposit: PoolDeposit, element: PendingElement | undefined): boolean {
  return (
    element !== undefined &&
    element.pubkeyRoot === deposit.pubkeyRoot &&
    element.amountGwei === deposit.amountGwei &&
    element.slot === deposit.slot
  );
}

function isExiting({ indices, validators }: InFlightProof["containers"], deposit: PoolDeposit): boolean {
  const at = indices.indexOf(deposit.validatorIndex);
  must(at !== -1, `validator ${deposit.validatorIndex} is shown`);
  return (validators[at] as Validator).exitEpoch !== FAR_FUTURE_EPOCH;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`refused: ${what}`);
}
