// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry } from "./IOperatorRegistry.sol";

/// Owns: the list of operators and their bond, as shares this contract holds.
/// Does not own: their validators (ValidatorManager).
/// Trusts: ValidatorManager to credit only what the token minted.
contract OperatorRegistry is IOperatorRegistry {
    address public immutable VALIDATORS;

    uint32 private _operatorCount;
    mapping(uint32 operatorId => Operator) private _operators;

    constructor(address validators) {
        if (validators == address(0)) revert RegistryAddressZero();
        VALIDATORS = validators;
    }

    /// @inheritdoc IOperatorRegistry
    function join(address rewardAddress) external returns (uint32 operatorId) {
        if (rewardAddress == address(0)) revert RegistryAddressZero();
        operatorId = ++_operatorCount;
        _operators[operatorId] = Operator(msg.sender, rewardAddress, 0);
        emit OperatorJoined(operatorId, msg.sender, rewardAddress);
    }

    /// @inheritdoc IOperatorRegistry
    function creditBond(uint32 operatorId, uint256 shares) external {
        if (msg.sender != VALIDATORS) revert RegistryCallerNotAllowed(msg.sender);
        _requireKnown(operatorId);
        Operator storage o = _operators[operatorId];
        // all shares of the pool fit uint128
        o.bondShares += uint128(shares);
        emit BondCredited(operatorId, shares, o.bondShares);
    }

    /// @inheritdoc IOperatorRegistry
    function operator(uint32 operatorId) external view returns (Operator memory) {
        _requireKnown(operatorId);
        return _operators[operatorId];
    }

    /// @inheritdoc IOperatorRegistry
    function operatorCount() external view returns (uint32) {
        return _operatorCount;
    }

    function _requireKnown(uint32 operatorId) private view {
        if (operatorId == 0 || operatorId > _operatorCount) {
            revert OperatorUnknown(operatorId, _operatorCount);
        }
    }
}
