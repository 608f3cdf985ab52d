// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "./IAllowances.sol";

/// @notice wcaETH: caETH whose balance stays and whose value grows. An ERC-4626 vault over caETH in which one unit
/// (1e-18 wcaETH) is always 1e9 shares of caETH: no fee, no owner, no rate of its own.
///
/// {wrap} and {unwrap} move shares exactly: what does not fill a unit stays with the caller. The verbs of ERC-4626 move
/// caETH by amount, as the standard asks; what does not fill a unit, less than a unit's worth, stays in the wrapper.
/// The same rounding everywhere: never to the cost of those who hold.
interface IWrappedStakedEther is IAllowances {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    error WrapZero();
    error WrapperReceiverInvalid(address receiver);
    error WrappedBalanceTooLow(address account, uint256 balance, uint256 needed);
    error UnitsBelowMinimum(uint256 units, uint256 minimum);

    // ---------------------------------------------------------------- wrap

    /// @notice Takes caETH of the caller, allowed before, for units.
    /// @param amount Wei of caETH; taken are the shares of the whole units in it.
    /// @return units Minted units, rounded down.
    function wrap(uint256 amount) external returns (uint256 units);

    /// @notice Gives the caller the shares of `units`.
    /// @return amount Wei of caETH they are worth, rounded down.
    function unwrap(uint256 units) external returns (uint256 amount);

    /// @notice Stakes `msg.value` and wraps it, in one transaction.
    /// @param minUnits Fewer are refused.
    /// @return units Minted to `receiver`, rounded down.
    function stakeAndWrap(address receiver, uint256 minUnits) external payable returns (uint256 units);

    /// @return Units that {stakeAndWrap} of `amount` wei mints now. The token's stake limit and pauses aside.
    function previewStakeAndWrap(uint256 amount) external view returns (uint256);

    // ---------------------------------------------------------------- rate, by its usual names

    /// @return The token that is wrapped: caETH.
    function stETH() external view returns (address);
    /// @return Wei of caETH for one wcaETH (1e18 units).
    function stEthPerToken() external view returns (uint256);
    /// @return Units for 1e18 wei of caETH.
    function tokensPerStEth() external view returns (uint256);
    /// @return Units for `amount` wei of caETH, rounded down.
    function getWstETHByStETH(uint256 amount) external view returns (uint256);
    /// @return Wei of caETH for `units`, rounded down.
    function getStETHByWstETH(uint256 units) external view returns (uint256);
    /// @return The same as {stEthPerToken}, under the name that rate providers have.
    function getRate() external view returns (uint256);

    // ---------------------------------------------------------------- ERC-20

    function name() external pure returns (string memory);
    function symbol() external pure returns (string memory);
    function decimals() external pure returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 units) external returns (bool);
    function transferFrom(address from, address to, uint256 units) external returns (bool);

    // ---------------------------------------------------------------- ERC-4626 (assets: wei of caETH, shares: units)

    function asset() external view returns (address);
    /// @return Wei of caETH all units are worth. caETH given to the wrapper is not in it: a donation moves nothing.
    function totalAssets() external view returns (uint256);
    function convertToShares(uint256 assets) external view returns (uint256);
    function convertToAssets(uint256 shares) external view returns (uint256);
    /// @return No limit, or 0 while the pool is worth nothing. The same holds for {maxMint}.
    function maxDeposit(address receiver) external view returns (uint256);
    function previewDeposit(uint256 assets) external view returns (uint256);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
    function maxMint(address receiver) external view returns (uint256);
    function previewMint(uint256 shares) external view returns (uint256);
    function mint(uint256 shares, address receiver) external returns (uint256 assets);
    function maxWithdraw(address owner) external view returns (uint256);
    function previewWithdraw(uint256 assets) external view returns (uint256);
    function withdraw(uint256 assets, address receiver, address owner) external returns (uint256 shares);
    function maxRedeem(address owner) external view returns (uint256);
    function previewRedeem(uint256 shares) external view returns (uint256);
    function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets);
}
