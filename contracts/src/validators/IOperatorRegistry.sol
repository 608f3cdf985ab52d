// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Who runs validators, and the bond shares that answer for them. Joining is permissionless.
interface IOperatorRegistry {
    /// @param manager Acts for the operator.
    /// @param rewardAddress Receives the operator's rewards.
    /// @param bondShares Shares held here for the operator.
    struct Operator {
        address manager;
        address rewardAddress;
        uint128 bondShares;
    }

    event OperatorJoined(uint32 indexed operatorId, address indexed manager, address rewardAddress);
    event BondCredited(uint32 indexed operatorId, uint256 shares, uint256 bondSharesAfter);

    error RegistryAddressZero();
    error OperatorUnknown(uint32 operatorId, uint32 operatorCount);
    error RegistryCallerNotAllowed(address caller);

    /// @notice Registers the caller as manager of a new operator.
    /// @return operatorId From 1 on.
    function join(address rewardAddress) external returns (uint32 operatorId);

    /// @notice Notes bond shares that the token has just minted here. ValidatorManager only.
    function creditBond(uint32 operatorId, uint256 shares) external;

    function operator(uint32 operatorId) external view returns (Operator memory);
    function operatorCount() external view returns (uint32);
}
