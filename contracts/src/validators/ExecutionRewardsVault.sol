// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IExecutionRewardsVault } from "./IExecutionRewardsVault.sol";

/// Owns: execution rewards until a checkpoint books them.
/// Does not own: when to sweep.
/// Trusts: nobody. It pays only into the token.
contract ExecutionRewardsVault is IExecutionRewardsVault {
    IStakedEther public immutable TOKEN;
    address public immutable CHECKPOINTS;

    constructor(IStakedEther token, address checkpoints) {
        if (address(token) == address(0) || checkpoints == address(0)) revert RewardsConfigZero();
        TOKEN = token;
        CHECKPOINTS = checkpoints;
    }

    /// @dev Block builders pay by plain transfer; fees of a block run no code.
    receive() external payable { }

    /// @inheritdoc IExecutionRewardsVault
    function sweep(uint256 amount) external {
        if (msg.sender != CHECKPOINTS) revert RewardsCallerNotAllowed(msg.sender);
        emit ExecutionRewardsSwept(amount);
        TOKEN.payIn{ value: amount }();
    }
}
