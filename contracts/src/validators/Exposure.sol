// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IDepositsInFlight } from "./IDepositsInFlight.sol";
import { IExposure, OperatorExposure, PoolExposure } from "./IExposure.sol";
import { IOperatorRegistry, Tier } from "./IOperatorRegistry.sol";
import { IPenalties } from "./IPenalties.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { IWithdrawals } from "./IWithdrawals.sol";

/// Owns: nothing. It reads what the zone knows, in one call.
/// Does not own: any state.
/// Trusts: the contracts it reads.
contract Exposure is IExposure {
    IStakedEther public immutable TOKEN;
    IOperatorRegistry public immutable REGISTRY;
    IValidatorManager public immutable VALIDATORS;
    IWithdrawals public immutable WITHDRAWALS;
    IPenalties public immutable PENALTIES;
    IDepositsInFlight public immutable IN_FLIGHT;

    constructor(
        IStakedEther token,
        IOperatorRegistry registry,
        IValidatorManager validators,
        IWithdrawals withdrawals,
        IPenalties penalties,
        IDepositsInFlight inFlight
    ) {
        TOKEN = token;
        REGISTRY = registry;
        VALIDATORS = validators;
        WITHDRAWALS = withdrawals;
        PENALTIES = penalties;
        IN_FLIGHT = inFlight;
    }

    /// @inheritdoc IExposure
    function operators(uint32 from, uint32 count) external view returns (OperatorExposure[] memory page) {
        uint256 all = REGISTRY.operatorCount();
        if (from == 0) from = 1;
        uint256 left = from > all ? 0 : all - from + 1;
        page = new OperatorExposure[](left < count ? left : count);
        uint32[] memory ids = new uint32[](page.length);
        for (uint256 i; i < ids.length; ++i) {
            ids[i] = from + uint32(i); // at most the number of operators
        }
        uint64[] memory flying = IN_FLIGHT.inFlightOf(ids);
        uint256 poolGwei = TOKEN.getTotalPooledEther() / 1 gwei;
        for (uint256 i; i < ids.length; ++i) {
            _fill(page[i], ids[i], poolGwei);
            page[i].inFlightGwei = flying[i];
        }
    }

    function _fill(OperatorExposure memory e, uint32 id, uint256 poolGwei) private view {
        e.operatorId = id;
        e.record = REGISTRY.operator(id);
        e.bondExit = REGISTRY.bondExit(id);
        e.bondEther = REGISTRY.bondEther(id);
        e.requiredBond = REGISTRY.requiredBond(id);
        e.freeBondShares = REGISTRY.freeBondShares(id);
        uint256 stake = e.record.stakeGwei;
        e.coverageBps = stake == 0 ? 0 : e.bondEther / 1 gwei * 10_000 / stake;
        e.poolShareBps = poolGwei == 0 ? 0 : stake * 10_000 / poolGwei;
        (e.limitGwei,) = REGISTRY.limitsGwei(e.record.tier);
        (e.roomGwei, e.limitedBy) = REGISTRY.fundingRoom(id, false);
        e.ticket = VALIDATORS.ticketOf(id);
        e.ejectable = REGISTRY.isEjectable(id);
    }

    /// @inheritdoc IExposure
    function pool() external view returns (PoolExposure memory p) {
        p.poolEther = TOKEN.getTotalPooledEther();
        p.members = VALIDATORS.memberCount();
        (,, p.inFlightGwei) = IN_FLIGHT.inFlight();
        p.openPartialsGwei = WITHDRAWALS.openPartialsGwei();
        p.exitingGwei = VALIDATORS.exitingGwei();
        p.uncoveredDemand = WITHDRAWALS.uncoveredDemand();
        p.uncoveredLossGwei = PENALTIES.uncoveredLossGwei();
        p.permissionlessGwei = REGISTRY.tierStakeGwei(Tier.Permissionless);
        (, p.permissionlessLimitGwei) = REGISTRY.limitsGwei(Tier.Permissionless);
        p.curatedGwei = REGISTRY.tierStakeGwei(Tier.Curated);
        (, p.curatedLimitGwei) = REGISTRY.limitsGwei(Tier.Curated);
    }
}
