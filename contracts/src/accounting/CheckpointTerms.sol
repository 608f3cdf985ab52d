// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { ICheckpoints } from "./ICheckpoints.sol";

/// @notice The bounds of every parameter of a checkpoint. No governance gets past them.
library CheckpointTerms {
    uint256 internal constant MIN_INTERVAL = 4 hours;
    uint256 internal constant MAX_INTERVAL = 7 days;
    /// @dev A landing can be disputed for an hour, and must be proven before that.
    uint256 internal constant MIN_SNAPSHOT_AGE = 2 hours;
    uint256 internal constant MAX_SNAPSHOT_AGE = 4 hours;
    uint256 internal constant MAX_BPS_PER_DAY = 10;
    uint256 internal constant MAX_FEE_BPS = 1500;

    /// @notice Reverts with the first parameter that is out of its bounds.
    function requireValid(ICheckpoints.Parameters memory p, IStakedEther token) internal view {
        uint256 exitFeeBps = token.instantExitFeeBps();
        _require("interval", p.interval, p.interval >= MIN_INTERVAL && p.interval <= MAX_INTERVAL);
        // an instant exit needs a snapshot at most two intervals old
        _require("interval", p.interval, 2 * uint256(p.interval) >= token.instantExitSnapshotAge());
        _require("expirySeconds", p.expirySeconds, p.expirySeconds != 0 && p.expirySeconds <= p.interval / 2);
        bool isAgeValid = p.maxSnapshotAge >= MIN_SNAPSHOT_AGE && p.maxSnapshotAge <= MAX_SNAPSHOT_AGE;
        _require("maxSnapshotAge", p.maxSnapshotAge, isAgeValid);
        uint256 perDay = p.maxRebaseBpsPerDay;
        // the fee of an instant exit covers what may be unproven: three days' largest rebase, and a loss that doesn't
        // stop exits
        _require(
            "maxRebaseBpsPerDay", perDay, perDay != 0 && perDay <= MAX_BPS_PER_DAY && 3 * perDay <= exitFeeBps
        );
        _require("lossThresholdBps", p.lossThresholdBps, p.lossThresholdBps <= exitFeeBps);
        uint256 fee = uint256(p.operatorFeeBps) + p.treasuryFeeBps + p.insuranceFeeBps;
        _require("feeBps", fee, fee <= MAX_FEE_BPS);
    }

    function requireSet(string memory field, address account) internal pure {
        _require(field, 0, account != address(0));
    }

    function _require(string memory field, uint256 value, bool isValid) private pure {
        if (!isValid) revert ICheckpoints.CheckpointConfigInvalid(field, value);
    }
}
