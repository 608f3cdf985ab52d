// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What the validators zone asks of whoever runs checkpoints, and tells it.
interface ICheckpointGate {
    error CheckpointCanStillClose(uint256 expiresAt);
    error FundingWhileGuarded();

    /// @notice Reverts while the safeguard is on. If a member joins by it: reverts while an unexpired checkpoint is open,
    /// and gives an expired one up, so that nobody can close it with members that weren't there. ValidatorManager only.
    function beforeFunding(bool membersChange) external;

    /// @notice Reverts while an unexpired checkpoint is open; gives an expired one up, so that nobody can close it
    /// without the member about to leave. ValidatorManager only.
    function beforeRemoval() external;

    /// @notice What open slashings may cost beyond bonds has changed. Penalties only.
    /// @param uncoveredGwei The sum of it.
    /// @param paidOutAt Unix time by which the slashed validator's ether is paid out, when a new slashing made it rise; 0
    /// for any other change.
    function noteUncoveredLoss(uint64 uncoveredGwei, uint256 paidOutAt) external;

    /// @return Ether of the pool after the last close, in gwei (whole ETH): what limits are shares of. 0 before it.
    function poolGweiAtClose() external view returns (uint64);

    /// @notice The open checkpoint's state, once it is proven; else all are 0.
    /// @param checkpoint Its id.
    /// @param slot Slot of the state.
    /// @param validatorsRoot Root of the state's list `validators`.
    /// @param pendingDepositsRoot Root of its list `pending_deposits`.
    function provenState()
        external
        view
        returns (uint64 checkpoint, uint64 slot, bytes32 validatorsRoot, bytes32 pendingDepositsRoot);
}
