// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// @notice The points (cumulative shares, cumulative ether) of the queue and the function F through them.
/// @dev Point 0 is the origin and stored; segment k lies between points k − 1 and k.
library PayoutLine {
    struct Point {
        uint128 shares;
        uint128 etherLocked;
    }

    struct Line {
        Point[] points;
    }

    function start(Line storage self) internal {
        self.points.push(Point(0, 0));
    }

    /// @return Number of the newest point; 0 is the origin.
    function newest(Line storage self) internal view returns (uint256) {
        return self.points.length - 1;
    }

    function end(Line storage self) internal view returns (Point memory) {
        return self.points[self.points.length - 1];
    }

    /// @notice Appends a point `shares` and `amount` wei further on. `shares` > 0.
    /// @dev Casts: the queue bounds the line of shares below 2^96 × 1e9 < 2^126; all ether is below 2^128 wei.
    function append(Line storage self, uint256 shares, uint256 amount) internal returns (Point memory point) {
        Point memory last = end(self);
        point = Point(uint128(last.shares + shares), uint128(last.etherLocked + amount));
        self.points.push(point);
    }

    /// @return Whether segment `k` holds `x`: points[k − 1] < x ≤ points[k].
    function holds(Line storage self, uint256 k, uint256 x) internal view returns (bool) {
        if (k == 0 || k > newest(self)) return false;
        return self.points[k - 1].shares < x && x <= self.points[k].shares;
    }

    /// @return k The segment in `low`..`high` that holds `x`, 0 if none does.
    function find(Line storage self, uint256 x, uint256 low, uint256 high) internal view returns (uint256 k) {
        if (x == 0 || x > self.points[high].shares || x <= self.points[low - 1].shares) return 0;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (x <= self.points[middle].shares) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// @return F(x) in wei for an `x` that segment `k` holds, or for 0.
    function valueIn(Line storage self, uint256 k, uint256 x) internal view returns (uint256) {
        if (x == 0) return 0;
        Point memory a = self.points[k - 1];
        Point memory b = self.points[k];
        return a.etherLocked
            + FixedPointMathLib.fullMulDiv(x - a.shares, b.etherLocked - a.etherLocked, b.shares - a.shares);
    }

    /// @return F(x) for an `x` that lies at or before segment `k`: the common case first, else a search to the left.
    function valueUpTo(Line storage self, uint256 k, uint256 x) internal view returns (uint256) {
        Point memory before = self.points[k - 1];
        if (x > before.shares) return valueIn(self, k, x);
        if (x == before.shares) return before.etherLocked;
        return valueIn(self, find(self, x, 1, k - 1), x);
    }
}
