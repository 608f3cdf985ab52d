// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IExitLine } from "./IExitLine.sol";
import { IStakerGovernor } from "./IStakerGovernor.sol";

/// @notice The queue rule: who disagrees with a proposal leaves first. From queueing to execution in three steps: give the
/// notice, mark the end of the queue's line, wait until the line is finalized up to the mark.
library ExitNotice {
    uint256 internal constant MAX_WAIT = 60 days;

    /// @param etaSeconds When the timelock lets it pass.
    /// @param noticeSeconds Shortest time in which people may start to leave.
    function give(
        IStakerGovernor.Notice storage self,
        uint256 proposalId,
        uint48 etaSeconds,
        uint32 noticeSeconds,
        bool isExempt
    ) internal {
        // Unix seconds fit 48 bits for ages
        uint48 queuedAt = uint48(block.timestamp);
        uint48 endsAt = queuedAt + noticeSeconds;
        if (isExempt || endsAt < etaSeconds) endsAt = etaSeconds;
        (self.queuedAt, self.endsAt, self.isExempt) = (queuedAt, endsAt, isExempt);
        emit IStakerGovernor.NoticeGiven(proposalId, queuedAt, endsAt, isExempt);
    }

    /// @param opensAt From when on it may be marked, at least the end of the notice.
    function mark(IStakerGovernor.Notice storage self, uint256 proposalId, uint256 opensAt, IExitLine queue)
        internal
    {
        if (self.queuedAt == 0) revert IStakerGovernor.NoticeUnknown(proposalId);
        if (self.isExempt) revert IStakerGovernor.NoticeNotNeeded(proposalId);
        if (self.isMarked) revert IStakerGovernor.QueueMarkedBefore(proposalId);
        if (block.timestamp < opensAt) revert IStakerGovernor.NoticeRunning(proposalId, opensAt);
        uint256 end = endOf(queue);
        // the queue keeps its line below 2^126 shares
        (self.isMarked, self.markShares) = (true, uint128(end));
        emit IStakerGovernor.QueueMarked(proposalId, end, end - queue.unfinalizedShares());
    }

    /// @notice Reverts while somebody who started to leave in time may still be in the queue.
    function requireAllOut(
        IStakerGovernor.Notice storage self,
        uint256 proposalId,
        uint256 opensAt,
        IExitLine queue
    ) internal view {
        if (self.isExempt || block.timestamp >= latest(self)) return;
        if (self.isMarked) {
            uint256 ahead = sharesAhead(self, queue);
            if (ahead != 0) revert IStakerGovernor.StakersStillLeaving(proposalId, ahead, latest(self));
        } else {
            if (block.timestamp < opensAt) revert IStakerGovernor.NoticeRunning(proposalId, opensAt);
            // an empty queue has nobody to wait for
            uint256 unfinalized = queue.unfinalizedShares();
            if (unfinalized != 0) revert IStakerGovernor.QueueNotMarked(proposalId, unfinalized);
        }
    }

    /// @return Unix seconds from which it waits for nobody any more.
    function latest(IStakerGovernor.Notice storage self) internal view returns (uint256) {
        uint256 until = self.queuedAt + MAX_WAIT;
        return until < self.endsAt ? self.endsAt : until;
    }

    /// @return Unix seconds at which it waits for nobody any more, at the latest: what was never marked waits for nobody.
    function waitsUntil(IStakerGovernor.Notice storage self) internal view returns (uint256) {
        return self.isMarked ? latest(self) : self.endsAt;
    }

    /// @return Shares before the mark that are not finalized.
    function sharesAhead(IStakerGovernor.Notice storage self, IExitLine queue)
        internal
        view
        returns (uint256)
    {
        uint256 finalized = endOf(queue) - queue.unfinalizedShares();
        return self.isMarked && self.markShares > finalized ? self.markShares - finalized : 0;
    }

    /// @return end Cumulative shares at the end of the line: where the last request ends, claimed or not.
    function endOf(IExitLine queue) internal view returns (uint256 end) {
        uint256 last = queue.getLastRequestId();
        if (last != 0) (,, end,,) = queue.position(last);
    }
}
