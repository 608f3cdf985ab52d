import { ssz } from "@lodestar/types";
import { getAddress, type Hex, hexToBytes } from "viem";
import { type BeaconStateBytes, type CheckpointFacts, openState } from "../../src/index.ts";
import { PRESET } from "./compareWithLodestar.ts";
import { syntheticState, type View } from "./syntheticState.ts";

export const VAULT = getAddress(`0x${"5a".repeat(20)}`);
const CREDENTIALS: Hex = `0x02${"00".repeat(11)}${"5a".repeat(20)}`;
const GWEI = 10n ** 9n;
const MEMBERS = [0, 3, 4, 7, 100, 101, 255, 256, 299];
const EXITING = 255;

interface Made {
  readonly state: BeaconStateBytes;
  readonly bytes: Uint8Array;
  readonly facts: CheckpointFacts;
}

/** Deposits 1 and 2 have landed, 3 was postponed, 4 and 5 wait, 6 is younger than the state. */
const VALIDATOR_OF = [0, 3, EXITING, 4, 7, 100];
const IN_LIST = [3, 4, 5];

/**
 * A checkpoint as honest contracts would have booked it over a synthetic state. `gainWei`: what the pool owned above P, or
 * below; at most 1 bps a day of P is recognized, over two days.
 */
export async function closedCheckpoint(gainWei: bigint, etherBefore?: bigint): Promise<Made> {
  const bytes = syntheticState({ fork: "fulu", validators: 300, seed: "checkpoint", edit });
  const state = await openState({ preset: PRESET, fork: "fulu", bytes });
  const deposits = VALIDATOR_OF.map((validatorIndex, i) => ({
    number: i + 1,
    validatorIndex,
    pubkeyRoot: state.validator(validatorIndex).pubkeyRoot,
    amountGwei: BigInt(32 + i) * GWEI,
    slot: i === 5 ? state.slot + 1n : 800_000n + BigInt(i),
  }));
  const provenGwei = MEMBERS.reduce((sum, index) => sum + state.balance(index), 0n);
  const inFlightGwei = [3, 4, 5, 6].reduce((sum, number) => sum + BigInt(31 + number) * GWEI, 0n);
  const ownEther = 123_456_789_012_345_678_901n;
  const poolEther = ownEther + (provenGwei + inFlightGwei) * GWEI - gainWei;
  const cap = (poolEther * 2n) / 10_000n;
  const recognized = gainWei < cap ? gainWei : cap;
  const before = etherBefore ?? poolEther + 5n;
  const executionRewards = recognized > 0n ? recognized / 3n : 0n;
  const openedAt = 1_800_000_000;
  const facts: CheckpointFacts = {
    snapshot: {
      id: 2n,
      openedAt,
      beaconRoot: state.blockRoot(),
      executionBlockHash: state.executionBlockHash,
      ownEther,
      executionRewards,
      poolEther,
      inFlightGwei,
      lastDeposit: deposits.length,
      memberCount: MEMBERS.length,
      opener: VAULT,
    },
    openBlock: { parentHash: state.executionBlockHash, parentBeaconBlockRoot: state.blockRoot() },
    state: { slot: state.slot, balancesRoot: state.listRoot("balances") },
    walk: { provenGwei, provenCount: MEMBERS.length },
    booking: {
      slot: state.slot,
      elapsed: 172_800n,
      etherBefore: before,
      etherAfter: before + recognized > 0n ? before + recognized : 0n,
      consensusRewards: recognized - executionRewards,
      executionRewards,
      reserve: gainWei - recognized,
    },
    previousSnapshotTime: openedAt - 172_800,
    maxRebaseBpsPerDay: 1,
    members: MEMBERS.map((index) => ({ index, pubkeyRoot: state.validator(index).pubkeyRoot })),
    withdrawalCredentials: CREDENTIALS,
    deposits,
    inFlight: [3, 4, 5, 6],
  };
  return { state, bytes, facts };
}

function edit(view: View): void {
  for (const index of MEMBERS) {
    const validator = view.validators.get(index);
    validator.withdrawalCredentials = hexToBytes(CREDENTIALS);
    validator.exitEpoch = index === EXITING ? 40_000 : Number.POSITIVE_INFINITY;
  }
  const elements = IN_LIST.map((number) => ({
    pubkey: view.validators.get(VALIDATOR_OF[number - 1] as number).pubkey,
    withdrawalCredentials: hexToBytes(CREDENTIALS),
    amount: (31 + number) * 1_000_000_000,
    signature: new Uint8Array(96),
    slot: 799_999 + number,
  }));
  const [postponed, ...waiting] = elements;
  const stranger = { ...(postponed as (typeof elements)[number]), amount: 1_000_000_000, slot: 800_003 };
  const list = [stranger, ...waiting, postponed as (typeof elements)[number]];
  view.pendingDeposits = ssz.electra.PendingDeposits.toViewDU(list);
}
