// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";

/// @notice A contract of the stack that says which token it serves.
interface IPoolToken {
    function TOKEN() external view returns (IStakedEther);
}
