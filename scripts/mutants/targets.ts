/** The money paths, each with the tests that touch it: the narrow ones first, the wide ones for what outlives those. */
export interface Target {
  /** From the repository's root. */
  readonly source: string;
  /** Globs for forge's --match-path, in the order in which they are tried. */
  readonly tests: readonly string[];
}

const unit = (files: string) => `contracts/test/unit/${files}`;
const attack = (files: string) => `contracts/test/attack/${files}`;
const WALK = "contracts/test/invariant/Stack*";

export const TARGETS: Readonly<Record<string, Target>> = {
  CloseMath: {
    source: "contracts/src/accounting/CloseMath.sol",
    tests: [
      unit("accounting/CloseMath*"),
      unit("accounting/{Closing,Checkpoints}*"),
      attack("{Accounting,Rounding}*"),
      WALK,
    ],
  },
  Closing: {
    source: "contracts/src/accounting/Closing.sol",
    tests: [
      unit("accounting/{Closing,Checkpoints}*"),
      attack("{Accounting,Checkpoint,Settlement,DeadPool}*"),
      WALK,
    ],
  },
  RebaseBounds: {
    source: "contracts/src/deposit/RebaseBounds.sol",
    tests: [
      unit("deposit/{RebaseBounds,StakedEther.applyRebase}*"),
      attack("{Rebase,Accounting,Power}*"),
      WALK,
    ],
  },
  PayoutLine: {
    source: "contracts/src/deposit/PayoutLine.sol",
    tests: [
      unit("deposit/PayoutLine*"),
      unit("deposit/WithdrawalQueue*"),
      attack("Queue*"),
      "contracts/test/invariant/Deposit*",
    ],
  },
  WithdrawalQueue: {
    source: "contracts/src/deposit/WithdrawalQueue.sol",
    tests: [
      unit("deposit/{WithdrawalQueue,PositionCard,LeavingQuote}*"),
      attack("{Queue,Permit,Reentrancy}*"),
      "contracts/test/invariant/Deposit*",
    ],
  },
  FeeSplit: {
    source: "contracts/src/accounting/FeeSplit.sol",
    tests: [
      unit("accounting/FeeSplit*"),
      unit("accounting/{Closing,Checkpoints}*"),
      attack("{Accounting,Roles}*"),
      WALK,
    ],
  },
  BeaconProofs: {
    source: "contracts/src/validators/BeaconProofs.sol",
    tests: [
      unit("validators/BeaconProofs*"),
      attack("{Proofs,ForkEntry,Checkpoint}*"),
      unit("validators/{DepositsInFlight,Penalties}*"),
      WALK,
    ],
  },
  DepositsInFlight: {
    source: "contracts/src/validators/DepositsInFlight.sol",
    tests: [
      unit("validators/{DepositsInFlight,DepositLine}*"),
      attack("InFlight*"),
      unit("accounting/Checkpoints*"),
      WALK,
    ],
  },
  Penalties: {
    source: "contracts/src/validators/Penalties.sol",
    tests: [unit("validators/Penalties*"), attack("{Slashing,Settlement,Idle,Bond,Accounting}*"), WALK],
  },
  Withdrawals: {
    source: "contracts/src/validators/Withdrawals.sol",
    tests: [
      unit("validators/Withdrawals*"),
      attack("{Partials,Masking,Steering,Key}*"),
      unit("validators/ValidatorManager*"),
      WALK,
    ],
  },
  OperatorRegistry: {
    source: "contracts/src/validators/OperatorRegistry.sol",
    tests: [
      unit("validators/OperatorRegistry*"),
      unit("validators/{Exposure,ValidatorManager,Penalties}*"),
      attack("{Bond,Limits,Slashing}*"),
      WALK,
    ],
  },
  StakerGovernor: {
    source: "contracts/src/governance/StakerGovernor.sol",
    tests: [
      unit("governance/StakerGovernor*"),
      unit("governance/{LockedVotes,Roles}*"),
      attack("{Governance,Power,Stops}*"),
    ],
  },
};
