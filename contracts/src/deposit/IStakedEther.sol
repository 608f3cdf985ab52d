// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice caETH: a rebasing ERC-20 whose balances are shares of one pool of ether.
///
/// `balanceOf = floor(shares × poolEther / poolShares)`. The rate `poolEther / poolShares` is stored and moves only in
/// {applyRebase}; no live balance is ever read for it. 1 wei of the first stake is 1e9 shares.
interface IStakedEther {
    // ---------------------------------------------------------------- events

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice The same movement as the `Transfer` before it, in shares.
    event TransferShares(address indexed from, address indexed to, uint256 sharesValue);
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
    event StakingPausedUntil(uint40 timestamp);
    event CheckpointMarked(bool open);

    // ---------------------------------------------------------------- errors

    error CallerNotAllowed(address caller);
    error AddressZero();
    error ReceiverIsToken();
    error ReentrantCall();
    error StakeZero();
    error StakingPaused(uint256 until);
    error StakeLimitExceeded(uint256 requested, uint256 available);
    error SharesBelowMinimum(uint256 shares, uint256 minimum);
    error PoolTooSmall(uint256 poolEther, uint256 minimum);
    error PoolTooLarge(uint256 value);
    error PlainPaymentRefused(address sender);
    error BalanceTooLow(address account, uint256 shares, uint256 needed);
    error AllowanceTooLow(address owner, address spender, uint256 allowed, uint256 needed);
    error FreeEtherTooLow(uint256 requested, uint256 available);
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

    /// @return Wei that can be staked now: at most 5 % of the pool a day (50,000 ETH while young), regrowing.
    function currentStakeLimit() external view returns (uint256);

    // ---------------------------------------------------------------- shares

    function sharesOf(address account) external view returns (uint256);
    function getTotalShares() external view returns (uint256);
    function getTotalPooledEther() external view returns (uint256);
    /// @return Wei, rounded down.
    function getPooledEthByShares(uint256 shares) external view returns (uint256);
    /// @return Shares, rounded down.
    function getSharesByPooledEth(uint256 amount) external view returns (uint256);
    /// @return value Wei the moved shares are worth, rounded down.
    function transferShares(address to, uint256 shares) external returns (uint256 value);
    /// @notice Spends allowance by the value of the shares rounded up.
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 value);

    // ---------------------------------------------------------------- ERC-20

    function name() external pure returns (string memory);
    function symbol() external pure returns (string memory);
    function decimals() external pure returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    /// @notice Moves ceil(amount × shares / ether) shares: both sides change by `amount`, ±1 wei at most.
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);

    // ---------------------------------------------------------------- facts

    /// @return poolShares Shares of the pool.
    /// @return poolEther Wei of the pool.
    function ledger() external view returns (uint128 poolShares, uint128 poolEther);
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
    /// @return Unix time until which staking is refused; in the past when it is open.
    function stakingPausedUntil() external view returns (uint40);
    /// @return Whether a checkpoint is open. Instant exits wait for it.
    function checkpointOpen() external view returns (bool);
    /// @return The only withdrawal credentials pool ether ever goes to: 0x02 ‖ 0 ‖ WithdrawalVault.
    function withdrawalCredentials() external view returns (bytes32);

    // ---------------------------------------------------------------- vaults and queue only

    /// @notice Takes ether back without minting. Vaults and the queue only.
    function payIn() external payable;

    // ---------------------------------------------------------------- validators and checkpoints only

    /// @notice Takes the one reentrancy lock of the stack. Validators and checkpoints only.
    function acquireLock() external;
    /// @notice Gives the lock back.
    function releaseLock() external;

    /// @notice Deposits 31 ETH of free ether for a proven key and mints the operator's own 1 ETH as bond shares to the
    /// bond holder. Validators only.
    /// @return bondShares Minted shares, rounded down.
    function depositFirst(bytes calldata pubkey) external returns (uint256 bondShares);

    /// @notice Deposits `amountGwei` more of free ether, at least 1 ETH. Validators only.
    function depositMore(bytes calldata pubkey, uint64 amountGwei) external;

    /// @notice Marks that a checkpoint is open (or was given up). Checkpoints only.
    function markCheckpoint(bool open) external;

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
