// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ILockedVotes } from "../../../src/governance/ILockedVotes.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";

contract LockedVotesUnlockTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function _startUnlock(uint256 units) private {
        vm.prank(alice);
        votes.startUnlock(units);
    }

    function test_Unlock_VotesEndAtOnce() public {
        uint48 endsAt = uint48(block.timestamp) + UNLOCK;
        vm.expectEmit(address(votes));
        emit ILockedVotes.UnlockStarted(alice, 30 ether, 70 ether, 30 ether, endsAt);
        _startUnlock(30 ether);
        assertEq(votes.getVotes(alice), 70 ether, "votes");
        assertEq(votes.totalLocked(), 70 ether, "all");
        (uint256 units, uint48 time) = votes.unlockOf(alice);
        assertEq(units, 30 ether, "on their way");
        assertEq(time, endsAt, "until");
        assertEq(wrapped.balanceOf(alice), 0, "not back yet");
    }

    function test_Unlock_TakesTheVotesFromTheDelegate() public {
        vm.prank(alice);
        votes.delegate(bob);
        _startUnlock(30 ether);
        assertEq(votes.getVotes(bob), 70 ether, "his votes");
    }

    function test_Withdraw_GivesThemBackWhenTheTimeIsOver() public {
        _startUnlock(30 ether);
        elapse(UNLOCK);
        vm.expectEmit(address(votes));
        emit ILockedVotes.VotesWithdrawn(alice, 30 ether);
        vm.prank(alice);
        votes.withdraw();
        assertEq(wrapped.balanceOf(alice), 30 ether, "back");
        (uint256 units,) = votes.unlockOf(alice);
        assertEq(units, 0, "nothing left");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.NothingUnlocking.selector, alice));
        votes.withdraw();
    }

    function test_Withdraw_ToTheSecond() public {
        _startUnlock(30 ether);
        (, uint48 endsAt) = votes.unlockOf(alice);
        vm.warp(endsAt - 1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.UnlockRunning.selector, alice, uint256(endsAt)));
        votes.withdraw();
        vm.warp(endsAt);
        vm.prank(alice);
        votes.withdraw();
        assertEq(wrapped.balanceOf(alice), 30 ether, "back");
    }

    function test_Unlock_MoreBeginsTheTimeAnewForAll() public {
        _startUnlock(30 ether);
        elapse(UNLOCK - 1 hours);
        _startUnlock(10 ether);
        (uint256 units, uint48 endsAt) = votes.unlockOf(alice);
        assertEq(units, 40 ether, "together");
        assertEq(endsAt, block.timestamp + UNLOCK, "anew");
        assertEq(wrapped.balanceOf(alice), 0, "nothing was due");
    }

    function test_Unlock_PaysWhatWasDueFirst() public {
        _startUnlock(30 ether);
        elapse(UNLOCK);
        _startUnlock(10 ether);
        (uint256 units,) = votes.unlockOf(alice);
        assertEq(units, 10 ether, "only the new ones wait");
        assertEq(wrapped.balanceOf(alice), 30 ether, "those that were due are back");
    }

    function test_Unlock_ItsOwnerCanLockThemAgain() public {
        _startUnlock(100 ether);
        elapse(UNLOCK);
        vm.prank(alice);
        votes.withdraw();
        lockUnits(alice, 100 ether);
        assertEq(votes.getVotes(alice), 100 ether, "votes again");
    }

    /// What the contract holds is what it owes, and what votes is what is locked, whatever the order.
    /// forge-config: default.fuzz.runs = 128
    function testFuzz_Unlock_HoldsWhatItOwes(uint256[8] memory amounts, uint256 seed) public {
        lockFrom(bob, 50 ether);
        for (uint256 i; i < 8; ++i) {
            (uint256 locked,) = votes.lockOf(alice);
            (uint256 waiting, uint48 endsAt) = votes.unlockOf(alice);
            uint256 act = uint256(keccak256(abi.encode(seed, i))) % 4;
            if (act == 0 && locked != 0) {
                _startUnlock(bound(amounts[i], 1, locked));
            } else if (act == 1) {
                elapse(bound(amounts[i], 1, 8 days));
            } else if (act == 2 && wrapped.balanceOf(alice) != 0) {
                lockUnits(alice, wrapped.balanceOf(alice));
            } else if (waiting != 0 && block.timestamp >= endsAt) {
                vm.prank(alice);
                votes.withdraw();
            }
            (locked,) = votes.lockOf(alice);
            (waiting,) = votes.unlockOf(alice);
            assertEq(votes.getVotes(alice), locked, "votes");
            assertEq(votes.totalLocked(), locked + 50 ether, "all");
            assertEq(wrapped.balanceOf(address(votes)), locked + waiting + 50 ether, "held");
            assertEq(wrapped.balanceOf(alice) + locked + waiting, 100 ether, "hers");
        }
    }

    function test_RevertWhen_NothingOrTooMuchIsUnlocked() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.LockedUnitsZero.selector));
        votes.startUnlock(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.LockedUnitsTooFew.selector, alice, uint256(100 ether + 1), uint256(100 ether)
            )
        );
        votes.startUnlock(100 ether + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.LockedUnitsTooFew.selector, alice, type(uint256).max, uint256(100 ether)
            )
        );
        votes.startUnlock(type(uint256).max);
    }

    function test_RevertWhen_AStrangerWithdraws() public {
        _startUnlock(30 ether);
        elapse(UNLOCK);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.NothingUnlocking.selector, stranger));
        votes.withdraw();
        vm.expectRevert(
            abi.encodeWithSelector(ILockedVotes.LockedUnitsTooFew.selector, stranger, uint256(1), uint256(0))
        );
        votes.startUnlock(1);
    }
}
