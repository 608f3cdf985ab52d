// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { PayoutLine } from "../../../src/deposit/PayoutLine.sol";
import { PayoutLineHarness } from "../../support/DepositHarness.sol";
import { Test } from "forge-std/Test.sol";

contract PayoutLineValueTest is Test {
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

    function test_Start_IsTheOrigin() public view {
        assertEq(line.newest(), 0, "point 0");
        assertEq(line.end().shares, 0, "shares");
        assertEq(line.end().etherLocked, 0, "ether");
        assertFalse(line.holds(0, 0), "no segment 0");
        assertFalse(line.holds(1, 1), "no segment 1 yet");
        assertEq(line.find(1, 1, 0), 0, "nothing to find");
    }

    function test_Append_Accumulates() public {
        line.append(10, 5);
        PayoutLine.Point memory p = line.append(3, 9);
        assertEq(p.shares, 13, "shares");
        assertEq(p.etherLocked, 14, "ether");
        assertEq(line.newest(), 2, "number");
    }

    function test_Holds_IsOpenAtTheLeftAndClosedAtTheRight() public {
        line.append(10, 5);
        line.append(10, 7);
        assertFalse(line.holds(2, 10), "left end belongs to the segment before");
        assertTrue(line.holds(1, 10), "right end");
        assertTrue(line.holds(2, 11), "inside");
        assertTrue(line.holds(2, 20), "right end");
        assertFalse(line.holds(2, 21), "beyond");
        assertFalse(line.holds(3, 15), "no such segment");
        assertFalse(line.holds(1, 0), "zero lies in none");
    }

    function testFuzz_Value_EqualsNaiveWalk(uint256 seed, uint8 count, uint256 x) public {
        (uint256[] memory s, uint256[] memory e) = _fill(seed, bound(count, 1, 12));
        x = bound(x, 1, line.end().shares);
        uint256 k = line.find(x, 1, line.newest());
        assertTrue(line.holds(k, x), "found segment holds it");
        assertEq(line.valueIn(k, x), _naive(s, e, x), "F(x)");
        for (uint256 j = k; j <= line.newest(); ++j) {
            assertEq(line.valueUpTo(j, x), _naive(s, e, x), "from any segment at or after it");
        }
        assertEq(line.valueUpTo(1, 0), 0, "F(0)");
        assertEq(line.valueIn(1, 0), 0, "F(0)");
    }

    function testFuzz_Find_WithinARangeOrZero(uint256 seed, uint256 x, uint8 a, uint8 b) public {
        _fill(seed, 12);
        x = bound(x, 0, line.end().shares + 5);
        uint256 low = bound(a, 1, 12);
        uint256 high = bound(b, low, 12);
        uint256 k = line.find(x, low, high);
        for (uint256 j = low; j <= high; ++j) {
            assertEq(line.holds(j, x), j == k, "exactly the one that holds it");
        }
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
            uint256 k = line.find(to, 1, 6);
            uint256 upper = line.valueIn(k, to);
            uint256 lower = line.valueUpTo(k, from);
            assertGe(upper, lower, "F never falls");
            sum += upper - lower;
            from = to;
        }
        assertEq(sum, line.end().etherLocked, "W1: all pieces are all that was locked");
    }
}
