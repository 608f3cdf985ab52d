// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalancesProof, StateProof } from "../validators/IBeaconProofs.sol";
import { Condition } from "./Safeguard.sol";

/// @notice What one share has earned, by source, as fixed point: 1e36 is one wei a share. Each may be negative; fees never
/// rise. More sources (incentives, restaking) get a place behind these.
struct Indices {
    int128 consensus;
    int128 execution;
    int128 penalties;
    int128 fees;
}

/// @notice What a checkpoint froze at its open: one instant of both layers. Stored as one hash; the values stand in
/// {CheckpointOpened} and come back as calldata.
/// @param id From 1 on.
/// @param openedAt Unix time of the open.
/// @param beaconRoot EIP-4788 root at that block: the parent's.
/// @param executionBlockHash Hash of the block before the open.
/// @param ownEther Wei of the token and both vaults.
/// @param executionRewards Wei of the execution rewards vault, part of `ownEther`.
/// @param poolEther P: the pool's wei.
/// @param inFlightGwei Deposits not yet on a balance, as far as known.
/// @param lastDeposit Number of the last deposit made.
/// @param memberCount Validators that must be proven.
/// @param opener Who opened it, and is paid for that at the close.
struct Snapshot {
    uint64 id;
    uint40 openedAt;
    bytes32 beaconRoot;
    bytes32 executionBlockHash;
    uint128 ownEther;
    uint128 executionRewards;
    uint128 poolEther;
    uint64 inFlightGwei;
    uint32 lastDeposit;
    uint32 memberCount;
    address opener;
}

/// @notice A checkpoint: open → proveState → proveBalances (in batches) and, with deposits in flight,
/// DepositsInFlight.prove → close. Each step is anybody's.
///
/// total = frozen own ether + in flight at the state + proven balances; diff = total − P; a loss is booked whole, a gain
/// up to maxRebasePerDay × days since the last snapshot (3 at most). What is not recognized is the reserve: not stored,
/// seen again next time. Losses fall on the reserve, then the insurance, then everybody; what bonds bring refills the
/// insurance, the rest of it (the pot) is burnt under the cap.
interface ICheckpoints {
    /// @param interval Seconds from a close to the next open: 4 hours to 7 days.
    /// @param expirySeconds After which another may be opened: at most half the interval.
    /// @param maxSnapshotAge Oldest snapshot, in seconds, that a close may finalize with: 2 hours (twice the time to dispute a
    /// landing) to 4 hours.
    /// @param maxRebaseBpsPerDay Largest gain recognized a day in bps of P: at most 10, and a third of the instant exit's
    /// fee.
    /// @param operatorFeeBps Of the gain above the mark, to operators.
    /// @param treasuryFeeBps To the treasury.
    /// @param insuranceFeeBps To the insurance. All three: at most 1,500.
    /// @param lossThresholdBps Of the pool: losses above it bring the safeguard. At most the instant exit's fee.
    struct Parameters {
        uint40 interval;
        uint40 expirySeconds;
        uint40 maxSnapshotAge;
        uint16 maxRebaseBpsPerDay;
        uint16 operatorFeeBps;
        uint16 treasuryFeeBps;
        uint16 insuranceFeeBps;
        uint16 lossThresholdBps;
    }

    /// @notice How far one prover has come. Each walks the bitmap on its own, so nobody can skip or overtake another's
    /// words; whose walk is complete may be closed by anybody.
    /// @param provenGwei Balances added up so far.
    /// @param provenCount Members proven so far.
    /// @param nextWord The next batch starts at this word of the bitmap or later.
    /// @param payGwei What the close will pay for the walk, at most.
    /// @param slot Slot of the state; meaningful once `stateProven`, which any prover may have done.
    struct Progress {
        uint64 provenGwei;
        uint32 provenCount;
        uint40 nextWord;
        uint56 payGwei;
        uint64 slot;
        bool stateProven;
    }

    /// @notice What closing does. Ether in wei.
    /// @param elapsed Seconds between the last snapshot and this one.
    /// @param recognized Gain or loss booked.
    /// @param reserve Gain not recognized.
    /// @param insuranceRefilled Shares the pot gave back to the insurance before anything else.
    /// @param insuranceBurnt Insurance shares burnt against a loss.
    /// @param potBurnt Shares of the pot burnt.
    /// @param penaltiesCovered What both burns were worth at the rate before.
    /// @param feeShares Minted.
    /// @param executionRewards Part of `recognized` that the execution layer brought.
    /// @param poolSharesBefore As they are.
    /// @param poolEtherBefore As it is.
    /// @param poolSharesAfter Before the queue is paid.
    /// @param poolEtherAfter Before the queue is paid.
    /// @param sharesToFinalize What the queue is paid for.
    /// @param etherToFinalize Paid to it.
    /// @param isGuarded Whether the safeguard is on with this result; if so nothing is finalized.
    struct Result {
        uint256 elapsed;
        int256 recognized;
        uint256 reserve;
        uint256 insuranceRefilled;
        uint256 insuranceBurnt;
        uint256 potBurnt;
        uint256 penaltiesCovered;
        uint256 feeShares;
        uint256 executionRewards;
        uint256 poolSharesBefore;
        uint256 poolEtherBefore;
        uint256 poolSharesAfter;
        uint256 poolEtherAfter;
        uint256 sharesToFinalize;
        uint256 etherToFinalize;
        bool isGuarded;
    }

    /// @notice Shares the pool holds against losses.
    /// @param insuranceShares Burnt first on a loss.
    /// @param spentShares What insurance has burnt and bonds have not yet refilled.
    /// @param potShares Shares taken from bonds (and given away to this contract), waiting to refill or to be burnt.
    struct Cover {
        uint128 insuranceShares;
        uint128 spentShares;
        uint256 potShares;
    }

    event CheckpointOpened(uint64 indexed id, Snapshot snapshot);
    event CheckpointStateProven(uint64 indexed id, uint64 slot, bytes32 balancesRoot);
    event CheckpointBatchProven(
        uint64 indexed id,
        address indexed prover,
        uint64 sumGwei,
        uint32 count,
        uint64 provenGwei,
        uint32 provenCount
    );
    /// @notice The checkpoint was given up: replaced after its expiry, or void because the proven state belongs to
    /// another execution block, or members changed after its expiry.
    event CheckpointAbandoned(uint64 indexed id);
    /// @notice One closed checkpoint, with everything a holder's income needs. Ether in wei.
    event Rebased(
        uint64 indexed checkpoint,
        uint64 slot,
        uint256 elapsed,
        uint256 sharesBefore,
        uint256 etherBefore,
        uint256 sharesAfter,
        uint256 etherAfter,
        int256 consensusRewards,
        uint256 executionRewards,
        uint256 penaltiesCovered,
        uint256 reserve,
        uint256 feeShares
    );
    /// @notice What the close left of the cover. The pot is what else this contract holds of the token.
    event CoverChanged(uint64 indexed checkpoint, uint256 insuranceShares, uint256 spentShares);
    event ParametersChanged(Parameters parameters);

    error CheckpointConfigInvalid(string field, uint256 value);
    error CheckpointTooEarly(uint256 opensAt);
    error CheckpointInProgress(uint256 expiresAt);
    error SnapshotMismatch(bytes32 expected, bytes32 given);
    error StateAlreadyProven(uint64 id);
    error StateNotProven(uint64 id);
    error BatchOutOfOrder(uint256 firstWord, uint256 nextWord);
    error CheckpointIncomplete(uint256 provenCount, uint256 memberCount);
    error CheckpointCallerNotAllowed(address caller);

    /// @notice Freezes this instant. At least `interval` after the last close, with no unexpired one open.
    function open() external returns (Snapshot memory snapshot);

    /// @notice Proves slot, fork and roots of the snapshot's state. If its execution block is not the snapshot's, the
    /// checkpoint is void and may be opened again at once.
    /// @return void_ Whether it was.
    function proveState(Snapshot calldata snapshot, StateProof calldata proof) external returns (bool void_);

    /// @notice Proves the balances of the caller's next words of the membership bitmap.
    function proveBalances(Snapshot calldata snapshot, BalancesProof calldata proof) external;

    /// @notice Books the result, sweeps both vaults, finalizes the queue up to its horizon, pays the opener and the prover
    /// out of the treasury's accrued fees.
    /// @param prover Whose complete walk is booked.
    function close(Snapshot calldata snapshot, address prover) external;

    /// @notice The same calculation as {close}, without doing it; reverts where {close} would.
    function previewClose(Snapshot calldata snapshot, address prover) external view returns (Result memory);

    /// @notice What a close now would do with these totals, proven or not: for who has read the state by other means.
    /// @param provenGwei Sum of all members' balances.
    /// @param inFlightGwei Of the deposits up to `snapshot.lastDeposit`, what is in flight at the state.
    function previewTotals(Snapshot calldata snapshot, uint64 provenGwei, uint64 inFlightGwei)
        external
        view
        returns (Result memory);

    /// @notice Governance only. Holds from now on, for an open checkpoint too; the interval from the next close on.
    function setParameters(Parameters calldata parameters) external;

    function parameters() external view returns (Parameters memory);
    /// @return snapshotHash keccak256 of the open checkpoint's snapshot, 0 for none.
    function openSnapshotHash() external view returns (bytes32 snapshotHash);
    function progress(address prover) external view returns (Progress memory);
    /// @return id Of the newest checkpoint.
    /// @return openedAt When it was opened.
    /// @return lastCloseAt When one was last closed; deployment counts as a close.
    function status() external view returns (uint64 id, uint40 openedAt, uint40 lastCloseAt);
    /// @return Unix time from which {open} may succeed.
    function opensAt() external view returns (uint256);
    function cover() external view returns (Cover memory);
    /// @return What one share has earned since deployment, by source (Attribution).
    function indices() external view returns (Indices memory);
    /// @return The safeguard's conditions as of now, by {Reason}.
    function safeguard() external view returns (Condition[3] memory);
    /// @return Whether any of them is on.
    function isGuarded() external view returns (bool);
}
