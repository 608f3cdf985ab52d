import { FORK_TABLE, type ForkName, fromBlockRoot, SNAPSHOT_RULES, type Spec } from "@cairn/beacon";
import type { Hex } from "viem";

/** One row of the contract's fork table: generalized indices from the beacon block root. */
export interface ForkEntry {
  readonly version: Hex;
  /** First slot the row holds for. */
  readonly firstSlot: bigint;
  readonly currentVersion: number;
  readonly executionBlockHash: number;
  readonly validators: number;
  readonly balances: number;
  readonly pendingDeposits: number;
  readonly genesisValidatorsRoot: number;
  readonly previousParticipation: number;
  /** finalized_checkpoint.epoch */
  readonly finalizedEpoch: number;
  /** Number of the contract's named rule. */
  readonly rule: number;
}

/** FAR_FUTURE_EPOCH: the fork has no date. */
const UNPLANNED = 2n ** 64n - 1n;

const isKnown = (name: string): name is ForkName => Object.hasOwn(FORK_TABLE, name);

/**
 * The fork table for a network: every scheduled fork from Electra on whose indices are known. Earlier forks have no
 * `pending_deposits`, so nothing could be proven landed there.
 */
export function forkEntries(spec: Pick<Spec, "forks" | "slotsPerEpoch">): ForkEntry[] {
  const entries: ForkEntry[] = [];
  for (const { name, version, epoch } of spec.forks) {
    if (!isKnown(name) || epoch === UNPLANNED) continue;
    const row = FORK_TABLE[name];
    if (row.pendingDeposits === null) continue;
    entries.push({
      version,
      firstSlot: epoch * spec.slotsPerEpoch,
      currentVersion: Number(fromBlockRoot(row, row.currentVersion)),
      executionBlockHash: Number(fromBlockRoot(row, row.executionBlockHash)),
      validators: Number(fromBlockRoot(row, row.validators)),
      balances: Number(fromBlockRoot(row, row.balances)),
      pendingDeposits: Number(fromBlockRoot(row, row.pendingDeposits)),
      genesisValidatorsRoot: Number(fromBlockRoot(row, row.genesisValidatorsRoot)),
      previousParticipation: Number(fromBlockRoot(row, row.previousEpochParticipation)),
      // epoch is the first of a checkpoint's two fields
      finalizedEpoch: Number(fromBlockRoot(row, row.finalizedCheckpoint, 2n)),
      rule: SNAPSHOT_RULES.indexOf(row.snapshotRule),
    });
  }
  return entries.sort((a, b) => Number(a.firstSlot - b.firstSlot));
}
