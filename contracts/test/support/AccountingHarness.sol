// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Attribution } from "../../src/accounting/Attribution.sol";
import { CloseMath } from "../../src/accounting/CloseMath.sol";
import { ICheckpoints, Indices } from "../../src/accounting/ICheckpoints.sol";
import { Condition, Safeguard } from "../../src/accounting/Safeguard.sol";

contract CloseMathHarness {
    function compute(CloseMath.Input memory i) external pure returns (CloseMath.Outcome memory) {
        return CloseMath.compute(i);
    }

    function cap(uint256 poolEtherAtOpen, uint256 elapsed, uint256 maxBpsPerDay)
        external
        pure
        returns (uint256)
    {
        return CloseMath.cap(poolEtherAtOpen, elapsed, maxBpsPerDay);
    }

    function recognize(uint256 total, uint256 poolEtherAtOpen, uint256 limit)
        external
        pure
        returns (int256 recognized, uint256 reserve)
    {
        return CloseMath.recognize(total, poolEtherAtOpen, limit);
    }

    function potRoom(uint256 shares, uint256 poolEther, uint256 limit, uint256 gain)
        external
        pure
        returns (uint256)
    {
        return CloseMath.potRoom(shares, poolEther, limit, gain);
    }

    function sharesToFinalize(uint256 finalizable, uint256 available, uint256 poolShares, uint256 poolEther)
        external
        pure
        returns (uint256)
    {
        return CloseMath.sharesToFinalize(finalizable, available, poolShares, poolEther);
    }
}

contract AttributionHarness {
    function grow(Indices memory indices, ICheckpoints.Result memory result)
        external
        pure
        returns (Indices memory)
    {
        return Attribution.grow(indices, result);
    }
}

contract SafeguardHarness {
    using Safeguard for Safeguard.State;

    Safeguard.State private _state;

    function noteClose(int256 recognized, uint256 poolEther, uint256 thresholdBps, uint256 openedAt)
        external
    {
        _state.noteClose(recognized, poolEther, thresholdBps, openedAt);
    }

    function noteUncovered(uint64 uncoveredGwei, uint256 paidOutAt, uint256 poolEther, uint256 thresholdBps)
        external
    {
        _state.noteUncovered(uncoveredGwei, paidOutAt, poolEther, thresholdBps);
    }

    function lossPpm() external view returns (uint256) {
        return _state.lossPpm();
    }

    function isOnAfter(int256 recognized, uint256 poolEther, uint256 thresholdBps, uint256 openedAt)
        external
        view
        returns (bool)
    {
        return _state.isOnAfter(recognized, poolEther, thresholdBps, openedAt);
    }

    function isOn(uint256 lastSnapshotTime, uint256 overdueAfter) external view returns (bool) {
        return _state.isOn(lastSnapshotTime, overdueAfter);
    }

    function exitsPausedUntil() external view returns (uint40) {
        return _state.exitsPausedUntil();
    }

    function conditions(
        uint256 poolEther,
        uint256 thresholdBps,
        uint256 lastSnapshotTime,
        uint256 overdueAfter
    ) external view returns (Condition[3] memory) {
        return _state.conditions(poolEther, thresholdBps, lastSnapshotTime, overdueAfter);
    }
}
