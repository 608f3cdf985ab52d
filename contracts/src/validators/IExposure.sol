// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { FundingRefusal } from "./IValidatorManager.sol";

/// @notice Everything a page or a risk model wants to know of one operator, at one block.
/// @param operatorId From 1 on.
/// @param record Manager, tier, members, bond shares, stake and its parts asked to exit, exiting, slashed.
/// @param bondEther Wei the bond is worth, without what was asked to leave.
/// @param requiredBond Wei its stake requires.
/// @param freeBondShares Shares that could leave.
/// @param coverageBps `bondEther` in basis points of the stake; 0 without stake.
/// @param poolShareBps Its stake in basis points of the pool.
/// @param limitGwei Stake it may run at most, by its own share of the pool.
/// @param roomGwei Stake it may still be given for a member it has.
/// @param limitedBy What bounds the room.
/// @param inFlightGwei Deposits in flight to its validators.
/// @param ticket Number of its open funding ticket, 0 for none.
/// @param ejectable Whether anybody may have its validators exited.
struct OperatorExposure {
    uint32 operatorId;
    IOperatorRegistry.Operator record;
    IOperatorRegistry.BondExit bondExit;
    uint256 bondEther;
    uint256 requiredBond;
    uint256 freeBondShares;
    uint256 coverageBps;
    uint256 poolShareBps;
    uint64 limitGwei;
    uint64 roomGwei;
    FundingRefusal limitedBy;
    uint64 inFlightGwei;
    uint64 ticket;
    bool ejectable;
}

/// @notice What the pool has with all operators together.
/// @param poolEther Wei of the pool.
/// @param members Funded validators.
/// @param inFlightGwei Deposits in flight.
/// @param openPartialsGwei Partial withdrawals asked for and not seen paid.
/// @param exitingGwei Principals of members proven exiting.
/// @param uncoveredDemand Wei the queue needs beyond what is there or coming.
/// @param uncoveredLossGwei What open slashings are expected to cost beyond bonds.
/// @param permissionlessGwei Stake of the permissionless tier.
/// @param permissionlessLimitGwei Stake that tier may run at most.
/// @param curatedGwei Stake of the curated tier.
/// @param curatedLimitGwei Stake that tier may run at most.
struct PoolExposure {
    uint256 poolEther;
    uint32 members;
    uint64 inFlightGwei;
    uint64 openPartialsGwei;
    uint64 exitingGwei;
    uint256 uncoveredDemand;
    uint64 uncoveredLossGwei;
    uint64 permissionlessGwei;
    uint64 permissionlessLimitGwei;
    uint64 curatedGwei;
    uint64 curatedLimitGwei;
}

interface IExposure {
    /// @notice A page of operators, in order.
    /// @param from First operator, from 1 on.
    /// @param count At most; fewer come back at the end of the list, none past it.
    function operators(uint32 from, uint32 count) external view returns (OperatorExposure[] memory page);

    function pool() external view returns (PoolExposure memory);
}
