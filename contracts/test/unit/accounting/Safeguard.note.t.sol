// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Condition, Reason, Safeguard } from "../../../src/accounting/Safeguard.sol";
import { SafeguardHarness } from "../../support/AccountingHarness.sol";
import { Test } from "forge-std/Test.sol";

/// When exits wait, for how long, and what ends it. Threshold: 5 bps of a pool of 10,000 ETH, 5 ETH.
contract SafeguardTest is Test {
    uint256 private constant POOL = 10_000 ether;
    uint256 private constant BPS = 5;
    uint64 private constant OVER = 5e9 + 1;

    SafeguardHarness private guard = new SafeguardHarness();

    function setUp() public {
        vm.warp(1_800_000_000);
    }

    // ------------------------------------------------------------ losses

    function test_NoteClose_LossAboveTheThreshold() public {
        assertFalse(guard.isOnAfter(-5 ether, POOL, BPS, block.timestamp), "at the threshold");
        assertTrue(guard.isOnAfter(-5.001 ether, POOL, BPS, block.timestamp), "above it, before it is booked");
        vm.expectEmit(address(guard));
        emit Safeguard.SafeguardEntered(Reason.Loss, 501, 500, block.timestamp + 7 days);
        _close(-5.001 ether);
        assertTrue(_isOn());
        assertEq(guard.exitsPausedUntil(), block.timestamp + 7 days);
        Condition memory c = _condition(Reason.Loss);
        assertEq(c.value, 501);
        assertEq(c.threshold, 500);
        assertEq(c.endsAt, block.timestamp + 7 days);
    }

    function test_NoteClose_LossesOfAWeekAddUp() public {
        for (uint256 i; i < 3; ++i) {
            _close(-2 ether);
            assertEq(_isOn(), i == 2, "6 ETH in three days");
            vm.warp(block.timestamp + 1 days);
        }
    }

    function test_NoteClose_OlderLossesDoNot() public {
        _close(-3 ether);
        vm.warp(block.timestamp + 7 days);
        _close(-3 ether);
        assertFalse(_isOn());
        assertEq(guard.lossPpm(), 300);
    }

    function test_NoteClose_OneWithoutALossEndsIt() public {
        _close(-6 ether);
        vm.expectEmit(address(guard));
        emit Safeguard.SafeguardLeft(Reason.Loss, 600);
        _close(0);
        assertFalse(_isOn());
        assertEq(guard.exitsPausedUntil(), 0);
        // the losses still stand: another small one is above the threshold again, and a new fact
        assertTrue(guard.isOnAfter(-0.1 ether, POOL, BPS, block.timestamp));
        _close(-0.1 ether);
        assertTrue(_isOn());
    }

    function test_NoteClose_TheClockEndsIt() public {
        _close(-6 ether);
        vm.warp(block.timestamp + 7 days);
        assertFalse(_isOn());
        assertEq(_condition(Reason.Loss).endsAt, 0);
        assertEq(_condition(Reason.Loss).value, 0);
    }

    function test_NoteClose_LossOfEverything() public {
        _close(-int256(POOL));
        assertEq(guard.lossPpm(), 1_000_000);
        guard.noteClose(-1, 0, BPS, block.timestamp);
        assertEq(guard.lossPpm(), 2_000_000, "of an empty pool");
    }

    // ------------------------------------------------------------ slashings

    function test_NoteUncovered_AboveTheThreshold() public {
        uint256 paidOutAt = block.timestamp + 36 days;
        guard.noteUncovered(5e9, paidOutAt, POOL, BPS);
        assertFalse(_isOn(), "at the threshold");
        vm.expectEmit(address(guard));
        emit Safeguard.SafeguardEntered(Reason.Slashing, OVER, 5e9, paidOutAt);
        guard.noteUncovered(OVER, paidOutAt, POOL, BPS);
        assertTrue(_isOn());
        assertTrue(guard.isOnAfter(1 ether, POOL, BPS, block.timestamp), "a gain does not end it");
        assertEq(guard.exitsPausedUntil(), paidOutAt);
        assertEq(_condition(Reason.Slashing).value, OVER);
        assertEq(_condition(Reason.Slashing).endsAt, paidOutAt);
    }

    function test_NoteUncovered_AtMostFortyDays() public {
        guard.noteUncovered(OVER, block.timestamp + 100 days, POOL, BPS);
        assertEq(guard.exitsPausedUntil(), block.timestamp + 40 days);
    }

    /// What a settlement shows as lost is in no rate yet: the close of a state from after it ends the pause, no sooner one.
    function test_NoteUncovered_TheCloseAfterASettlementEndsIt() public {
        uint256 until = block.timestamp + 36 days;
        guard.noteUncovered(OVER, until, POOL, BPS);
        vm.warp(block.timestamp + 1 days);
        guard.noteUncovered(5e9, 0, POOL, BPS);
        assertTrue(_isOn(), "settled, not booked");
        assertTrue(guard.isOnAfter(0, POOL, BPS, block.timestamp - 1), "opened before");
        guard.noteClose(0, POOL, BPS, block.timestamp - 1);
        assertEq(guard.exitsPausedUntil(), until);
        vm.warp(block.timestamp + 1 days);
        assertFalse(guard.isOnAfter(0, POOL, BPS, block.timestamp), "opened after it");
        vm.expectEmit(address(guard));
        emit Safeguard.SafeguardLeft(Reason.Slashing, 5e9);
        guard.noteClose(0, POOL, BPS, block.timestamp);
        assertFalse(_isOn());
        assertEq(guard.exitsPausedUntil(), 0);
    }

    /// H7: changes below the threshold are no new fact: whoever makes them during each checkpoint keeps nothing on.
    function test_NoteUncovered_ChangesBelowTheThresholdProlongNothing() public {
        guard.noteUncovered(OVER, block.timestamp + 36 days, POOL, BPS);
        guard.noteUncovered(4e9, 0, POOL, BPS);
        vm.warp(block.timestamp + 1 days);
        uint256 openedAt = block.timestamp;
        vm.warp(block.timestamp + 1 hours);
        guard.noteUncovered(3.9e9, 0, POOL, BPS);
        guard.noteClose(0, POOL, BPS, openedAt);
        assertFalse(_isOn());
    }

    /// A threshold that governance raises meanwhile lets no loss pass while the condition is on.
    function test_NoteClose_ALossWhileItIsOnFinalizesNothing() public {
        _close(-6 ether);
        assertTrue(guard.isOnAfter(-0.1 ether, POOL, 10, block.timestamp));
        assertFalse(guard.isOnAfter(0, POOL, 10, block.timestamp));
    }

    function test_NoteUncovered_ACloseDoesNotEndWhatIsStillUncovered() public {
        guard.noteUncovered(OVER, block.timestamp + 36 days, POOL, BPS);
        guard.noteClose(1 ether, POOL, BPS, block.timestamp + 1);
        assertTrue(_isOn());
    }

    /// Only a new slashing prolongs it; one that changes in another way does not.
    function test_NoteUncovered_NoFactNoLonger() public {
        uint256 until = block.timestamp + 10 days;
        guard.noteUncovered(OVER, until, POOL, BPS);
        vm.warp(block.timestamp + 5 days);
        guard.noteUncovered(OVER + 1, 0, POOL, BPS);
        assertEq(guard.exitsPausedUntil(), until);
        guard.noteUncovered(2 * OVER, until + 5 days, POOL, BPS);
        assertEq(guard.exitsPausedUntil(), until + 5 days);
    }

    function test_NoteUncovered_LossEndsApart() public {
        _close(-6 ether);
        guard.noteUncovered(OVER, block.timestamp + 3 days, POOL, BPS);
        assertEq(guard.exitsPausedUntil(), block.timestamp + 7 days, "the longer of both");
        _close(0);
        assertEq(guard.exitsPausedUntil(), block.timestamp + 3 days, "the other goes on");
        assertTrue(_isOn());
    }

    // ------------------------------------------------------------ overdue

    function test_Overdue() public {
        uint256 snapshot = block.timestamp;
        vm.warp(snapshot + 46 hours);
        assertFalse(guard.isOn(snapshot, 46 hours));
        vm.warp(snapshot + 46 hours + 1);
        assertTrue(guard.isOn(snapshot, 46 hours));
        Condition memory c = guard.conditions(POOL, BPS, snapshot, 46 hours)[uint8(Reason.Overdue)];
        assertEq(c.value, 46 hours + 1);
        assertEq(c.threshold, 46 hours);
        assertEq(c.endsAt, snapshot + 46 hours + 14 days);
        vm.warp(snapshot + 46 hours + 14 days);
        assertFalse(guard.isOn(snapshot, 46 hours), "it ends by itself");
        assertEq(guard.conditions(POOL, BPS, snapshot, 46 hours)[uint8(Reason.Overdue)].endsAt, 0);
    }

    // ------------------------------------------------------------ helpers

    function _close(int256 recognized) private {
        guard.noteClose(recognized, POOL, BPS, block.timestamp);
    }

    function _isOn() private view returns (bool) {
        return guard.isOn(block.timestamp, 2 days);
    }

    function _condition(Reason reason) private view returns (Condition memory) {
        return guard.conditions(POOL, BPS, block.timestamp, 2 days)[uint8(reason)];
    }
}
