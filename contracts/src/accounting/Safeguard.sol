// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Loss: recognized losses of the last 7 days. Slashing: what open slashings may cost beyond bonds. Overdue: time
/// since the last snapshot.
enum Reason {
    Loss,
    Slashing,
    Overdue
}

/// @notice One reason for which exits wait.
/// @param value What was observed: loss in ppm of the pool, uncovered gwei, seconds since the last snapshot.
/// @param threshold Above which `value` brings it, in the same unit.
/// @param endsAt Unix time at which the clock ends it at the latest; a proof may end it sooner. 0 while it is off.
struct Condition {
    uint256 value;
    uint256 threshold;
    uint256 endsAt;
}

/// @notice Exits wait while a loss is not yet fully known. Every condition follows from stored facts and the clock, each
/// trigger is a new fact, and each ends by itself.
library Safeguard {
    /// @param lossUntil A loss above the threshold was booked; a close without one ends it.
    /// @param slashingUntil Uncovered losses rose above the threshold; once they have fallen below, a close of a state from
    /// after that ends it: by then what was lost is booked.
    /// @param fellAt When they fell below.
    /// @param staleUntil A close with an old snapshot was booked, which stops instant exits only.
    struct State {
        uint40 lossUntil;
        uint40 slashingUntil;
        uint40 staleUntil;
        uint40 fellAt;
        uint64 uncoveredGwei;
        Loss[] losses;
    }

    /// @param ppm Loss in millionths of the pool before it, rounded up.
    struct Loss {
        uint40 time;
        uint32 ppm;
    }

    uint256 internal constant LOSS_WINDOW = 7 days;
    uint256 internal constant LONGEST_LOSS = 7 days;
    uint256 internal constant LONGEST_SLASHING = 40 days;
    uint256 internal constant LONGEST_OVERDUE = 14 days;
    uint256 private constant PPM = 1_000_000;
    uint256 private constant PPM_PER_BPS = 100;
    uint256 private constant BPS = 10_000;

    event SafeguardEntered(Reason indexed reason, uint256 value, uint256 threshold, uint256 endsAt);
    event SafeguardLeft(Reason indexed reason, uint256 value);

    /// @notice Books what a close recognized.
    /// @param openedAt When its instant was frozen.
    function noteClose(
        State storage self,
        int256 recognized,
        uint256 poolEther,
        uint256 thresholdBps,
        uint256 openedAt
    ) internal {
        if (self.slashingUntil != 0 && !_isSlashingOn(self, poolEther, thresholdBps, openedAt)) {
            self.slashingUntil = 0;
            emit SafeguardLeft(Reason.Slashing, self.uncoveredGwei);
        }
        if (recognized >= 0) {
            if (self.lossUntil > block.timestamp) emit SafeguardLeft(Reason.Loss, lossPpm(self));
            self.lossUntil = 0;
            return;
        }
        self.losses.push(Loss(uint40(block.timestamp), lossOf(recognized, poolEther)));
        uint256 sum = lossPpm(self);
        if (sum <= thresholdBps * PPM_PER_BPS) return;
        // Unix times fit 40 bits
        self.lossUntil = uint40(block.timestamp + LONGEST_LOSS);
        emit SafeguardEntered(Reason.Loss, sum, thresholdBps * PPM_PER_BPS, self.lossUntil);
    }

    /// @notice Books what open slashings may cost beyond bonds.
    /// @param paidOutAt As in {ICheckpointGate.noteUncoveredLoss}.
    function noteUncovered(
        State storage self,
        uint64 uncoveredGwei,
        uint256 paidOutAt,
        uint256 poolEther,
        uint256 thresholdBps
    ) internal {
        uint256 threshold = uncoveredThreshold(poolEther, thresholdBps);
        bool wasAbove = self.uncoveredGwei > threshold;
        self.uncoveredGwei = uncoveredGwei;
        if (uncoveredGwei <= threshold) {
            // what was lost is known now and in no rate yet; what changes below the threshold is no new fact
            if (wasAbove) self.fellAt = uint40(block.timestamp);
            return;
        }
        uint256 latest = block.timestamp + LONGEST_SLASHING;
        uint256 until = paidOutAt < latest ? paidOutAt : latest;
        if (until <= self.slashingUntil) return;
        // Unix times fit 40 bits
        self.slashingUntil = uint40(until);
        emit SafeguardEntered(Reason.Slashing, uncoveredGwei, threshold, until);
    }

    /// @return ppm Losses booked within the window, in millionths of the pool.
    function lossPpm(State storage self) internal view returns (uint256 ppm) {
        // closes are hours apart, so a window holds a few dozen at most
        for (uint256 i = self.losses.length; i != 0; --i) {
            Loss memory loss = self.losses[i - 1];
            if (loss.time + LOSS_WINDOW <= block.timestamp) return ppm;
            ppm += loss.ppm;
        }
    }

    /// @return Loss in millionths of the pool, rounded up; 0 for a gain.
    function lossOf(int256 recognized, uint256 poolEther) internal pure returns (uint32) {
        if (recognized >= 0) return 0;
        // ether fits 128 bits
        uint256 loss = uint256(-recognized);
        // at most the whole pool
        if (loss >= poolEther) return uint32(PPM);
        return uint32((loss * PPM + poolEther - 1) / poolEther);
    }

    function uncoveredThreshold(uint256 poolEther, uint256 thresholdBps) internal pure returns (uint256) {
        return poolEther * thresholdBps / (BPS * 1 gwei);
    }

    /// @dev Whether it goes on after a close of an instant at `openedAt`.
    function _isSlashingOn(State storage self, uint256 poolEther, uint256 thresholdBps, uint256 openedAt)
        private
        view
        returns (bool)
    {
        if (self.slashingUntil <= block.timestamp) return false;
        return openedAt <= self.fellAt || self.uncoveredGwei > uncoveredThreshold(poolEther, thresholdBps);
    }

    /// @notice Whether a close with this result finalizes nothing. The same answer before and after it is booked.
    /// @param openedAt When its instant was frozen.
    function isOnAfter(
        State storage self,
        int256 recognized,
        uint256 poolEther,
        uint256 thresholdBps,
        uint256 openedAt
    ) internal view returns (bool) {
        if (_isSlashingOn(self, poolEther, thresholdBps, openedAt)) return true;
        if (recognized >= 0) return false;
        return self.lossUntil > block.timestamp
            || lossPpm(self) + lossOf(recognized, poolEther) > thresholdBps * PPM_PER_BPS;
    }

    /// @return Whether it is on now.
    function isOn(State storage self, uint256 lastSnapshotTime, uint256 overdueAfter)
        internal
        view
        returns (bool)
    {
        if (self.lossUntil > block.timestamp || self.slashingUntil > block.timestamp) return true;
        uint256 overdueAt = lastSnapshotTime + overdueAfter;
        return block.timestamp > overdueAt && block.timestamp < overdueAt + LONGEST_OVERDUE;
    }

    /// @return The time until which instant exits wait.
    function exitsPausedUntil(State storage self) internal view returns (uint40) {
        uint40 until = self.lossUntil > self.slashingUntil ? self.lossUntil : self.slashingUntil;
        return self.staleUntil > until ? self.staleUntil : until;
    }

    /// @param lastSnapshotTime Unix time.
    /// @param overdueAfter Seconds from it.
    function conditions(
        State storage self,
        uint256 poolEther,
        uint256 thresholdBps,
        uint256 lastSnapshotTime,
        uint256 overdueAfter
    ) internal view returns (Condition[3] memory all) {
        all[0] = _condition(lossPpm(self), thresholdBps * PPM_PER_BPS, self.lossUntil);
        all[1] =
            _condition(self.uncoveredGwei, uncoveredThreshold(poolEther, thresholdBps), self.slashingUntil);
        uint256 since = block.timestamp - lastSnapshotTime;
        uint256 endsAt = since > overdueAfter ? lastSnapshotTime + overdueAfter + LONGEST_OVERDUE : 0;
        all[2] = _condition(since, overdueAfter, endsAt);
    }

    function _condition(uint256 value, uint256 threshold, uint256 until)
        private
        view
        returns (Condition memory)
    {
        return Condition(value, threshold, until > block.timestamp ? until : 0);
    }
}
