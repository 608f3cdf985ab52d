// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The fair way out: request → finalize → claim. Each request is an interval on one line of cumulative shares
/// and an ERC-721 position. Queued shares earn and lose with the pool until they are finalized.
///
/// Finalizing appends one point (cumulative shares, cumulative ether). F is the piecewise-linear function through the
/// points, floored to a wei; a claim of `(a, b]` pays F(b) − F(a), so sums telescope whatever the order or the parts.
interface IWithdrawalQueue {
    /// @param owner Owner now; zero once everything is claimed.
    /// @param startShares Start of the position's interval on the line of cumulative shares.
    /// @param endShares Its end.
    /// @param claimedShares How much of it is claimed.
    /// @param finalizedShares How much of it is finalized.
    struct Position {
        address owner;
        uint256 startShares;
        uint256 endShares;
        uint256 claimedShares;
        uint256 finalizedShares;
    }

    /// @notice A request was made. `amount` is its value in wei at that moment.
    event WithdrawalRequested(
        uint256 indexed requestId,
        address indexed requestor,
        address indexed owner,
        uint256 amount,
        uint256 shares,
        uint256 endShares
    );
    /// @notice Point number `point` was appended (none when `sharesFinalized` did not move) and the horizon set.
    event WithdrawalsFinalized(
        uint256 point, uint256 sharesFinalized, uint256 etherLocked, uint256 horizonShares
    );
    /// @notice `amount` wei were paid for the part of the position up to `claimedToShares`.
    event WithdrawalClaimed(
        uint256 indexed requestId,
        address indexed owner,
        address indexed receiver,
        uint256 amount,
        uint256 claimedToShares
    );

    error QueueCallerNotToken(address caller);
    error RequestsEmpty();
    error RequestTooSmall(uint256 amount, uint256 minimum);
    error RequestOwnerInvalid(address owner);
    error LineTooLong(uint256 endUnits);
    error RequestUnknown(uint256 requestId, uint256 lastRequestId);
    error RequestNotOwned(uint256 requestId, address caller, address owner);
    error RequestAlreadyClaimed(uint256 requestId);
    error NothingToClaim(uint256 requestId, uint256 finalizedShares);
    error HintInvalid(uint256 requestId, uint256 hint);
    error LengthsDiffer(uint256 ids, uint256 hints);
    error ReceiverZero();
    error PaymentFailed(address receiver, uint256 amount);
    error HorizonExceeded(uint256 sharesFinalized, uint256 horizonShares);
    error PointsRangeInvalid(uint256 first, uint256 last, uint256 newest);

    /// @notice Moves caETH of the caller into the queue, one position for each amount.
    /// @param amounts Wei of caETH, at least {MIN_REQUEST}. Shares are floored to units of 1e9; what is left over
    /// (less than a wei's worth) stays with the caller.
    /// @param owner Owner of the positions; zero means the caller.
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);

    /// @notice Pays the caller, who must own each position, what is finalized and not yet claimed.
    /// @param hints For each id a point from {findCheckpointHints}.
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external;

    /// @notice The same, paid to `receiver`.
    function claimWithdrawalsTo(uint256[] calldata requestIds, uint256[] calldata hints, address receiver)
        external;

    /// @notice Locks `msg.value` for `shares` more (both may be 0) and moves the horizon. Token only.
    function finalize(uint256 shares) external payable;

    /// @notice Finds for each id the point whose segment holds the end of its finalized part.
    /// @param firstIndex First point to search, at least 1.
    /// @param lastIndex Last point to search, at most {getLastCheckpointIndex}.
    /// @return hints Numbers of points, 0 where nothing more is to be claimed.
    function findCheckpointHints(uint256[] calldata requestIds, uint256 firstIndex, uint256 lastIndex)
        external
        view
        returns (uint256[] memory hints);

    /// @return amounts Wei that a claim would pay now, 0 for hint 0.
    function getClaimableEther(uint256[] calldata requestIds, uint256[] calldata hints)
        external
        view
        returns (uint256[] memory amounts);

    function position(uint256 requestId) external view returns (Position memory);
    function getLastRequestId() external view returns (uint256);
    /// @return The last request that is finalized whole, 0 for none.
    function getLastFinalizedRequestId() external view returns (uint256);
    /// @return Number of the newest point, 0 for none.
    function getLastCheckpointIndex() external view returns (uint256);
    /// @return Shares requested and not finalized.
    function unfinalizedShares() external view returns (uint256);
    /// @return Shares that the next close may finalize: those up to the horizon.
    function finalizableShares() external view returns (uint256);
    /// @return F(shares): wei locked for the first `shares` of the line, which must be finalized.
    function payout(uint256 shares) external view returns (uint256);
}
