// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { IBraked, Zone } from "../../../src/governance/IBraked.sol";
import { ILockedVotes } from "../../../src/governance/ILockedVotes.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";

contract LockedVotesLeaveTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        lockFrom(alice, 100 ether);
        elapse(UNLOCK);
    }

    function _leave(uint256 units) private returns (uint256 id) {
        vm.prank(alice);
        return votes.leave(units);
    }

    function test_Leave_IntoTheQueueAtOnce() public {
        vm.expectEmit(address(votes));
        emit ILockedVotes.VotesLeft(alice, 1, 30 ether, 70 ether, 0);
        uint256 id = _leave(30 ether);
        assertEq(queue.ownerOf(id), alice, "hers");
        assertEq(queue.position(id).endShares, 30e27, "on the line, to the share");
        assertEq(votes.getVotes(alice), 70 ether, "votes end");
        assertEq(votes.totalLocked(), 70 ether, "all");
        assertEq(wrapped.balanceOf(address(votes)), 70 ether, "held");
        assertEq(wrapped.allowance(address(votes), address(queue)), 0, "nothing stays allowed");
    }

    function test_Leave_IsPaidAsAnyOther() public {
        uint256 id = _leave(30 ether);
        twoCheckpoints();
        assertEq(claim(alice, id), 30 ether, "paid");
    }

    function test_Leave_TakesWhatIsUnlockingFirst() public {
        vm.prank(alice);
        votes.startUnlock(20 ether);
        _leave(15 ether);
        (uint256 waiting, uint48 endsAt) = votes.unlockOf(alice);
        assertEq(waiting, 5 ether, "of what is unlocking");
        assertEq(endsAt, block.timestamp + UNLOCK, "its time stays");
        assertEq(votes.getVotes(alice), 80 ether, "votes stay");
        _leave(25 ether);
        (waiting,) = votes.unlockOf(alice);
        assertEq(waiting, 0, "all of it");
        assertEq(votes.getVotes(alice), 60 ether, "then of what votes");
    }

    /// Whoever locked for a vote can leave, at the latest, when the notice of what was voted on ends.
    function test_Leave_OpensBeforeTheNoticeOfAVoteEnds() public view {
        assertGe(uint256(governor.MIN_VOTING_PERIOD()) + governor.NOTICE_SECONDS(), UNLOCK, "in time");
    }

    function testFuzz_Leave_HoldsWhatItOwes(uint256 unlocked, uint256 units) public {
        unlocked = bound(unlocked, 0, 100 ether);
        units = bound(units, 100, 100 ether);
        if (unlocked != 0) {
            vm.prank(alice);
            votes.startUnlock(unlocked);
        }
        _leave(units);
        (uint256 locked,) = votes.lockOf(alice);
        (uint256 waiting,) = votes.unlockOf(alice);
        assertEq(locked + waiting, 100 ether - units, "the rest");
        assertEq(votes.getVotes(alice), locked, "votes");
        assertEq(wrapped.balanceOf(address(votes)), 100 ether - units, "held");
        assertEq(token.sharesOf(address(queue)), units * 1e9, "in the queue");
    }

    function test_RevertWhen_TheLockIsYoung() public {
        lockFrom(alice, 1 ether);
        (, uint48 leavesFrom) = votes.lockOf(alice);
        vm.warp(leavesFrom - 1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ILockedVotes.LockTooYoung.selector, alice, uint256(leavesFrom))
        );
        votes.leave(1 ether);
        vm.warp(leavesFrom);
        _leave(1 ether);
    }

    /// Nobody else can lock for her, so nobody can keep her in.
    function test_Leave_NobodyElseMakesTheLockYoung() public {
        stake(bob, 10 ether);
        wrap(bob, 10 ether);
        vm.startPrank(bob);
        wrapped.approve(address(votes), 10 ether);
        votes.lock(5 ether);
        votes.delegate(alice);
        wrapped.transfer(address(votes), 5 ether);
        vm.stopPrank();
        _leave(100 ether);
    }

    function test_RevertWhen_NothingTooLittleOrTooMuchLeaves() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.LockedUnitsZero.selector));
        votes.leave(0);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestTooSmall.selector, uint256(99), uint256(100))
        );
        votes.leave(99);
        votes.startUnlock(40 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.LockedUnitsTooFew.selector, alice, uint256(60 ether + 1), uint256(60 ether)
            )
        );
        votes.leave(100 ether + 1);
    }

    function test_RevertWhen_TheDepositZoneIsStopped() public {
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 1 days, "test");
        uint256 until = block.timestamp + 1 days;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IBraked.ZoneBraked.selector, Zone.Deposit, until));
        votes.leave(1 ether);
        assertEq(votes.getVotes(alice), 100 ether, "nothing moved");
    }

    function test_RevertWhen_AStrangerLeavesWithHers() public {
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.LockedUnitsTooFew.selector, stranger, uint256(100), uint256(0)
            )
        );
        votes.leave(100);
    }
}
