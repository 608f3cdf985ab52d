// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "../../../src/governance/IBraked.sol";
import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";

contract StakerGovernorQueueTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function test_Queue_GivesNotice() public {
        Proposal memory p = harmless();
        pass(alice, p);
        uint48 endsAt = uint48(block.timestamp) + DELAY;
        vm.expectEmit(address(governor));
        emit IStakerGovernor.NoticeGiven(p.id, uint48(block.timestamp), endsAt, false);
        queueUp(p);
        IStakerGovernor.Notice memory n = governor.notice(p.id);
        assertEq(n.queuedAt, block.timestamp, "queued at");
        assertEq(n.endsAt, endsAt, "ends");
        assertFalse(n.isExempt, "not exempt");
        assertFalse(n.isMarked, "nor marked");
        assertEq(governor.marksFrom(p.id), endsAt, "marked from then on");
        assertEq(governor.proposalEta(p.id), endsAt, "the timelock's too");
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Queued, "queued");
    }

    function test_Queue_NoticeOutlivesAShortenedDelay() public {
        enact(alice, direct(address(timelock), abi.encodeCall(timelock.updateDelay, (0))));
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        assertEq(governor.proposalEta(p.id), block.timestamp, "the timelock would let it pass");
        assertEq(governor.marksFrom(p.id), block.timestamp + DELAY, "the notice stays");
        uint256 endsAt = block.timestamp + DELAY;
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, endsAt));
        execute(p);
        elapse(DELAY);
        execute(p);
    }

    function test_Queue_NoticeGrowsWithTheDelay() public {
        enact(alice, direct(address(timelock), abi.encodeCall(timelock.updateDelay, (10 days))));
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        assertEq(governor.marksFrom(p.id), block.timestamp + 10 days, "with its eta");
    }

    function test_Mark_IsTheEndOfTheLine() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        request(bob, 10 ether);
        elapse(DELAY);
        request(bob, 20 ether);
        vm.expectEmit(address(governor));
        emit IStakerGovernor.QueueMarked(p.id, 30e27, 0);
        vm.prank(stranger);
        governor.markQueue(p.id);
        IStakerGovernor.Notice memory n = governor.notice(p.id);
        assertTrue(n.isMarked, "marked");
        assertEq(n.markShares, 30e27, "where");
        assertEq(governor.sharesAhead(p.id), 30e27, "ahead");
        request(bob, 40 ether);
        assertEq(governor.sharesAhead(p.id), 30e27, "who comes later isn't awaited");
        twoCheckpoints();
        assertEq(governor.sharesAhead(p.id), 0, "out");
    }

    function test_Mark_OfALineThatIsFinalizedAndClaimed() public {
        uint256 id = request(bob, 10 ether);
        twoCheckpoints();
        claim(bob, id);
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        elapse(DELAY);
        vm.expectEmit(address(governor));
        emit IStakerGovernor.QueueMarked(p.id, 10e27, 10e27);
        governor.markQueue(p.id);
        assertEq(governor.sharesAhead(p.id), 0, "nobody ahead");
        execute(p);
    }

    /// Partly finalized, whatever was asked before and after.
    /// forge-config: default.fuzz.runs = 48
    function testFuzz_Mark_SharesAheadAreThoseBeforeIt(uint256[3] memory amounts) public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        for (uint256 i; i < 3; ++i) {
            amounts[i] = bound(amounts[i], 100, 100 ether);
        }
        request(bob, amounts[0]);
        twoCheckpoints();
        request(bob, amounts[1]);
        elapse(DELAY);
        governor.markQueue(p.id);
        request(bob, amounts[2]);
        assertEq(governor.sharesAhead(p.id), amounts[1] * 1e9, "not finalized before the mark");
        assertEq(governor.notice(p.id).markShares, (amounts[0] + amounts[1]) * 1e9, "the mark");
        checkpoint();
        checkpoint();
        assertEq(governor.sharesAhead(p.id), 0, "all out");
    }

    function test_Mark_WaitsForTheWholeTimeAfterABrake() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        elapse(DELAY - 1 days);
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 5 days, "test");
        uint256 opensAt = block.timestamp + 5 days + DELAY;
        assertEq(governor.marksFrom(p.id), opensAt, "after the brake");
        elapse(5 days + DELAY - 12);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, opensAt));
        governor.markQueue(p.id);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, opensAt));
        execute(p);
        elapse(12);
        governor.markQueue(p.id);
        execute(p);
    }

    function test_Mark_ABrakeAfterItDelaysNothing() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        uint256 id = request(bob, 10 ether);
        elapse(DELAY);
        governor.markQueue(p.id);
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 14 days, "test");
        twoCheckpoints();
        execute(p);
        assertEq(claim(bob, id), 10 ether, "who was awaited is out");
    }

    function test_Mark_BrakesOfOtherZonesDoNotMatter() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        vm.startPrank(guardian);
        brake.pull(Zone.Validators, 14 days, "test");
        brake.pull(Zone.Accounting, 14 days, "test");
        vm.stopPrank();
        assertEq(governor.marksFrom(p.id), block.timestamp + DELAY, "requests go on");
    }

    function test_RevertWhen_MarkedEarlyTwiceOrWithoutNotice() public {
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeUnknown.selector, uint256(7)));
        governor.markQueue(7);
        Proposal memory p = harmless();
        pass(alice, p);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeUnknown.selector, p.id));
        governor.markQueue(p.id);
        queueUp(p);
        uint256 endsAt = block.timestamp + DELAY;
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, endsAt));
        governor.markQueue(p.id);
        vm.warp(endsAt);
        governor.markQueue(p.id);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.QueueMarkedBefore.selector, p.id));
        governor.markQueue(p.id);
    }

    function test_RevertWhen_AnExemptOneIsMarked() public {
        Proposal memory p = proposalOf(address(brake), abi.encodeCall(brake.release, (Zone.Deposit)));
        passAndQueue(alice, p);
        elapse(DELAY);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeNotNeeded.selector, p.id));
        governor.markQueue(p.id);
    }

    function test_RevertWhen_QueuedUnpassedOrLate() public {
        Proposal memory p = harmless();
        propose(alice, p);
        _expectState(p, IGovernor.ProposalState.Pending);
        elapse(VOTING_DELAY + 12);
        voteFor(alice, p);
        elapse(VOTING_PERIOD);
        uint256 last = governor.proposalDeadline(p.id) + governor.GRACE_SECONDS();
        vm.warp(last + 1);
        _expectState(p, IGovernor.ProposalState.Expired);
        vm.warp(last);
        queueUp(p);
        _expectState(p, IGovernor.ProposalState.Queued);
    }

    function _expectState(Proposal memory p, IGovernor.ProposalState found) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                found,
                bytes32(1 << uint8(IGovernor.ProposalState.Succeeded))
            )
        );
        queueUp(p);
    }
}
