// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Fee recipient of every validator: tips and MEV. Ether leaves it to the token only.
interface IExecutionRewardsVault {
    event ExecutionRewardsSwept(uint256 amount);

    error RewardsCallerNotAllowed(address caller);
    error RewardsConfigZero();

    /// @notice Sends exactly `amount` wei to the token: what a checkpoint froze. Checkpoints only.
    function sweep(uint256 amount) external;
}
