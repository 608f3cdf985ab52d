import { BeaconError } from "../beaconError.ts";
import type { BeaconStateBytes } from "../state/beaconStateBytes.ts";
import { buildContainersProof } from "./containersProof.ts";
import {
  type InFlightFacts,
  type InFlightPlan,
  type PoolDeposit,
  planInFlight,
  type SeenDeposit,
  type WalkStep,
} from "./inFlightPlan.ts";
import { buildPendingProof } from "./pendingProof.ts";
import type { InFlightProof, PendingProof } from "./structs.ts";

/** How far the caller has shown that the newest landed deposit isn't in the list: each caller's own. */
export interface InFlightScan {
  /** Number of the deposit. */
  readonly newest: number;
  /** Positions below it are shown. */
  readonly next: number;
}

/** What one call may hold. */
export interface InFlightLimits {
  readonly validators: number;
  readonly elements: number;
}

export interface InFlightInput {
  /** The open checkpoint's. */
  readonly state: BeaconStateBytes;
  /** The pool's after `facts.walkedTo`, in order, up to the last made before the open. */
  readonly deposits: readonly PoolDeposit[];
  /** The short list, and those passed as absent at this checkpoint: DepositPassedAbsent. */
  readonly watched: readonly PoolDeposit[];
  readonly facts: InFlightFacts;
  /** What the step before this one said; without it a scan begins at the list's head. */
  readonly scan?: InFlightScan | null;
  readonly limits?: InFlightLimits;
}

/** The next call of DepositsInFlight.prove. */
export interface InFlightStep {
  readonly proof: InFlightProof;
  /** For the next step, once this one is on chain: not null while the list's head is longer than a call. */
  readonly scan: InFlightScan | null;
  /** Whether nothing is left to show after it. */
  readonly isLast: boolean;
}

const DEFAULT_LIMITS: InFlightLimits = { validators: 100, elements: 400 };

/** Where no element is shown, nor the list's length. */
const NO_PENDING: PendingProof = { length: 0n, positions: [], elements: [], nodes: [] };

/**
 * What to show next of the pool's deposits at a checkpoint's state, or null when nothing is left to show. Ask again with
 * the contract's new facts after each step. A slot's deposits are shown together, whatever the limits.
 * "badInput" for deposits out of order; "unsupportedFork" before Electra, when there are any.
 */
export function nextInFlightProof(input: InFlightInput): InFlightStep | null {
  const { state, deposits, watched, facts, limits = DEFAULT_LIMITS } = input;
  requireInOrder(deposits, facts.walkedTo);
  const plan = planInFlight(state, deposits, watched, facts);
  // somebody must say that a walk is complete, also where all is of later slots or only the short list is left
  const isDone = facts.isComplete || (deposits.length === 0 && watched.length === 0);
  if (isDone && plan.toShow.length === 0) return null;
  const call = new Call(state, limits);
  if (plan.newest !== null) {
    const end = state.pendingDeposits().countUntilAfter(plan.newest.deposit.slot);
    // the first element of a later slot ends the scan, and is shown too
    const run = Math.min(end + 1, state.pendingDeposits().count);
    const from = input.scan?.newest === plan.newest.deposit.number ? input.scan.next : 0;
    if (from > 0 || run > limits.elements) return scanStep(call, plan.newest, { from, run }, facts, limits);
    call.scan(plan.newest, 0, run);
  }
  return fill(call, plan, facts, isDone);
}

/** A part of the list's head and nothing else: what else is to be shown waits until it is shown whole. */
function scanStep(
  call: Call,
  newest: SeenDeposit,
  { from, run }: { readonly from: number; readonly run: number },
  { walkedTo }: InFlightFacts,
  { elements }: InFlightLimits,
): InFlightStep {
  const next = Math.min(from + elements, run);
  call.scan(newest, from, next);
  const scan = next < run ? { newest: newest.deposit.number, next } : null;
  return { proof: call.proof(walkedTo), scan, isLast: false };
}

function fill(call: Call, plan: InFlightPlan, facts: InFlightFacts, isDone: boolean): InFlightStep {
  const unfinished = (walkTo: number): InFlightStep => ({
    proof: call.proof(walkTo),
    scan: null,
    isLast: false,
  });
  let walkTo = facts.walkedTo;
  for (const seen of plan.toShow) if (!call.show(seen)) return unfinished(walkTo);
  for (const step of plan.walk) {
    const { seen } = step;
    if (!call.walk(step)) return unfinished(walkTo);
    walkTo = seen.deposit.number;
  }
  if (!isDone && plan.anchor !== null && !call.bound(plan.boundary, plan.anchor)) return unfinished(walkTo);
  return { proof: call.proof(walkTo), scan: null, isLast: true };
}

/** A call that is being filled, up to its limits. */
class Call {
  readonly #state: BeaconStateBytes;
  readonly #limits: InFlightLimits;
  readonly #indices = new Set<number>();
  readonly #positions = new Set<number>();
  readonly #shown: SeenDeposit[] = [];
  #boundary: readonly SeenDeposit[] = [];
  #isListShown = false;
  #newest = 0;
  #anchor = 0;

  constructor(state: BeaconStateBytes, limits: InFlightLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  /** Positions `from` to `to`, the latter excluded. An empty list is shown by its length. */
  scan({ deposit }: SeenDeposit, from: number, to: number): void {
    this.#newest = deposit.number;
    this.#indices.add(deposit.validatorIndex);
    this.#isListShown = true;
    for (let position = from; position < to; position++) this.#positions.add(position);
  }

  show(seen: SeenDeposit): boolean {
    if (!this.#take([], [seen])) return false;
    this.#shown.push(seen);
    return true;
  }

  walk({ seen, mustShow, witness }: WalkStep): boolean {
    if (!this.#take(witness === null ? [seen] : [seen, witness], mustShow ? [seen] : [])) return false;
    if (mustShow) this.#shown.push(seen);
    return true;
  }

  bound(boundary: readonly SeenDeposit[], anchor: SeenDeposit): boolean {
    if (!this.#take([anchor], boundary)) return false;
    this.#boundary = boundary;
    this.#anchor = anchor.deposit.number;
    return true;
  }

  proof(walkTo: number): InFlightProof {
    const positions = [...this.#positions].sort((a, b) => a - b);
    const placeOf = new Map(positions.map((position, place) => [position, place]));
    const places = (some: readonly SeenDeposit[]): number[] =>
      some.map(({ position }) => placeOf.get(position as number) as number);
    const isListShown = this.#isListShown || positions.length > 0;
    return {
      containers: buildContainersProof(
        this.#state,
        [...this.#indices].sort((a, b) => a - b),
      ),
      pending: isListShown ? buildPendingProof(this.#state, positions) : NO_PENDING,
      shown: this.#shown.map(({ deposit }) => deposit.number),
      shownAt: places(this.#shown),
      newest: this.#newest,
      walkTo,
      boundary: places(this.#boundary),
      anchor: this.#anchor,
    };
  }

  /** Whether there was room for the validators of the ones and the elements of the others. An empty call has room for all. */
  #take(validators: readonly SeenDeposit[], elements: readonly SeenDeposit[]): boolean {
    const indices = new Set([...this.#indices, ...validators.map(({ deposit }) => deposit.validatorIndex)]);
    const positions = new Set([...this.#positions, ...elements.map(({ position }) => position as number)]);
    const fits = indices.size <= this.#limits.validators && positions.size <= this.#limits.elements;
    if (!fits && this.#indices.size + this.#positions.size > 0) return false;
    for (const index of indices) this.#indices.add(index);
    for (const position of positions) this.#positions.add(position);
    return true;
  }
}

function requireInOrder(deposits: readonly PoolDeposit[], walkedTo: number): void {
  let before: { readonly number: number; readonly slot: bigint } = { number: walkedTo, slot: 0n };
  for (const deposit of deposits) {
    if (deposit.number !== before.number + 1 || deposit.slot < before.slot) {
      throw new BeaconError(
        "badInput",
        `Deposit ${deposit.number} of slot ${deposit.slot} stands after ${before.number} of slot ${before.slot}.`,
      );
    }
    before = deposit;
  }
}
