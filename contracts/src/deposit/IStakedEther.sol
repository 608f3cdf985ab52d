// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked } from "../governance/IBraked.sol";
import { IShareLedger } from "./IShareLedger.sol";

/// @notice Why an instant exit is refused.
enum ExitRefusal {
    None,
    Paused, // a safeguard or the brake runs until `retryAt`
    CheckpointOpen, // until it closes
    SnapshotOld, // until the next checkpoint closes
    Limit, // used up until `retryAt`; never if the amount is above the whole limit
    FreeEther, // until ether comes in that the queue does not wait for
    TooSmall // the fee takes all of it
}

/// @param shares Shares it burns.
/// @param etherOut Wei paid out.
/// @param fee Wei that stay with the pool, recognized by the next close.
/// @param available Wei of caETH that could leave at once now, 0 when nobody can.
/// @param refusal What stands in the way of this amount, None if nothing.
/// @param retryAt Unix seconds at which this refusal ends, 0 where not the clock but a close or ether ends it, the
/// largest uint256 for never.
struct InstantExitQuote {
    uint256 shares;
    uint256 etherOut;
    uint256 fee;
    uint256 available;
    ExitRefusal refusal;
    uint256 retryAt;
}

/// @notice caETH: a rebasing ERC-20 whose balances are shares of one pool of ether, and the pool itself.
///
/// The rate `poolEther / poolShares` is stored and moves only in {applyRebase}; no live balance is ever read for it.
/// 1 wei of the first stake is 1e9 shares.
interface IStakedEther is IShareLedger, IBraked {
    // ---------------------------------------------------------------- events

    /// @notice Ether was staked; minted shares stand in the `TransferShares` of the same call.
    event Submitted(address indexed sender, uint256 amount, address referral);
    /// @notice The rate moved. Shares and ether are the pool's before and after.
    event RebaseApplied(
        uint40 snapshotTime,
        uint256 sharesBefore,
        uint256 etherBefore,
        uint256 sharesAfter,
        uint256 etherAfter,
        uint256 sharesBurnt,
        uint256 feeShares
    );
    /// @notice Queued shares left the pool for good, against `amount` wei locked in the queue.
    event SharesFinalized(uint256 shares, uint256 amount, uint256 sharesAfter, uint256 etherAfter);
    /// @notice Ether left for the beacon deposit contract. `bondShares` is not 0 only in a validator's first funding.
    event ValidatorFunded(bytes pubkey, uint64 amountGwei, uint256 bondShares);
    /// @notice Ether came back from a vault or the queue, without a share being minted.
    event EtherReceived(address indexed from, uint256 amount);
    /// @notice `owner` burnt `shares`: `amount` wei left the pool, `etherOut` of them were paid to `receiver`.
    event InstantlyExited(
        address indexed owner,
        address indexed receiver,
        uint256 shares,
        uint256 amount,
        uint256 etherOut,
        uint256 sharesAfter,
        uint256 etherAfter
    );
    event StakingPausedUntil(uint40 timestamp);
    event ExitsPausedUntil(uint40 timestamp);

    // ---------------------------------------------------------------- errors

    error CallerNotAllowed(address caller);
    error ReentrantCall();
    error StakeZero();
    error StakingPaused(uint256 until);
    error StakeLimitExceeded(uint256 requested, uint256 available);
    error SharesBelowMinimum(uint256 shares, uint256 minimum);
    error PoolTooSmall(uint256 poolEther, uint256 minimum);
    error PlainPaymentRefused(address sender);
    error FreeEtherTooLow(uint256 requested, uint256 available);
    error ExitTooSmall(uint256 amount, uint256 fee);
    error InstantExitPaused(uint256 until);
    error InstantExitDuringCheckpoint(uint256 lastSnapshotTime);
    error InstantExitSnapshotOld(uint256 ageSeconds, uint256 maxAgeSeconds);
    error InstantExitLimitUsed(uint256 requested, uint256 available, uint256 retryAt);
    error InstantExitAboveLimit(uint256 requested, uint256 limit);
    error EtherBelowMinimum(uint256 etherOut, uint256 minimum);
    error ExitPaymentFailed(address receiver, uint256 amount);
    error PauseTooLong(uint256 until, uint256 latest);
    error DepositTooSmall(uint256 amountGwei, uint256 minimumGwei);
    error SnapshotTimeInvalid(uint256 snapshotTime, uint256 earliest, uint256 latest);
    error RebaseAboveCap(uint256 etherAfter, uint256 allowed);
    error FeeAboveCap(uint256 feeShares, uint256 allowed);
    error ConfigInvalid(string field, uint256 value);

    // ---------------------------------------------------------------- staking

    /// @notice Stakes `msg.value` for the sender.
    /// @param referral Only recorded in {Submitted}.
    /// @return shares Minted shares, rounded down.
    function submit(address referral) external payable returns (uint256 shares);

    /// @notice Stakes `msg.value` for `receiver`; reverts below `minShares`.
    function stake(address receiver, uint256 minShares) external payable returns (uint256 shares);

    /// @return Shares that a stake of `amount` wei mints now, rounded down. Limit and pauses aside.
    function previewStake(uint256 amount) external view returns (uint256);

    /// @return Wei that can be staked now: at most 5 % of the pool a day (50,000 ETH while young), regrowing; 0 while
    /// staking is paused or the pool is below 1 ETH.
    function getCurrentStakeLimit() external view returns (uint256);

    function isStakingPaused() external view returns (bool);

    // ---------------------------------------------------------------- instant exit

    /// @notice Burns caETH of the caller and pays ether at once, less a fee: from free ether, within a limit, and only
    /// while the stored rate is fresh. {quoteInstantExit} says beforehand what it gives or what is in its way.
    /// @param amount Wei of caETH.
    /// @param minEther Wei to receive at least.
    /// @return etherOut Wei paid to `receiver`.
    function instantExit(uint256 amount, uint256 minEther, address receiver)
        external
        returns (uint256 etherOut);

    /// @notice What {instantExit} of `amount` wei would do now, whoever holds them.
    function quoteInstantExit(uint256 amount) external view returns (InstantExitQuote memory);

    /// @return Fee of an instant exit in basis points, at least three days' largest rebase.
    function instantExitFeeBps() external view returns (uint256);
    /// @return Seconds after a snapshot for which its rate is good enough to leave at.
    function instantExitSnapshotAge() external view returns (uint256);

    // ---------------------------------------------------------------- facts

    /// @return Wei held by the token and both vaults.
    function ownEther() external view returns (uint256);
    /// @return Wei that funding and instant exits may use: min(token's balance, own ether − value of all
    /// unfinalized queue shares − floor), never below 0.
    function freeEther() external view returns (uint256);
    /// @notice The high-water mark of the rate, as a fraction. Fees are taken above it only.
    /// @return etherValue Its wei.
    /// @return shares Its shares.
    function mark() external view returns (uint128 etherValue, uint128 shares);
    /// @return Unix time of the newest applied snapshot.
    function lastSnapshotTime() external view returns (uint40);
    /// @return Unix time until which staking is refused, after a big loss or by the brake; in the past when it is open.
    function stakingPausedUntil() external view returns (uint40);
    /// @return Unix time until which instant exits are refused, by the safeguard or the brake; in the past when they are
    /// open.
    function exitsPausedUntil() external view returns (uint40);
    /// @return Whether a checkpoint is open. Instant exits wait for it.
    function checkpointOpen() external view returns (bool);
    /// @return The only withdrawal credentials pool ether ever goes to: 0x02 ‖ 0 ‖ WithdrawalVault.
    function withdrawalCredentials() external view returns (bytes32);

    // ---------------------------------------------------------------- vaults and queue only

    /// @notice Takes ether back without minting. Vaults and the queue only.
    function payIn() external payable;

    // ---------------------------------------------------------------- validators and checkpoints only

    /// @notice Takes the one reentrancy lock of the stack, unless the caller's zone is braked. Validators and checkpoints
    /// only.
    function acquireLock() external;
    /// @notice Gives the lock back.
    function releaseLock() external;

    /// @notice Deposits 31 ETH of free ether for a proven key and mints the operator's own 1 ETH as bond shares to the
    /// bond holder. Validators only.
    /// @return bondShares Minted shares, rounded down.
    function depositFirst(bytes calldata pubkey) external returns (uint256 bondShares);

    /// @notice Deposits `amountGwei` more of free ether, at least 1 ETH. Validators only.
    function depositMore(bytes calldata pubkey, uint64 amountGwei) external;

    /// @notice Refuses instant exits until `until` (Unix seconds), at most 40 days ahead, in place of what held before; a
    /// time that has passed ends the pause. Checkpoints only: when a loss shows that is not yet in the rate, and when it is.
    function pauseExits(uint40 until) external;

    /// @notice Marks that a checkpoint is open (or was given up). Checkpoints only; an open reverts while the lock is taken
    /// or the accounting zone is braked.
    /// @return poolEther Wei of the pool, which the checkpoint freezes.
    /// @return own {ownEther}, likewise.
    function markCheckpoint(bool open) external returns (uint128 poolEther, uint256 own);

    /// @notice Books the result of a checkpoint within the token's own immutable bounds. Checkpoints only.
    ///
    /// Order (protocol §4.4): loss → burn → mark → gain → fee → mark. The rise of the rate, burns included, is at most
    /// 10 bps a day between snapshots, three days at most; a loss is never refused, and one above 100 bps stops
    /// staking for 3 days.
    /// @param snapshotTime Unix time of the checkpoint's open: rising by at least MIN_INTERVAL, never in the future.
    /// @param recognized Wei gained (positive) or lost (negative).
    /// @param burnShares Shares of the caller to burn (insurance on a loss, pot otherwise).
    /// @param feeShares Shares to mint to the caller: at most 15 % of the gain above the mark.
    function applyRebase(uint40 snapshotTime, int256 recognized, uint256 burnShares, uint256 feeShares)
        external
        returns (uint256 poolShares, uint256 poolEther);

    /// @notice Burns `shares` of the queue at the stored rate and locks their ether in it. Called once a close, with 0
    /// when nothing is finalized, for it also moves the queue's horizon. Checkpoints only.
    /// @return amount Wei locked, rounded down.
    function finalizeShares(uint256 shares) external returns (uint256 amount);
}
