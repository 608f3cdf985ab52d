// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { AccessManager } from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// Owns: who holds which role, and which role may call which function of the stack (contracts/roles.json).
/// Does not own: any delay (the timelock stands before it), any bound (each contract has its own).
/// Trusts: the holders of ADMIN, which is the timelock alone once the stack is deployed.
contract Roles is AccessManager {
    /// @notice Grants roles and says which role may call what. The timelock.
    uint64 public constant ADMIN = ADMIN_ROLE;
    /// @notice Pulls the emergency brake and vetoes, within the mandate. The guardians.
    uint64 public constant GUARDIAN = 1;
    /// @notice Releases the brake. The guardians and the timelock.
    uint64 public constant RELEASER = 2;
    /// @notice Sets parameters within the bounds in code. The timelock, as for all that follow.
    uint64 public constant PARAMETERS = 3;
    /// @notice Proposes entries of the fork table.
    uint64 public constant FORKS = 4;
    /// @notice Moves operators between tiers, and orders exits for cause.
    uint64 public constant OPERATORS = 5;
    /// @notice Upgrades modules.
    uint64 public constant UPGRADES = 6;
    /// @notice Gives up the upgrades of a module for good.
    uint64 public constant OSSIFY = 7;

    constructor(address deployer) AccessManager(deployer) { }
}
