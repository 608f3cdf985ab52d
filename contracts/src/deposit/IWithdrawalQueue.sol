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

    /// @param amountOfStETH Wei: what was locked for the finalized part, and the rest at the stored rate. The amount at
    /// request stands in {WithdrawalRequested}.
    /// @param amountOfShares Shares of caETH of the whole request.
    /// @param owner Owner now; zero once everything is claimed.
    /// @param timestamp Always 0: the time of the request is that of {WithdrawalRequested}.
    /// @param isFinalized Whether it is finalized whole.
    /// @param isClaimed Whether everything is claimed.
    struct WithdrawalRequestStatus {
        uint256 amountOfStETH;
        uint256 amountOfShares;
        address owner;
        uint256 timestamp;
        bool isFinalized;
        bool isClaimed;
    }

    /// @notice A signature for `permit` of caETH or wcaETH, given to the queue as the spender.
    struct PermitInput {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
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

    /// @notice Cards of positions may look different now (ERC-4906).
    event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId);
    /// @notice The card of this position looks different now: a part of it was claimed (ERC-4906).
    event MetadataUpdate(uint256 _tokenId);

    error QueueCallerNotToken(address caller);
    error RequestsEmpty();
    error RequestTooSmall(uint256 amount, uint256 minimum);
    error RequestTooLarge(uint256 amount, uint256 poolEther);
    error RequestOwnerInvalid(address owner);
    error LineTooLong(uint256 endUnits);
    error RequestUnknown(uint256 requestId, uint256 lastRequestId);
    error RequestNotOwned(uint256 requestId, address caller, address owner);
    error RequestAlreadyClaimed(uint256 requestId);
    error NothingToClaim(uint256 requestId, uint256 finalizedShares);
    error HintInvalid(uint256 requestId, uint256 hint);
    error LengthsDiffer(uint256 ids, uint256 hints);
    error RequestIdsNotSorted(uint256 before, uint256 id);
    error ReceiverZero();
    error PaymentFailed(address receiver, uint256 amount);
    error HorizonExceeded(uint256 sharesFinalized, uint256 horizonShares);
    error PointsRangeInvalid(uint256 first, uint256 last, uint256 newest);

    // ---------------------------------------------------------------- request

    /// @notice Moves caETH of the caller into the queue, one position for each amount.
    /// @param amounts Wei of caETH, at least {MIN_STETH_WITHDRAWAL_AMOUNT}. Shares are floored to units of 1e9; what is
    /// left over (less than a wei's worth) stays with the caller.
    /// @param owner Owner of the positions; zero means the caller.
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);

    /// @notice The same after a `permit` of the caller. A permit that somebody sent before does no harm.
    function requestWithdrawalsWithPermit(
        uint256[] calldata amounts,
        address owner,
        PermitInput calldata permit
    ) external returns (uint256[] memory requestIds);

    /// @notice The same for wcaETH: a unit of it is a unit of the line, so nothing is rounded.
    /// @param amounts Units of wcaETH, at least {MIN_STETH_WITHDRAWAL_AMOUNT}.
    function requestWithdrawalsWstETH(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);

    /// @notice The same after a `permit` of the caller for wcaETH.
    function requestWithdrawalsWstETHWithPermit(
        uint256[] calldata amounts,
        address owner,
        PermitInput calldata permit
    ) external returns (uint256[] memory requestIds);

    /// @return Shares that a request of `amount` wei puts on the line now, rounded down to units of 1e9.
    function previewRequest(uint256 amount) external view returns (uint256);

    // ---------------------------------------------------------------- claim

    /// @notice Pays the caller, who must own the position, what is finalized and not yet claimed. Looks for the hint
    /// itself, which costs more than {claimWithdrawals}.
    function claimWithdrawal(uint256 requestId) external;

    /// @notice Pays the caller, who must own each position, what is finalized and not yet claimed.
    /// @param hints For each id a point from {findCheckpointHints}.
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external;

    /// @notice The same, paid to `receiver`.
    function claimWithdrawalsTo(uint256[] calldata requestIds, uint256[] calldata hints, address receiver)
        external;

    // ---------------------------------------------------------------- finalize

    /// @notice Locks `msg.value` for `shares` more (both may be 0) and moves the horizon. Token only.
    function finalize(uint256 shares) external payable;

    // ---------------------------------------------------------------- views

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

    function getWithdrawalStatus(uint256[] calldata requestIds)
        external
        view
        returns (WithdrawalRequestStatus[] memory statuses);

    /// @return requestIds Positions of `owner`, ascending. Walks back over all requests until it has them all: ask page
    /// by page where the line is long.
    function getWithdrawalRequests(address owner) external view returns (uint256[] memory requestIds);

    /// @return requestIds Positions of `owner` among the ids `firstId`..`lastId`, ascending.
    function getWithdrawalRequests(address owner, uint256 firstId, uint256 lastId)
        external
        view
        returns (uint256[] memory requestIds);

    function position(uint256 requestId) external view returns (Position memory);
    function getLastRequestId() external view returns (uint256);
    /// @return The last request that is finalized whole, 0 for none.
    function getLastFinalizedRequestId() external view returns (uint256);
    /// @return Number of the newest point, 0 for none.
    function getLastCheckpointIndex() external view returns (uint256);
    /// @return Requests that are not finalized whole.
    function unfinalizedRequestNumber() external view returns (uint256);
    /// @return Wei that the unfinalized shares are worth at the stored rate, rounded down.
    function unfinalizedStETH() external view returns (uint256);
    /// @return Shares requested and not finalized.
    function unfinalizedShares() external view returns (uint256);
    /// @return Shares that the next close may finalize: those up to the horizon.
    function finalizableShares() external view returns (uint256);
    /// @return F(shares): wei locked for the first `shares` of the line, which must be finalized.
    function payout(uint256 shares) external view returns (uint256);
}
