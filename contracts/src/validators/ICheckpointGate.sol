// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What the validators zone asks of whoever runs checkpoints, before ether leaves for the consensus layer.
interface ICheckpointGate {
    error CheckpointCanStillClose(uint256 expiresAt);
    error FundingWaitsForCheckpoint(uint256 dueSince);

    /// @notice Reverts while a checkpoint is due (a deposit in flight would keep it from opening), and, if members are
    /// about to change, while one can still be closed. ValidatorManager only.
    function beforeFunding(bool membersChange) external;
}
