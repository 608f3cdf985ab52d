// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";

contract StakerGovernorProposeTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether); // the pool: 1,000 ETH
        elapse(12);
    }

    function test_Propose_BeginsAVoteAfterTheDelay() public {
        Proposal memory p = harmless();
        vm.expectEmit(address(governor));
        emit IStakerGovernor.QuorumNoted(block.timestamp + VOTING_DELAY, 40 ether);
        propose(alice, p);
        assertEq(governor.proposalSnapshot(p.id), block.timestamp + VOTING_DELAY, "votes that count");
        assertEq(governor.proposalDeadline(p.id), block.timestamp + VOTING_DELAY + VOTING_PERIOD, "deadline");
        assertEq(governor.proposalProposer(p.id), alice, "proposer");
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Pending, "pending");
        elapse(VOTING_DELAY + 12);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Active, "active");
    }

    function test_Threshold_IsOfThePoolNotOfTheLocked() public view {
        assertEq(governor.thresholdBps(), 10, "bps");
        assertEq(governor.proposalThreshold(), 1 ether, "10 bps of 1,000 ETH, though only 100 are locked");
    }

    function test_Threshold_CountsVotesOfASecondAgo() public {
        stake(bob, 0.5 ether);
        lockFrom(bob, 2 ether);
        uint256 needed = governor.proposalThreshold();
        Proposal memory p = harmless();
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, bob, uint256(0), needed
            )
        );
        governor.propose(p.targets, p.values, p.calldatas, p.description);
        elapse(12);
        propose(bob, p);
    }

    function testFuzz_Threshold_ToTheVote(uint256 seed, bool enough) public {
        moveRate(seed);
        uint256 needed = governor.proposalThreshold();
        uint256 shares = token.getTotalShares();
        assertEq(needed, (shares * 10 + 1e13 - 1) / 1e13, "10 bps, rounded up");
        uint256 units = enough ? needed : needed - 1;
        vm.prank(alice);
        votes.startUnlock(100 ether - units);
        vm.warp(block.timestamp + 1);
        Proposal memory p = harmless();
        if (!enough) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGovernor.GovernorInsufficientProposerVotes.selector, alice, units, needed
                )
            );
        }
        vm.prank(alice);
        governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function test_Quorum_IsThePoolWhenProposed() public {
        Proposal memory p = harmless();
        propose(alice, p);
        elapse(12);
        stake(bob, 9000 ether);
        elapse(VOTING_DELAY);
        assertEq(governor.quorum(governor.proposalSnapshot(p.id)), 40 ether, "as noted");
        Proposal memory q = harmless();
        propose(alice, q);
        assertEq(governor.quorum(governor.proposalSnapshot(q.id)), 400 ether, "noted anew");
        assertEq(governor.quorum(governor.proposalSnapshot(p.id)), 40 ether, "the other stays");
        assertEq(governor.quorum(0), 0, "nothing noted");
        assertEq(governor.quorum(type(uint256).max), 0, "nor for no proposal");
    }

    function test_Cancel_ByTheProposerWhilePending() public {
        Proposal memory p = harmless();
        propose(alice, p);
        bytes32 description = keccak256(bytes(p.description));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, p.id, bob));
        governor.cancel(p.targets, p.values, p.calldatas, description);
        vm.prank(alice);
        governor.cancel(p.targets, p.values, p.calldatas, description);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Canceled, "cancelled");
        Proposal memory q = harmless();
        propose(alice, q);
        elapse(VOTING_DELAY + 12);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, q.id, alice));
        governor.cancel(q.targets, q.values, q.calldatas, keccak256(bytes(q.description)));
    }

    function test_RevertWhen_ProposedTwice() public {
        Proposal memory p = harmless();
        propose(alice, p);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Pending,
                bytes32(0)
            )
        );
        governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function test_RevertWhen_NothingOrUnevenIsProposed() public {
        Proposal memory p = harmless();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidProposalLength.selector, 0, 0, 0));
        governor.propose(new address[](0), new uint256[](0), new bytes[](0), "");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidProposalLength.selector, 1, 1, 2));
        governor.propose(p.targets, new uint256[](2), p.calldatas, "");
    }
}
