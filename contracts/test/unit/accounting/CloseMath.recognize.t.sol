// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { CloseMathHarness } from "../../support/AccountingHarness.sol";
import { Test } from "forge-std/Test.sol";

contract CloseMathRecognizeTest is Test {
    CloseMathHarness private math = new CloseMathHarness();

    function _recognize(uint256 total, uint256 pool, uint256 elapsed, uint256 bps)
        private
        view
        returns (int256 recognized, uint256 reserve)
    {
        return math.recognize(total, pool, math.cap(pool, elapsed, bps));
    }

    function test_Recognize_ALossIsBookedWhole() public view {
        (int256 recognized, uint256 reserve) = _recognize(70 ether, 100 ether, 1 days, 3);
        assertEq(recognized, -30 ether, "whole");
        assertEq(reserve, 0, "none");
        (recognized,) = _recognize(0, 100 ether, 0, 3);
        assertEq(recognized, -100 ether, "everything");
    }

    function test_Recognize_AGainUpToTheCap() public view {
        (int256 recognized, uint256 reserve) = _recognize(10_003 ether, 10_000 ether, 1 days, 3);
        assertEq(recognized, 3 ether, "at the cap");
        assertEq(reserve, 0, "nothing is left");
        (recognized, reserve) = _recognize(10_003 ether + 1, 10_000 ether, 1 days, 3);
        assertEq(recognized, 3 ether, "capped");
        assertEq(reserve, 1, "the rest waits");
        (recognized, reserve) = _recognize(10_100 ether, 10_000 ether, 12 hours, 3);
        assertEq(recognized, 1.5 ether, "half a day, half the cap");
        assertEq(reserve, 98.5 ether, "the rest waits");
        (recognized,) = _recognize(10_100 ether, 10_000 ether, 300 days, 3);
        assertEq(recognized, 9 ether, "three days at most");
    }

    function testFuzz_Recognize_NothingIsLostOrMade(uint128 total, uint128 pool, uint40 elapsed, uint16 bps)
        public
        view
    {
        bps = uint16(bound(bps, 1, 10));
        (int256 recognized, uint256 reserve) = _recognize(total, pool, elapsed, bps);
        assertEq(int256(uint256(pool)) + recognized + int256(reserve), int256(uint256(total)), "A1");
        if (recognized > 0) {
            uint256 time = elapsed < 3 days ? elapsed : 3 days;
            assertLe(uint256(recognized), uint256(pool) * bps * time / (10_000 * 1 days), "A6: cap");
        } else {
            assertEq(recognized < 0 ? reserve : 0, 0, "no reserve on a loss");
        }
    }

    function test_SharesToFinalize_WhatCanBePaidAndIsInReach() public view {
        assertEq(math.sharesToFinalize(50e27, 100 ether, 200e27, 100 ether), 50e27, "in reach");
        assertEq(math.sharesToFinalize(50e27, 10 ether, 200e27, 100 ether), 20e27, "payable");
        assertEq(math.sharesToFinalize(50e27, 0, 200e27, 100 ether), 0, "no ether");
        assertEq(math.sharesToFinalize(50e27, 10 ether, 200e27, 0), 0, "an empty pool finalizes nothing");
    }

    function testFuzz_SharesToFinalize_CanAlwaysBePaid(
        uint128 reach,
        uint128 ethers,
        uint128 shares,
        uint128 pool
    ) public view {
        uint256 s = bound(shares, 1, type(uint128).max);
        uint256 e = bound(pool, 1, type(uint128).max);
        uint256 result = math.sharesToFinalize(reach, ethers, s, e);
        assertLe(result, reach, "in reach");
        // floor of floor: e.g. result ≤ ethers × s / e
        assertLe(result / s * e + result % s * e / s, ethers, "paid by what is there");
    }
}
