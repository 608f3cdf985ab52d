// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal, IStakedEther, InstantExitQuote } from "./IStakedEther.sol";
import { RegrowingLimit } from "./RegrowingLimit.sol";
import { Gate, StakeLimit } from "./StakeLimit.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// @notice What was left of the limit of instant exits.
struct ExitLimit {
    uint64 leftGwei; // at `since`
    uint40 since;
}

/// @notice When an instant exit may happen and what it costs: 1 % of the pool a day, growing back evenly in time.
library InstantExits {
    using StakeLimit for Gate;

    uint256 internal constant LIMIT_BPS_PER_DAY = 100;
    uint256 internal constant MAX_FEE_BPS = 500;
    /// @dev The fee covers three days of unproven gains or losses, so no snapshot older than that is used.
    uint256 internal constant MAX_SNAPSHOT_AGE = 3 days;
    uint256 private constant BPS = 10_000;

    /// @param amount Wei of caETH to leave with, at most the pool.
    /// @param poolEther Wei of the pool.
    /// @param freeEther Wei the queue does not wait for.
    /// @param feeBps Fee, of the amount.
    /// @param maxSnapshotAge Seconds.
    struct Terms {
        uint256 amount;
        uint256 poolEther;
        uint256 freeEther;
        uint256 feeBps;
        uint256 maxSnapshotAge;
    }

    /// @param poolEther Wei of the pool.
    /// @return Wei a full limit allows.
    function maximum(uint256 poolEther) internal pure returns (uint256) {
        return poolEther * LIMIT_BPS_PER_DAY / BPS;
    }

    /// @notice The one calculation behind the exit and its preview. `shares` of the result is the caller's to fill.
    function quote(ExitLimit memory limit, Gate memory gate, Terms memory t)
        internal
        view
        returns (InstantExitQuote memory q)
    {
        // rounds up: to the good of those who stay
        q.fee = FixedPointMathLib.fullMulDivUp(t.amount, t.feeBps, BPS);
        q.etherOut = t.amount - q.fee;
        (q.refusal, q.retryAt) = _closed(gate, t.maxSnapshotAge);
        if (q.refusal == ExitRefusal.None) _fit(q, limit, t);
        if (q.etherOut == 0) (q.refusal, q.retryAt) = (ExitRefusal.TooSmall, 0);
    }

    /// @dev What is available now, and whether the amount is within it.
    function _fit(InstantExitQuote memory q, ExitLimit memory limit, Terms memory t) private view {
        uint256 full = maximum(t.poolEther);
        uint256 left = RegrowingLimit.available(limit.leftGwei, limit.since, full, block.timestamp);
        q.available = FixedPointMathLib.min(left, t.freeEther);
        if (t.amount > left) {
            q.refusal = ExitRefusal.Limit;
            q.retryAt = t.amount > full
                ? type(uint256).max
                : RegrowingLimit.grownAt(limit.leftGwei, limit.since, full, t.amount);
        } else if (t.amount > t.freeEther) {
            q.refusal = ExitRefusal.FreeEther;
        }
    }

    /// @return Why nobody can leave at once now, and when the clock ends that (0: not the clock, but a close).
    function _closed(Gate memory gate, uint256 maxAge) private view returns (ExitRefusal, uint256) {
        uint256 pausedUntil = gate.later(gate.exitsPausedUntil);
        if (block.timestamp < pausedUntil) return (ExitRefusal.Paused, pausedUntil);
        if (gate.checkpointOpen) return (ExitRefusal.CheckpointOpen, 0);
        if (block.timestamp > uint256(gate.lastSnapshotTime) + maxAge) return (ExitRefusal.SnapshotOld, 0);
        return (ExitRefusal.None, 0);
    }

    /// @notice Takes `amount` wei, for which {quote} found no refusal, from the limit.
    function consume(ExitLimit storage self, uint256 amount, uint256 poolEther) internal {
        uint256 left =
            RegrowingLimit.available(self.leftGwei, self.since, maximum(poolEther), block.timestamp);
        // rounds down: an exit uses up to 1 gwei more of the limit than its size. Below 2^64 gwei = 1.8e10 ETH.
        self.leftGwei = uint64((left - amount) / 1 gwei);
        self.since = uint40(block.timestamp);
    }

    /// @notice Turns a refusal into its error.
    function requireNone(InstantExitQuote memory q, Gate memory gate, Terms memory t) internal view {
        if (q.refusal == ExitRefusal.None) return;
        if (q.refusal == ExitRefusal.TooSmall) revert IStakedEther.ExitTooSmall(t.amount, q.fee);
        if (q.refusal == ExitRefusal.Paused) revert IStakedEther.InstantExitPaused(q.retryAt);
        if (q.refusal == ExitRefusal.CheckpointOpen) {
            revert IStakedEther.InstantExitDuringCheckpoint(gate.lastSnapshotTime);
        }
        if (q.refusal == ExitRefusal.SnapshotOld) {
            revert IStakedEther.InstantExitSnapshotOld(
                block.timestamp - gate.lastSnapshotTime, t.maxSnapshotAge
            );
        }
        if (q.refusal == ExitRefusal.Limit) {
            uint256 full = maximum(t.poolEther);
            if (t.amount > full) revert IStakedEther.InstantExitAboveLimit(t.amount, full);
            revert IStakedEther.InstantExitLimitUsed(t.amount, q.available, q.retryAt);
        }
        revert IStakedEther.FreeEtherTooLow(t.amount, t.freeEther);
    }
}
