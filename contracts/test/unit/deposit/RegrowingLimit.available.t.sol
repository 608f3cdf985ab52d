// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal, InstantExitQuote } from "../../../src/deposit/IStakedEther.sol";
import { RegrowingLimit } from "../../../src/deposit/RegrowingLimit.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { Test } from "forge-std/Test.sol";

contract RegrowingLimitHarness {
    function available(uint256 leftGwei, uint256 since, uint256 full, uint256 timestamp)
        external
        pure
        returns (uint256)
    {
        return RegrowingLimit.available(leftGwei, since, full, timestamp);
    }

    function grownAt(uint256 leftGwei, uint256 since, uint256 full, uint256 amount)
        external
        pure
        returns (uint256)
    {
        return RegrowingLimit.grownAt(leftGwei, since, full, amount);
    }
}

contract RegrowingLimitAvailableTest is Test {
    uint256 private constant NOW = 1_700_000_000;

    RegrowingLimitHarness private limit = new RegrowingLimitHarness();

    function test_Available_RegrowsEvenlyInADay() public view {
        assertEq(limit.available(0, NOW, 10 ether, NOW), 0, "nothing at once");
        assertEq(limit.available(0, NOW, 10 ether, NOW + 1), uint256(10 ether) / 86_400, "a second");
        assertEq(limit.available(0, NOW, 10 ether, NOW + 6 hours), 2.5 ether, "a quarter");
        assertEq(limit.available(3e9, NOW, 10 ether, NOW + 6 hours), 5.5 ether, "what was left, and it");
        assertEq(
            limit.available(0, NOW, 10 ether, NOW + 1 days - 1),
            10 ether - uint256(10 ether) / 86_400 - 1,
            "nearly"
        );
        assertEq(limit.available(0, NOW, 10 ether, NOW + 1 days), 10 ether, "full");
    }

    function test_Available_IsNeverAboveFull() public view {
        assertEq(limit.available(3e9, NOW, 10 ether, NOW + 30 days), 10 ether, "grown");
        assertEq(limit.available(30e9, NOW, 10 ether, NOW), 10 ether, "left from a larger limit");
        assertEq(limit.available(30e9, NOW, 0, NOW + 1 days), 0, "of a limit of nothing");
    }

    function test_GrownAt_RoundsUpToASecond() public view {
        assertEq(limit.grownAt(3e9, NOW, 10 ether, 3 ether), NOW, "nothing is missing");
        assertEq(limit.grownAt(3e9, NOW, 10 ether, 3 ether + 1), NOW + 1, "a wei takes a second");
        assertEq(limit.grownAt(0, NOW, 10 ether, 10 ether), NOW + 1 days, "all of it");
        assertEq(limit.grownAt(0, NOW, 86_400, 86_400), NOW + 1 days, "a wei a second");
    }

    /// The answer is the one whole number that fits, by multiplication alone.
    function testFuzz_Available_IsTheFlooredSumUpToFull(
        uint64 leftGwei,
        uint128 full,
        uint40 elapsed,
        uint40 since
    ) public view {
        uint256 got = limit.available(leftGwei, since, full, uint256(since) + elapsed);
        uint256 exact = uint256(leftGwei) * 1e9 * 86_400 + uint256(full) * elapsed; // in 86,400ths of a wei
        if (exact >= uint256(full) * 86_400) {
            assertEq(got, full, "full");
        } else {
            assertLe(got * 86_400, exact, "no more");
            assertGt((got + 1) * 86_400, exact, "and not a wei less");
        }
    }

    function testFuzz_Available_NeverFallsInTime(uint64 left, uint128 full, uint40 a, uint40 b) public view {
        (uint256 first, uint256 second) = a < b ? (a, b) : (b, a);
        uint256 before = limit.available(left, 0, full, first);
        assertGe(limit.available(left, 0, full, second), before, "monotonous");
    }

    /// Counted from a limit used this second, it is the first second at which enough is available.
    function testFuzz_GrownAt_IsTheFirstSecond(uint64 left, uint128 full, uint256 amount) public view {
        uint256 leftWei = uint256(left) * 1e9;
        vm.assume(full > leftWei);
        amount = bound(amount, leftWei + 1, full);
        uint256 at = limit.grownAt(left, NOW, full, amount);
        assertGe(limit.available(left, NOW, full, at), amount, "enough");
        assertLt(limit.available(left, NOW, full, at - 1), amount, "not a second before");
        assertLe(at, NOW + 1 days, "within a day");
    }
}

/// The same through the token: pool of 1000 ETH, a snapshot of this second, a full limit of 10 ETH.
contract RegrowingLimitOfExitsTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 999 ether);
        rebase(0);
    }

    function _exit(uint256 amount) private {
        vm.prank(alice);
        token.instantExit(amount, 0, alice);
    }

    function testFuzz_RetryAt_IsTheFirstSecondOfSuccess(uint256 used, uint256 waited, uint256 amount) public {
        used = bound(used, 1 ether, 10 ether);
        _exit(used);
        waited = bound(waited, 0, 1 hours);
        vm.warp(block.timestamp + waited);
        uint256 full = token.getTotalPooledEther() / 100;
        uint256 left = token.quoteInstantExit(0).available;
        vm.assume(left < full);
        amount = bound(amount, left + 1, full);
        InstantExitQuote memory q = token.quoteInstantExit(amount);
        assertTrue(q.refusal == ExitRefusal.Limit, "used up");
        vm.warp(q.retryAt - 1);
        assertTrue(token.quoteInstantExit(amount).refusal == ExitRefusal.Limit, "the second before");
        vm.warp(q.retryAt);
        assertTrue(token.quoteInstantExit(amount).refusal == ExitRefusal.None, "the second");
        uint256 had = alice.balance;
        _exit(amount);
        assertEq(alice.balance - had, q.etherOut, "as quoted");
    }

    /// `retryAt` is promised as the earliest success. An hour after an exit an amount is asked that the limit will
    /// just have grown to in 100 seconds.
    function test_RetryAt_IsTheFirstSecondForAnAmountThatJustFits() public {
        _exit(10 ether);
        uint256 used = block.timestamp;
        for (uint256 wait = 1 hours; wait < 1 hours + 20; ++wait) {
            vm.warp(used + wait + 100);
            uint256 amount = token.quoteInstantExit(0).available;
            vm.warp(used + wait);
            uint256 retryAt = token.quoteInstantExit(amount).retryAt;
            assertEq(retryAt, used + wait + 100, "the second at which it fits");
        }
    }

    /// It speaks of the limit alone: what else stands in the way by then is another refusal.
    function test_RetryAt_IsTheLimitsClockOnly() public {
        _exit(10 ether);
        vm.warp(block.timestamp + EXIT_SNAPSHOT_AGE - 1 hours);
        _exit(9.9 ether);
        InstantExitQuote memory q = token.quoteInstantExit(1 ether);
        assertTrue(q.refusal == ExitRefusal.Limit, "used up");
        assertGt(
            q.retryAt, uint256(token.lastSnapshotTime()) + EXIT_SNAPSHOT_AGE, "the snapshot ages meanwhile"
        );
        vm.warp(q.retryAt);
        assertTrue(token.quoteInstantExit(1 ether).refusal == ExitRefusal.SnapshotOld, "by then it is old");
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp), 0, 0, 0);
        vm.deal(address(token), 5.4 ether);
        q = token.quoteInstantExit(9 ether);
        assertTrue(q.refusal == ExitRefusal.Limit && q.retryAt != 0, "the limit is told first");
        assertEq(q.available, token.freeEther(), "though less than the limit is free");
        vm.warp(q.retryAt);
        assertTrue(
            token.quoteInstantExit(9 ether).refusal == ExitRefusal.FreeEther, "and is still not free then"
        );
    }
}
