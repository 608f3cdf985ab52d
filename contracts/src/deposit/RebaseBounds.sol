// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "./IStakedEther.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// @notice What a rebase may do to the pool, whatever the caller of `applyRebase` says. Pure arithmetic.
library RebaseBounds {
    using FixedPointMathLib for uint256;

    uint256 internal constant MIN_INTERVAL = 4 hours;
    uint256 internal constant MAX_RISE_BPS_PER_DAY = 10;
    uint256 internal constant MAX_RISE_TIME = 3 days;
    uint256 internal constant MAX_FEE_BPS = 1500;
    uint256 internal constant BIG_LOSS_BPS = 100;
    uint256 internal constant BIG_LOSS_PAUSE = 3 days;
    uint256 internal constant BPS = 10_000;

    struct Input {
        uint256 poolShares;
        uint256 poolEther;
        uint256 markShares;
        uint256 markEther;
        int256 recognized;
        uint256 burnShares;
        uint256 feeShares;
        uint256 elapsedSeconds;
    }

    struct Result {
        uint256 poolShares;
        uint256 poolEther;
        uint256 markShares;
        uint256 markEther;
        bool bigLoss;
    }

    /// @return Seconds between both snapshots.
    function requireSnapshotTime(uint256 snapshotTime, uint256 lastSnapshotTime)
        internal
        view
        returns (uint256)
    {
        uint256 earliest = lastSnapshotTime + MIN_INTERVAL;
        if (snapshotTime < earliest || snapshotTime > block.timestamp) {
            revert IStakedEther.SnapshotTimeInvalid(snapshotTime, earliest, block.timestamp);
        }
        return snapshotTime - lastSnapshotTime;
    }

    /// @notice loss → burn → mark → gain → fee → mark, each step within its bound.
    function apply_(Input memory i) internal pure returns (Result memory r) {
        (r.poolShares, r.poolEther) = (i.poolShares, i.poolEther);
        (r.markShares, r.markEther) = (i.markShares, i.markEther);
        if (i.recognized < 0) {
            // a loss is never refused; at worst the pool is empty
            uint256 loss = i.recognized == type(int256).min ? type(uint256).max : uint256(-i.recognized);
            r.poolEther = loss < r.poolEther ? r.poolEther - loss : 0;
            r.bigLoss = r.poolEther * BPS < i.poolEther * (BPS - BIG_LOSS_BPS);
        }
        // the caller holds burnShares, so they are at most poolShares; the seed holder's share keeps this above 0
        r.poolShares -= i.burnShares;
        _raiseMark(r);

        uint256 gain = i.recognized > 0 ? uint256(i.recognized) : 0;
        r.poolEther += gain;
        uint256 allowedFee = _feeSharesAllowed(r, gain);
        if (i.feeShares > allowedFee) revert IStakedEther.FeeAboveCap(i.feeShares, allowedFee);
        r.poolShares += i.feeShares;
        _raiseMark(r);
        _requireRise(i, r);
    }

    /// @dev mark = max(mark, rate), compared as fractions.
    function _raiseMark(Result memory r) private pure {
        // uint128 × uint128 fits uint256
        if (r.poolEther * r.markShares > r.markEther * r.poolShares) {
            (r.markEther, r.markShares) = (r.poolEther, r.poolShares);
        }
    }

    /// @dev base = min(gain, max(0, ether − ⌈mark × shares⌉)); the shares that take 15 % of it out of the new total.
    function _feeSharesAllowed(Result memory r, uint256 gain) private pure returns (uint256) {
        uint256 atMark = r.markEther.fullMulDivUp(r.poolShares, r.markShares);
        uint256 base = FixedPointMathLib.min(gain, r.poolEther > atMark ? r.poolEther - atMark : 0);
        uint256 fee = base * MAX_FEE_BPS / BPS;
        return fee == 0 ? 0 : fee.fullMulDiv(r.poolShares, r.poolEther - fee);
    }

    /// @dev rateAfter ≤ rateBefore × (1 + 10 bps × days), days ≤ 3, with the pool's ether allowed by it rounded down.
    function _requireRise(Input memory i, Result memory r) private pure {
        uint256 time = FixedPointMathLib.min(i.elapsedSeconds, MAX_RISE_TIME);
        uint256 unit = BPS * 1 days;
        uint256 flat = i.poolEther.fullMulDiv(r.poolShares, i.poolShares);
        uint256 allowed = flat + flat.fullMulDiv(MAX_RISE_BPS_PER_DAY * time, unit);
        // +1 wei: burning shares at an unchanged rate rounds `flat` down
        if (r.poolEther > allowed + 1) revert IStakedEther.RebaseAboveCap(r.poolEther, allowed);
    }
}
