// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalancesProof, StateProof } from "../validators/IBeaconProofs.sol";

/// @notice What a checkpoint froze at its open: one instant of both layers. Stored as one hash; the values stand in
/// {CheckpointOpened} and come back as calldata.
/// @param id From 1 on.
/// @param openedAt Unix time of the open.
/// @param beaconRoot EIP-4788 root at that block: the parent's.
/// @param executionBlockHash Hash of the block before the open.
/// @param ownEther Wei of the token and both vaults.
/// @param executionRewards Wei of the execution rewards vault, part of `ownEther`.
/// @param poolEther P: the pool's wei.
/// @param inFlightGwei Deposits not yet on a balance.
/// @param lastDeposit Number of the last deposit made.
/// @param memberCount Validators that must be proven.
struct Snapshot {
    uint64 id;
    uint40 openedAt;
    bytes32 beaconRoot;
    bytes32 executionBlockHash;
    uint128 ownEther;
    uint128 executionRewards;
    uint128 poolEther;
    uint64 inFlightGwei;
    uint64 lastDeposit;
    uint32 memberCount;
}

/// @notice A checkpoint: open → proveState → proveBalances (in batches) → close. Each step is anybody's.
///
/// total = frozen own ether + frozen in flight + proven balances; diff = total − P; a loss is booked whole, a gain up
/// to maxRebasePerDay × days since the last snapshot (3 at most). What is not recognized is the reserve: not stored,
/// seen again next time.
interface ICheckpoints {
    /// @param interval Seconds from a close to the next open: 4 hours to 7 days.
    /// @param expirySeconds After which another may be opened: at most half the interval.
    /// @param maxSnapshotAge Oldest snapshot, in seconds, that a close may finalize with: at most 4 hours.
    /// @param maxRebaseBpsPerDay Largest gain recognized a day in bps of P: at most 10.
    struct Parameters {
        uint40 interval;
        uint40 expirySeconds;
        uint40 maxSnapshotAge;
        uint16 maxRebaseBpsPerDay;
    }

    /// @notice How far one prover has come. Each walks the bitmap on its own, so nobody can skip or overtake another's
    /// words; whose walk is complete may be closed by anybody.
    /// @param provenGwei Balances added up so far.
    /// @param provenCount Members proven so far.
    /// @param nextWord The next batch starts at this word of the bitmap or later.
    /// @param slot Slot of the state; meaningful once `stateProven`, which any prover may have done.
    struct Progress {
        uint64 provenGwei;
        uint32 provenCount;
        uint40 nextWord;
        uint64 slot;
        bool stateProven;
    }

    /// @notice What closing now would do.
    struct Result {
        int256 recognized;
        uint256 reserve;
        uint256 poolSharesAfter;
        uint256 poolEtherAfter;
        uint256 sharesToFinalize;
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
    /// another execution block.
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

    error CheckpointConfigInvalid(string field, uint256 value);
    error CheckpointTooEarly(uint256 opensAt);
    error CheckpointInProgress(uint256 expiresAt);
    error DepositsStillInFlight(uint256 inFlightGwei);
    error SnapshotMismatch(bytes32 expected, bytes32 given);
    error StateAlreadyProven(uint64 id);
    error StateNotProven(uint64 id);
    error BatchOutOfOrder(uint256 firstWord, uint256 nextWord);
    error CheckpointIncomplete(uint256 provenCount, uint256 memberCount);
    error CheckpointCallerNotAllowed(address caller);

    /// @notice Freezes this instant. At least `interval` after the last close, with no unexpired one open and, for
    /// now, nothing in flight.
    function open() external returns (Snapshot memory snapshot);

    /// @notice Proves slot, fork and balances root of the snapshot's state. If its execution block is not the
    /// snapshot's, the checkpoint is void and may be opened again at once.
    /// @return void_ Whether it was.
    function proveState(Snapshot calldata snapshot, StateProof calldata proof) external returns (bool void_);

    /// @notice Proves the balances of the caller's next words of the membership bitmap.
    function proveBalances(Snapshot calldata snapshot, BalancesProof calldata proof) external;

    /// @notice Books the result, sweeps both vaults, finalizes the queue up to its horizon.
    /// @param prover Whose complete walk is booked.
    function close(Snapshot calldata snapshot, address prover) external;

    /// @notice The same calculation as {close}, without doing it.
    function previewClose(Snapshot calldata snapshot, address prover) external view returns (Result memory);

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
}
