// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "../../src/governance/IBraked.sol";
import { ILockedVotes } from "../../src/governance/ILockedVotes.sol";
import { IStakerGovernor } from "../../src/governance/IStakerGovernor.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";

/// M9: borrowed votes, few voters, and ways round the queue rule.
contract GovernanceAttackTest is GovernanceFixture {
    address private attacker = makeAddr("attacker");

    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        vm.deal(attacker, 100_000 ether);
        elapse(12);
    }

    function _takeover() private returns (Proposal memory) {
        return proposalOf(address(fees), abi.encodeCall(fees.setTreasury, (attacker)));
    }

    // ------------------------------------------------------------ borrowed votes

    /// Lock, propose, vote and unlock in one block: the votes don't count, and the tokens are held.
    function test_Attack_FlashLoanedVotesCountForNothing() public {
        lockFrom(attacker, 10_000 ether);
        Proposal memory p = _takeover();
        uint256 needed = governor.proposalThreshold();
        vm.prank(attacker);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, attacker, uint256(0), needed
            )
        );
        governor.propose(p.targets, p.values, p.calldatas, p.description);

        // on a proposal whose votes were counted in this very second
        propose(alice, p);
        elapse(VOTING_DELAY);
        vm.prank(attacker);
        votes.startUnlock(10_000 ether);
        vm.prank(attacker);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.UnlockRunning.selector, attacker, block.timestamp + uint256(UNLOCK)
            )
        );
        votes.withdraw();
        elapse(12);
        vm.prank(attacker);
        governor.castVote(p.id, FOR);
        (, uint256 for_,) = governor.proposalVotes(p.id);
        assertEq(for_, 0, "what began to unlock before the snapshot counts no more");
    }

    function test_Attack_FlashLockedTokensCannotGoBackInTheSameTransaction() public {
        lockFrom(attacker, 1000 ether);
        vm.startPrank(attacker);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILockedVotes.LockTooYoung.selector, attacker, block.timestamp + uint256(UNLOCK)
            )
        );
        votes.leave(1000 ether);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.NothingUnlocking.selector, attacker));
        votes.withdraw();
        votes.startUnlock(1000 ether);
        assertEq(wrapped.balanceOf(attacker), 0, "the loan cannot be paid back");
    }

    /// wcaETH borrowed over the snapshot stays locked until the vote is over, its extension included.
    function test_Attack_BorrowedUnitsAreHeldAsLongAsTheVote() public {
        Proposal memory p = _takeover();
        propose(alice, p);
        elapse(VOTING_DELAY - 12);
        lockFrom(attacker, 10_000 ether);
        elapse(24); // the snapshot is behind
        vm.startPrank(attacker);
        votes.startUnlock(10_000 ether);
        governor.castVote(p.id, FOR);
        vm.stopPrank();
        (, uint48 endsAt) = votes.unlockOf(attacker);
        assertGe(uint256(endsAt), governor.proposalDeadline(p.id), "the lender waits");
        assertGe(
            uint256(UNLOCK), governor.votingPeriod() + governor.lateQuorumVoteExtension(), "whatever is voted"
        );
    }

    function test_Attack_UnitsVoteOnceForWhomever() public {
        lockFrom(attacker, 50 ether);
        Proposal memory p = _takeover();
        propose(alice, p);
        elapse(VOTING_DELAY - 12);
        vm.startPrank(attacker);
        votes.delegate(stranger);
        votes.delegate(keeper);
        votes.delegate(attacker);
        votes.delegate(keeper);
        vm.stopPrank();
        elapse(24);
        vm.startPrank(attacker);
        votes.delegate(stranger); // after the snapshot
        governor.castVote(p.id, FOR);
        vm.stopPrank();
        voteFor(stranger, p);
        voteFor(keeper, p);
        (, uint256 for_,) = governor.proposalVotes(p.id);
        assertEq(for_, 50 ether, "once");
        assertEq(
            votes.getVotes(attacker) + votes.getVotes(stranger) + votes.getVotes(keeper), 50 ether, "no more"
        );
    }

    /// The same units unlocked, passed on and locked again meet another snapshot only.
    function test_Attack_UnitsPassedOnVoteOnce() public {
        lockFrom(attacker, 50 ether);
        Proposal memory p = _takeover();
        propose(alice, p);
        elapse(VOTING_DELAY + 12);
        vm.startPrank(attacker);
        governor.castVote(p.id, FOR);
        votes.startUnlock(50 ether);
        vm.stopPrank();
        elapse(UNLOCK);
        vm.startPrank(attacker);
        votes.withdraw();
        wrapped.transfer(stranger, 50 ether);
        vm.stopPrank();
        lockUnits(stranger, 50 ether);
        assertGt(block.timestamp, governor.proposalDeadline(p.id), "the vote is over by then");
    }

    // ------------------------------------------------------------ few voters, much spam

    function test_Attack_NoProposalsBelowTheThreshold() public {
        lockFrom(attacker, 0.9 ether);
        elapse(12);
        Proposal memory p = _takeover();
        uint256 needed = governor.proposalThreshold();
        assertGt(needed, 0.9 ether, "of the pool");
        vm.prank(attacker);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, attacker, uint256(0.9 ether), needed
            )
        );
        governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    /// Everybody else unlocks: the quorum is of the pool, not of what is locked.
    function test_Attack_QuorumDoesNotShrinkWithTheLocked() public {
        vm.prank(alice);
        votes.startUnlock(100 ether);
        lockFrom(attacker, 30 ether);
        elapse(12);
        assertEq(votes.totalLocked(), 30 ether, "the attacker alone");
        Proposal memory p = _takeover();
        propose(attacker, p);
        elapse(VOTING_DELAY + 12);
        voteFor(attacker, p);
        elapse(VOTING_PERIOD);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Defeated, "3 % of the pool is no quorum");
    }

    /// A stake before proposing, undone afterwards, makes no quorum smaller for the proposal that it surrounds.
    function test_Attack_QuorumIsNotMovedAfterwards() public {
        Proposal memory p = _takeover();
        propose(alice, p);
        uint256 snapshot = governor.proposalSnapshot(p.id);
        uint256 needed = governor.quorum(snapshot);
        elapse(VOTING_DELAY + 12);
        stake(attacker, 20_000 ether);
        propose(alice, _takeover());
        assertEq(governor.quorum(snapshot), needed, "noted before the vote");
    }

    // ------------------------------------------------------------ round the governor, round the queue

    function test_Attack_NobodyExecutesOnTheTimelockPastTheGovernor() public {
        request(bob, 10 ether);
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        elapse(DELAY);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(p.description));
        bytes32 role = timelock.EXECUTOR_ROLE();
        address[5] memory others = [attacker, alice, guardian, address(timelock), address(this)];
        for (uint256 i; i < 5; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessControl.AccessControlUnauthorizedAccount.selector, others[i], role
                )
            );
            timelock.executeBatch(p.targets, p.values, p.calldatas, 0, salt);
        }
    }

    function test_Attack_TheQueueIsNotMarkedEarly() public {
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        uint256 endsAt = block.timestamp + DELAY;
        vm.prank(attacker);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, endsAt));
        governor.markQueue(p.id);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, endsAt));
        execute(p);
    }

    /// The timelock's delay voted away first: the notice stays as long as it was.
    function test_Attack_AShortenedDelayShortensNoNotice() public {
        enact(alice, direct(address(timelock), abi.encodeCall(timelock.updateDelay, (0))));
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        uint256 id = request(bob, 100 ether);
        elapse(DELAY);
        governor.markQueue(p.id);
        uint256 latest = governor.notice(p.id).queuedAt + 60 days;
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakerGovernor.StakersStillLeaving.selector, p.id, uint256(100e27), latest
            )
        );
        execute(p);
        twoCheckpoints();
        execute(p);
        assertEq(claim(bob, id), 100 ether, "out before");
    }

    /// Guardians who stop requests while a proposal is queued don't help it.
    function test_Attack_ABrakeDoesNotKeepPeopleIn() public {
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 14 days, "a friend of the attacker");
        uint256 opensAt = block.timestamp + 14 days + DELAY;
        elapse(DELAY);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.NoticeRunning.selector, p.id, opensAt));
        governor.markQueue(p.id);
        elapse(14 days - DELAY);
        uint256 id = request(bob, 100 ether); // free again, and awaited
        elapse(DELAY);
        governor.markQueue(p.id);
        twoCheckpoints();
        execute(p);
        assertEq(claim(bob, id), 100 ether, "out before");
    }

    /// Released early, the notice still runs anew from the release.
    function test_Attack_AReleaseAtTheLastMomentGivesTheWholeNotice() public {
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 14 days, "a friend of the attacker");
        elapse(DELAY - 12);
        vm.prank(guardian);
        brake.release(Zone.Deposit);
        assertEq(governor.marksFrom(p.id), block.timestamp + DELAY, "from the release on");
    }

    /// Who fills the queue delays a proposal by 60 days at most.
    function test_Attack_AFullQueueDelaysSixtyDaysAtMost() public {
        drain(800e9);
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        uint256 latest = block.timestamp + 60 days;
        stake(attacker, 20_000 ether);
        request(attacker, 20_000 ether);
        elapse(DELAY);
        governor.markQueue(p.id);
        vm.warp(latest);
        execute(p);
    }

    /// Requests after the mark delay nothing.
    function test_Attack_RequestsAfterTheMarkDelayNothing() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        elapse(DELAY);
        governor.markQueue(p.id);
        stake(attacker, 20_000 ether);
        request(attacker, 20_000 ether);
        execute(p);
    }

    /// A proposal that calls the governor back, marks or executes itself, gains nothing.
    function test_Attack_AProposalCannotExecuteAnother() public {
        request(bob, 10 ether);
        Proposal memory p = _takeover();
        passAndQueue(alice, p);
        Proposal memory q = direct(
            address(governor),
            abi.encodeCall(
                IGovernor.execute, (p.targets, p.values, p.calldatas, keccak256(bytes(p.description)))
            )
        );
        passAndQueue(alice, q);
        vm.warp(block.timestamp + 20 days);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.QueueNotMarked.selector, q.id, uint256(10e27)));
        execute(q);
    }

    // ------------------------------------------------------------ vetoes

    function test_Attack_GuardiansVetoOnceNotForEver() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        veto(guardian, p, "no");
        for (uint256 i; i < 2; ++i) {
            p = harmless();
            passAndQueue(alice, p);
            vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoUsed.selector, contentOf(p)));
            this.vetoAs(guardian, p);
            elapse(DELAY);
            execute(p);
        }
    }

    function test_Attack_GuardiansVetoWithinTheirMandateOnly() public {
        uint40 endedAt = uint40(block.timestamp + 1 days);
        vm.prank(address(timelock));
        roles.execute(address(brake), abi.encodeCall(brake.renewMandate, (endedAt)));
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoMandateEnded.selector, uint256(endedAt)));
        this.vetoAs(guardian, p);
    }

    function vetoAs(address who, Proposal memory p) external {
        veto(who, p, "no");
    }
}
