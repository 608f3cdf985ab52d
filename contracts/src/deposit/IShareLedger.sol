// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "./IAllowances.sol";

/// @notice The ledger of caETH: shares of one pool of ether behind the face of a rebasing ERC-20.
///
/// `balanceOf = floor(shares × poolEther / poolShares)`; the rate is stored. Rounding favours those who stay: balances
/// and mints round down, what a transfer takes rounds up to the next share, a billionth of a wei.
interface IShareLedger is IAllowances {
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice The same movement as the `Transfer` before it, in shares.
    event TransferShares(address indexed from, address indexed to, uint256 sharesValue);

    error AddressZero();
    error ReceiverIsToken();
    error BalanceTooLow(address account, uint256 shares, uint256 needed);
    error AmountAbovePool(uint256 amount, uint256 poolEther);
    error PoolTooLarge(uint256 value);
    error PoolEmpty();

    function name() external pure returns (string memory);
    function symbol() external pure returns (string memory);
    function decimals() external pure returns (uint8);
    /// @return Wei of the pool.
    function totalSupply() external view returns (uint256);
    /// @return Wei, rounded down. It changes with the rate, without a `Transfer`.
    function balanceOf(address account) external view returns (uint256);
    /// @notice Moves ⌈amount × shares / ether⌉ shares: both sides change by `amount`, ±1 wei at most.
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    /// @return Shares that a transfer of `amount` wei moves now, rounded up.
    function previewTransfer(uint256 amount) external view returns (uint256);

    function sharesOf(address account) external view returns (uint256);
    function getTotalShares() external view returns (uint256);
    function getTotalPooledEther() external view returns (uint256);
    /// @return Wei, rounded down.
    function getPooledEthByShares(uint256 shares) external view returns (uint256);
    /// @return Shares, rounded down.
    function getSharesByPooledEth(uint256 amount) external view returns (uint256);
    /// @return value Wei the moved shares are worth, rounded down.
    function transferShares(address to, uint256 shares) external returns (uint256 value);
    /// @notice Spends allowance by the value of the shares rounded up; refused while the pool is worth nothing.
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 value);

    /// @return poolShares Shares of the pool.
    /// @return poolEther Wei of the pool.
    function ledger() external view returns (uint128 poolShares, uint128 poolEther);
}
