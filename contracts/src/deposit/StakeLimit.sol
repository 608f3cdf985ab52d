// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { RegrowingLimit } from "./RegrowingLimit.sol";

/// @notice The one slot beside the ledger that a stake touches.
/// @dev No flags for pauses: the clock ends each of them.
struct Gate {
    uint56 stakeLimitGwei; // what was left at `stakeLimitTime`
    uint40 stakeLimitTime;
    uint40 stakingPausedUntil;
    uint40 exitsPausedUntil;
    uint40 lastSnapshotTime;
    bool checkpointOpen;
    uint32 brakedUntil; // the brake of the deposit zone; until 2106
}

/// @notice How much may be staked: 5 % of the pool a day, at least the floor, growing back evenly in time.
library StakeLimit {
    uint256 internal constant BPS_PER_DAY = 500;
    uint256 internal constant FLOOR = 50_000 ether;

    /// @return The later one of a pause of its own and the brake of the deposit zone.
    function later(Gate memory gate, uint40 pausedUntil) internal pure returns (uint40) {
        return pausedUntil > gate.brakedUntil ? pausedUntil : gate.brakedUntil;
    }

    /// @param poolEther Wei of the pool.
    /// @return Wei a full limit allows.
    function maximum(uint256 poolEther) internal pure returns (uint256) {
        uint256 share = poolEther * BPS_PER_DAY / 10_000;
        return share > FLOOR ? share : FLOOR;
    }

    /// @return Wei that can be staked at `timestamp`.
    function available(Gate memory gate, uint256 poolEther, uint256 timestamp)
        internal
        pure
        returns (uint256)
    {
        return RegrowingLimit.available(
            gate.stakeLimitGwei, gate.stakeLimitTime, maximum(poolEther), timestamp
        );
    }

    /// @notice Takes `amount` wei, which the caller has checked against {available}, from the limit.
    function consume(Gate memory gate, uint256 availableNow, uint256 amount, uint256 timestamp)
        internal
        pure
    {
        // rounds down: a stake uses up to 1 gwei more of the limit than its size. Below 2^56 gwei = 7.2e7 ETH: a twentieth
        // of a pool of all ether there is has 6e6.
        gate.stakeLimitGwei = uint56((availableNow - amount) / 1 gwei);
        gate.stakeLimitTime = uint40(timestamp);
    }
}
