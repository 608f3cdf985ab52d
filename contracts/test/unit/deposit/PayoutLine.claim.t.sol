// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { PayoutLine } from "../../../src/deposit/PayoutLine.sol";
import { PayoutLineHarness } from "../../support/DepositHarness.sol";
import { Test } from "forge-std/Test.sol";

contract PayoutLineClaimTest is Test {
    PayoutLineHarness private line;

    function setUp() public {
        line = new PayoutLineHarness();
    }

    /// F(x) by walking over all segments from the left.
    function _naive(uint256[] memory s, uint256[] memory e, uint256 x) private pure returns (uint256) {
        uint256 shares;
        uint256 locked;
        for (uint256 i; i < s.length; ++i) {
            if (x <= shares + s[i]) return locked + (x - shares) * e[i] / s[i];
            shares += s[i];
            locked += e[i];
        }
        revert("beyond");
    }

    function _fill(uint256 seed, uint256 count) private returns (uint256[] memory s, uint256[] memory e) {
        s = new uint256[](count);
        e = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            s[i] = 1 + uint256(keccak256(abi.encode(seed, i))) % 1e30;
            e[i] = uint256(keccak256(abi.encode(seed, "e", i))) % 1e21;
            line.append(s[i], e[i]);
        }
    }

    /// Number of the segment that holds x: points[k − 1] < x ≤ points[k], by walking; 0 if none.
    function _segment(uint256[] memory s, uint256 x) private pure returns (uint256) {
        uint256 shares;
        for (uint256 i; i < s.length; ++i) {
            if (x > shares && x <= shares + s[i]) return i + 1;
            shares += s[i];
        }
        return 0;
    }

    function test_Start_IsTheOrigin() public view {
        assertEq(line.newest(), 0, "point 0");
        assertEq(line.end().shares, 0, "shares");
        assertEq(line.end().etherLocked, 0, "ether");
        assertEq(line.find(1, 1, 0), 0, "nothing to find");
        assertEq(line.valueAt(1), 0, "nothing locked");
        for (uint256 k; k < 3; ++k) {
            (uint256 to, uint256 amount) = line.claim(k, 0, 1);
            assertEq(to + amount, 0, "nothing to claim");
        }
    }

    function test_Append_Accumulates() public {
        line.append(10, 5);
        PayoutLine.Point memory p = line.append(3, 9);
        assertEq(p.shares, 13, "shares");
        assertEq(p.etherLocked, 14, "ether");
        assertEq(line.newest(), 2, "number");
    }

    function test_Claim_TakesOnlyTheSegmentThatHoldsTheEnd() public {
        line.append(10, 5);
        line.append(10, 7);
        line.append(10, 9);
        (uint256 to, uint256 amount) = line.claim(2, 5, 20);
        assertEq(to, 20, "right end belongs to the segment");
        assertEq(amount, 12 - 2, "F(20) - F(5)");
        (to,) = line.claim(3, 5, 20);
        assertEq(to, 0, "left end belongs to the segment before");
        (to,) = line.claim(1, 5, 20);
        assertEq(to, 0, "beyond the segment, and it is not the last");
        (to, amount) = line.claim(3, 25, 40);
        assertEq(to, 30, "a part: up to the end of the line");
        assertEq(amount, 21 - 16, "F(30) - F(25)");
        (to,) = line.claim(3, 30, 40);
        assertEq(to, 0, "nothing more is finalized");
        (to,) = line.claim(0, 0, 5);
        assertEq(to, 0, "no segment 0");
        (to,) = line.claim(4, 25, 40);
        assertEq(to, 0, "no such segment");
    }

    /// The example drawn in docs/deposit.md.
    function test_Claim_TheDrawnExample() public {
        line.append(120e27, 120 ether);
        (uint256 to, uint256 amount) = line.claim(1, 100e27, 160e27);
        assertEq(to, 120e27, "request 2 is claimable in part after point 1");
        assertEq(amount, 20 ether, "20 at 1.00");
        line.append(80e27, 81.6 ether);
        (, amount) = line.claim(1, 0, 100e27);
        assertEq(amount, 100 ether, "request 1");
        (, amount) = line.claim(2, 100e27, 160e27);
        assertEq(amount, 60.8 ether, "request 2");
        (, amount) = line.claim(2, 160e27, 200e27);
        assertEq(amount, 40.8 ether, "request 3");
    }

    function testFuzz_Value_EqualsNaiveWalk(uint256 seed, uint8 count, uint256 x) public {
        (uint256[] memory s, uint256[] memory e) = _fill(seed, bound(count, 1, 12));
        x = bound(x, 1, line.end().shares);
        assertEq(line.find(x, 1, line.newest()), _segment(s, x), "the segment that holds it");
        assertEq(line.valueAt(x), _naive(s, e, x), "F(x)");
        assertEq(line.valueAt(0), 0, "F(0)");
    }

    /// Every hint either pays exactly F(to) − F(from) or is refused, and exactly one pays.
    function testFuzz_Claim_EqualsNaiveWalkForTheOneRightHint(
        uint256 seed,
        uint8 count,
        uint256 from,
        uint256 end
    ) public {
        (uint256[] memory s, uint256[] memory e) = _fill(seed, bound(count, 1, 12));
        uint256 finalized = line.end().shares;
        end = bound(end, 1, finalized + 1e30);
        from = bound(from, 0, end - 1);
        uint256 due = end < finalized ? end : finalized;
        uint256 right = from < finalized ? _segment(s, due) : 0;
        for (uint256 k; k <= line.newest() + 2; ++k) {
            (uint256 to, uint256 amount) = line.claim(k, from, end);
            if (k != right || right == 0) {
                assertEq(to + amount, 0, "refused");
            } else {
                assertEq(to, due, "up to");
                assertEq(amount, _naive(s, e, due) - (from == 0 ? 0 : _naive(s, e, from)), "paid");
            }
        }
    }

    function testFuzz_Find_WithinARangeOrZero(uint256 seed, uint256 x, uint8 a, uint8 b) public {
        (uint256[] memory s,) = _fill(seed, 12);
        x = bound(x, 0, line.end().shares + 5);
        uint256 low = bound(a, 1, 12);
        uint256 high = bound(b, low, 12);
        uint256 right = _segment(s, x);
        assertEq(line.find(x, low, high), right >= low && right <= high ? right : 0, "or zero");
    }

    /// W4: pieces add up whatever the cuts, and F never falls.
    function testFuzz_Value_TelescopesOverAnyCuts(uint256 seed, uint256[6] memory cuts) public {
        _fill(seed, 6);
        uint256 end = line.end().shares;
        for (uint256 i; i < 6; ++i) {
            cuts[i] = bound(cuts[i], 1, end);
            for (uint256 j = i; j > 0 && cuts[j] < cuts[j - 1]; --j) {
                (cuts[j], cuts[j - 1]) = (cuts[j - 1], cuts[j]);
            }
        }
        uint256 sum;
        uint256 from;
        for (uint256 i; i <= 6; ++i) {
            uint256 to = i == 6 ? end : cuts[i];
            if (to == from) continue;
            (uint256 upTo, uint256 amount) = line.claim(line.find(to, 1, 6), from, to);
            assertEq(upTo, to, "the whole piece");
            sum += amount;
            from = to;
        }
        assertEq(sum, line.end().etherLocked, "W1: all pieces are all that was locked");
    }
}
