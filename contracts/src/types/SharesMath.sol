// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// @notice The two conversions between shares and ether (wei) at a rate `poolEther / poolShares`.
/// @dev The rounding stands in the name. Down favours the pool when something is handed out, up when it is taken.
library SharesMath {
    /// @notice 1 wei of the first stake is this many shares, so a share is far finer than a wei.
    uint256 internal constant SHARES_PER_WEI = 1e9;

    /// @return Shares worth `ethers` wei, rounded down.
    function toSharesDown(uint256 ethers, uint256 poolShares, uint256 poolEther)
        internal
        pure
        returns (uint256)
    {
        return FixedPointMathLib.fullMulDiv(ethers, poolShares, poolEther);
    }

    /// @return Shares worth `ethers` wei, rounded up.
    function toSharesUp(uint256 ethers, uint256 poolShares, uint256 poolEther)
        internal
        pure
        returns (uint256)
    {
        return FixedPointMathLib.fullMulDivUp(ethers, poolShares, poolEther);
    }

    /// @return Wei that `shares` are worth, rounded down.
    function toEtherDown(uint256 shares, uint256 poolShares, uint256 poolEther)
        internal
        pure
        returns (uint256)
    {
        return FixedPointMathLib.fullMulDiv(shares, poolEther, poolShares);
    }

    /// @return Wei that `shares` are worth, rounded up.
    function toEtherUp(uint256 shares, uint256 poolShares, uint256 poolEther)
        internal
        pure
        returns (uint256)
    {
        return FixedPointMathLib.fullMulDivUp(shares, poolEther, poolShares);
    }
}
