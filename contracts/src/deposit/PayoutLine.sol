// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The points (cumulative shares, cumulative ether) of the queue and the function F through them.
/// @dev Point 0 is the origin and never written; segment k lies between points k − 1 and k. Points that do not exist
/// yet read as zero, so a segment that does not exist holds nothing.
library PayoutLine {
    struct Point {
        uint128 shares;
        uint128 etherLocked;
    }

    struct Line {
        uint256 newest;
        mapping(uint256 k => Point) points;
    }

    function end(Line storage self) internal view returns (Point memory) {
        return self.points[self.newest];
    }

    /// @notice Appends a point `shares` and `amount` wei further on. `shares` > 0.
    /// @dev Casts: the queue bounds the line of shares below 2^96 × 1e9 < 2^126; all ether is below 2^128 wei.
    function append(Line storage self, uint256 shares, uint256 amount) internal returns (Point memory point) {
        Point memory last = end(self);
        point = Point(uint128(last.shares + shares), uint128(last.etherLocked + amount));
        self.points[++self.newest] = point;
    }

    /// @notice Where a claim of (from, end] ends by a hint `k`, and what it pays.
    /// @return to `end` if segment `k` holds it; the end of the whole line if `k` is its last segment and `end` lies
    /// beyond; 0 if the hint is wrong or nothing of the interval is finalized.
    /// @return amount F(to) − F(from) in wei.
    function claim(Line storage self, uint256 k, uint256 from, uint256 end_)
        internal
        view
        returns (uint256 to, uint256 amount)
    {
        if (k == 0) return (0, 0);
        Point memory b = self.points[k];
        Point memory a = self.points[k - 1];
        if (end_ <= b.shares) to = end_ > a.shares ? end_ : 0;
        else if (from < b.shares && self.points[k + 1].shares == 0) to = b.shares;
        if (to == 0) return (0, 0);
        uint256 before = from > a.shares ? _between(a, b, from) : _upTo(self, k - 1, a, from);
        amount = _between(a, b, to) - before;
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

    /// @return F(x) in wei. 0 beyond the line's end.
    function valueAt(Line storage self, uint256 x) internal view returns (uint256) {
        uint256 k = self.newest == 0 ? 0 : find(self, x, 1, self.newest);
        return k == 0 ? 0 : _between(self.points[k - 1], self.points[k], x);
    }

    /// @dev F(x) for an `x` up to point `k`, which is `p`: mostly the point itself, else a search to the left.
    function _upTo(Line storage self, uint256 k, Point memory p, uint256 x) private view returns (uint256) {
        if (x == p.shares) return p.etherLocked;
        if (x == 0) return 0;
        uint256 segment = find(self, x, 1, k);
        return _between(self.points[segment - 1], self.points[segment], x);
    }

    /// @dev F(x) on the segment from `a` to `b` with a.shares < x ≤ b.shares.
    function _between(Point memory a, Point memory b, uint256 x) private pure returns (uint256) {
        // unchecked: points rise; shares are below 2^126 and ether below 2^128, so the product fits
        unchecked {
            return
                a.etherLocked + (x - a.shares) * uint256(b.etherLocked - a.etherLocked)
                    / (b.shares - a.shares);
        }
    }
}
