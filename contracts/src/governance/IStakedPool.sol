// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked } from "./IBraked.sol";

/// @notice What governance asks of caETH: how large the pool is, and which zones are stopped.
interface IStakedPool is IBraked {
    /// @return Shares of the pool.
    function getTotalShares() external view returns (uint256);
}
