// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BondMathHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

contract SlashingLossExpectedTest is Test {
    BondMathHarness private math = new BondMathHarness();

    /// MIN_SLASHING_PENALTY_QUOTIENT_ELECTRA.
    function test_Initial_IsA4096thOfTheEffectiveBalance() public view {
        assertEq(math.initialGwei(2048e9), 0.5e9, "full validator");
        assertEq(math.initialGwei(32e9), 7_812_500, "small validator");
        assertEq(math.initialGwei(4095), 0, "rounded down");
        assertEq(math.initialGwei(4096), 1, "rounded down");
        assertEq(math.initialGwei(type(uint64).max), type(uint64).max / 4096, "no overflow");
    }

    /// Initial 0.5, correlation 2,048 × 3 × 2,048 / 25,000,000, idleness 0.21 %.
    function test_Expected_AddsInitialCorrelationAndIdleness() public view {
        assertEq(math.expectedGwei(2048e9, 0), 0.5e9 + 503_316_480 + 4_300_800_000, "one full validator");
        assertEq(math.expectedGwei(32e9, 0), 7_812_500 + 122_880 + 67_200_000, "one small validator");
        assertEq(math.expectedGwei(32e9, 10_224e9), 7_812_500 + 78_643_200 + 67_200_000, "in company");
        assertEq(math.expectedGwei(0, 2048e9), 0, "nothing to lose");
    }

    /// Each adds what it brings itself and the others: together what all lose at once.
    function testFuzz_Expected_AddsUpToTheLossOfAll(uint8 count) public view {
        uint256 n = bound(count, 1, 40);
        uint256 sum;
        for (uint256 i; i < n; ++i) {
            sum += math.expectedGwei(2048e9, i * 2048e9);
        }
        uint256 all = n * 2048e9;
        uint256 together = n * 0.5e9 + all * 3 * all / 25_000_000e9 + all * 21 / 10_000;
        assertApproxEqAbs(sum, together, n, "a gwei of rounding for each");
    }

    /// At a third of the network's stake everything is lost, and never more.
    function test_Expected_IsAtMostTheBalance() public view {
        assertEq(math.expectedGwei(2048e9, 4_166_667e9), 2048e9, "all of it");
        assertEq(math.expectedGwei(2048e9, type(uint64).max), 2048e9, "all of it, not more");
        assertLt(math.expectedGwei(2048e9, 4_000_000e9), 2048e9, "somewhat below");
    }

    function testFuzz_Expected_GrowsWithBothAndIsBounded(uint64 a, uint64 b, uint64 slashed, uint64 more)
        public
        view
    {
        (a, b) = (uint64(bound(a, 0, 2048e9)), uint64(bound(b, 0, 2048e9)));
        if (a > b) (a, b) = (b, a);
        uint256 total = uint256(slashed) + more;
        uint64 expected = math.expectedGwei(a, slashed);
        assertLe(expected, a, "at most the balance");
        assertGe(expected, math.initialGwei(a), "at least the initial penalty");
        assertLe(expected, math.expectedGwei(b, slashed), "more at stake, no less lost");
        assertLe(expected, math.expectedGwei(a, total), "more company, no less lost");
    }
}
