// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ParticipationProof, ValidatorsProof } from "./IBeaconProofs.sol";

/// @notice What operators answer for with their bond: slashings, and epochs in which a member did nothing. Every step is
/// permissionless and rests on a proof. What is taken goes to the pot.
interface IPenalties {
    /// @dev Open: proven, the operator's whole bond is locked. Settled: its loss is charged. Forfeited: nobody settled it in
    /// time, the whole bond was taken.
    enum Phase {
        None,
        Open,
        Settled,
        Forfeited
    }

    /// @param balanceBeforeGwei Balance before the slashing: the one shown after it + the initial penalty (effective balance
    /// / 4,096), at most 2,048 ETH.
    /// @param withdrawableEpoch Epoch from which its ether is paid out.
    /// @param lossGwei Largest loss proven so far.
    /// @param expectedGwei What it was expected to cost when it was proven, while it is open.
    struct Slashing {
        Phase phase;
        uint32 operatorId;
        uint64 balanceBeforeGwei;
        uint64 withdrawableEpoch;
        uint64 lossGwei;
        uint64 expectedGwei;
    }

    event SlashingProven(
        bytes32 indexed pubkeyRoot,
        uint32 indexed operatorId,
        uint64 balanceBeforeGwei,
        uint64 withdrawableEpoch,
        uint64 expectedGwei,
        address prover,
        uint256 rewardShares
    );
    /// @notice A loss, or what a later proof adds to it. `coveredGwei` of it came from the operator's bond, as `shares`
    /// moved to the pot; the rest is the pool's.
    event SlashingSettled(
        bytes32 indexed pubkeyRoot,
        uint32 indexed operatorId,
        uint64 lossGwei,
        uint64 addedGwei,
        uint256 shares,
        uint256 coveredGwei
    );
    event BondForfeited(bytes32 indexed pubkeyRoot, uint32 indexed operatorId, uint256 shares);
    /// @notice The largest loss not covered by bonds that open slashings may still bring.
    event UncoveredLossChanged(uint64 uncoveredGwei);
    event IdleProven(bytes32 indexed pubkeyRoot, uint32 indexed operatorId, uint64 epoch, uint256 shares);
    event IdleCondemned(
        bytes32 indexed pubkeyRoot, uint32 indexed operatorId, uint64 firstEpoch, uint64 lastEpoch
    );

    error PenaltiesConfigZero();
    error NothingToCharge();
    error SlashingProofsMismatch(bytes32 before, bytes32 afterwards);
    error SlashingProofsApart(uint64 slotBefore, uint64 slotAfter, uint64 maximumSlots);
    error SlashedBefore(bytes32 pubkeyRoot);
    error NotSlashed(bytes32 pubkeyRoot);
    error NotSlashable(bytes32 pubkeyRoot);
    error SlashingKnown(bytes32 pubkeyRoot);
    error SlashingUnknown(bytes32 pubkeyRoot);
    error SlashingStillFresh(bytes32 pubkeyRoot, uint64 lateFromEpoch);
    error SlashingOutsideWindow(bytes32 pubkeyRoot, uint64 epoch, uint64 firstEpoch, uint64 lastEpoch);
    error ForfeitTooEarly(bytes32 pubkeyRoot, uint64 fromEpoch);
    error SingleValidatorExpected(uint256 validators, uint256 balances);
    error IdleNotMember(bytes32 pubkeyRoot);
    error NotIdle(bytes32 pubkeyRoot, uint8 flags);
    error IdleEpochsWrong(uint256 count, uint256 needed);
    error IdleEpochNotProven(bytes32 pubkeyRoot, uint64 epoch);
    error IdleWindowExceeded(uint64 firstEpoch, uint64 lastEpoch, uint64 window);

    // ---------------------------------------------------------------- slashing

    /// @notice Shows that a member was slashed: one validator, not slashed at `before`, slashed at `afterwards`, at most 64
    /// slots later, both with its balance. Locks the operator's bond, rewards the caller out of it.
    function proveSlashing(ValidatorsProof calldata before, ValidatorsProof calldata afterwards) external;

    /// @notice The same with one root, when nobody did so while both could be shown (8,191 slots, EIP-4788). What was lost
    /// between the slashing and this root, the initial penalty aside, is then the pool's.
    function proveSlashingLate(ValidatorsProof calldata afterwards) external;

    /// @notice Charges the loss of slashed validators: balance before − a balance shown between the correlation penalty
    /// (withdrawable epoch − half of EPOCHS_PER_SLASHINGS_VECTOR) and the withdrawable epoch. May be repeated with a newer
    /// balance in that time: only what is added is charged. Validators to which the proof adds nothing are passed over.
    function settleSlashing(ValidatorsProof calldata proof) external;

    /// @notice Takes the operator's whole bond for a slashing that nobody settled: from 8,191 slots after the withdrawable
    /// epoch on, when no proof of it can be shown any more.
    function forfeitBond(bytes32 pubkeyRoot) external;

    // ---------------------------------------------------------------- idle

    /// @notice Shows that members did nothing in an epoch: participation flags zero at the last slot of the next one, while
    /// the chain was finalizing. Charges the operator's bond 0.01 ETH for each, once an epoch; those charged already are
    /// passed over.
    function proveIdle(ParticipationProof calldata proof) external;

    /// @notice Marks a member to exit that was proven idle in `IDLE_LIMIT` epochs within the window: it earns no more fee,
    /// and anybody may ask for its exit.
    /// @param epochs Proven epochs, strictly ascending.
    function condemnIdle(bytes32 pubkeyRoot, uint64[] calldata epochs) external;

    // ---------------------------------------------------------------- readers

    function slashing(bytes32 pubkeyRoot) external view returns (Slashing memory);
    /// @return Whether a slashing was proven and its loss charged.
    function isSettled(bytes32 pubkeyRoot) external view returns (bool);
    /// @return Whether the member was proven idle in `epoch`.
    function wasIdle(bytes32 pubkeyRoot, uint64 epoch) external view returns (bool);
    /// @return Gwei that open slashings are expected to cost beyond the bonds of their operators, as of when each was proven.
    function uncoveredLossGwei() external view returns (uint64);
}
