// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What the validators zone asks of whoever runs checkpoints.
interface ICheckpointGate {
    error CheckpointCanStillClose(uint256 expiresAt);
    error FundingWaitsForCheckpoint(uint256 dueSince);

    /// @notice Reverts while a checkpoint is due (a deposit in flight would keep it from opening), and, if members are
    /// about to change, while one can still be closed. ValidatorManager only.
    function beforeFunding(bool membersChange) external;

    /// @notice Reverts while an unexpired checkpoint is open; gives an expired one up, so that nobody can close it
    /// without the member about to leave. ValidatorManager only.
    function beforeRemoval() external;

    /// @return Ether of the pool after the last close, in gwei (whole ETH): what limits are shares of. 0 before it.
    function poolGweiAtClose() external view returns (uint64);
}
