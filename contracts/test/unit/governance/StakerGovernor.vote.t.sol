// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";

contract StakerGovernorVoteTest is GovernanceFixture {
    Proposal private p;

    function setUp() public override {
        super.setUp();
        stake(bob, 839 ether);
        lockFrom(alice, 100 ether);
        lockFrom(bob, 60 ether); // the pool: 1,000 ETH, quorum 40
        elapse(12);
        Proposal memory made = harmless();
        propose(alice, made);
        (p.id, p.description) = (made.id, made.description);
        (p.targets, p.values, p.calldatas) = (made.targets, made.values, made.calldatas);
    }

    function _vote(address who, uint8 support) private {
        vm.prank(who);
        governor.castVote(p.id, support);
    }

    function _state() private view returns (IGovernor.ProposalState) {
        return governor.state(p.id);
    }

    function test_Vote_CountsWhatWasLockedAtTheSnapshot() public {
        elapse(VOTING_DELAY + 12);
        lockFrom(keeper, 500 ether);
        vm.prank(alice);
        votes.startUnlock(100 ether);
        _vote(alice, FOR);
        _vote(bob, AGAINST);
        _vote(keeper, ABSTAIN);
        (uint256 against, uint256 for_, uint256 abstain) = governor.proposalVotes(p.id);
        assertEq(for_, 100 ether, "for, though it unlocks now");
        assertEq(against, 60 ether, "against");
        assertEq(abstain, 0, "locked too late");
    }

    function test_Vote_PassesWithQuorumAndMajority() public {
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR);
        _vote(bob, AGAINST);
        elapse(VOTING_PERIOD);
        assertTrue(_state() == IGovernor.ProposalState.Succeeded, "passed");
    }

    function test_Vote_FailsOnATie() public {
        vm.prank(alice);
        votes.startUnlock(40 ether);
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR);
        _vote(bob, AGAINST);
        elapse(VOTING_PERIOD);
        assertTrue(_state() == IGovernor.ProposalState.Defeated, "60 to 60");
    }

    /// Votes against count for no quorum: opponents need not stay away.
    /// forge-config: default.fuzz.runs = 96
    function testFuzz_Vote_QuorumToTheVote(uint256 units, bool abstains) public {
        units = bound(units, 1, 60 ether - 1);
        vm.prank(bob);
        votes.startUnlock(60 ether - units);
        vm.prank(alice);
        votes.startUnlock(100 ether - 1);
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR);
        _vote(bob, abstains ? ABSTAIN : FOR);
        elapse(VOTING_PERIOD + EXTENSION);
        bool passes = units + 1 >= 40 ether;
        assertTrue(
            _state() == (passes ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated),
            "quorum"
        );
    }

    function test_Vote_FewVotersDecideNothing() public {
        vm.prank(alice);
        votes.startUnlock(61 ether);
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR); // all that vote, 39 of the 1,000 in the pool
        elapse(VOTING_PERIOD);
        assertTrue(_state() == IGovernor.ProposalState.Defeated, "no quorum");
    }

    function test_Vote_DelegatesVote() public {
        vm.prank(bob);
        votes.delegate(alice);
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR);
        _vote(bob, AGAINST);
        (uint256 against, uint256 for_,) = governor.proposalVotes(p.id);
        assertEq(for_, 160 ether, "both");
        assertEq(against, 0, "given away");
    }

    function test_Vote_ALateQuorumLengthensTheVote() public {
        elapse(VOTING_DELAY + 12);
        elapse(VOTING_PERIOD - 1 hours);
        uint256 until = block.timestamp + EXTENSION;
        vm.expectEmit(address(governor));
        emit GovernorPreventLateQuorum.ProposalExtended(p.id, uint64(until));
        _vote(alice, FOR);
        assertEq(governor.proposalDeadline(p.id), until, "longer");
        vm.warp(until);
        _vote(bob, AGAINST); // still
        vm.warp(until + 1);
        assertTrue(_state() == IGovernor.ProposalState.Succeeded, "over");
    }

    function test_Vote_BySignature() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.deal(carol, 10 ether);
        lockFrom(carol, 10 ether);
        elapse(VOTING_DELAY + 12);
        bytes32 ballot =
            keccak256(abi.encode(governor.BALLOT_TYPEHASH(), p.id, FOR, carol, governor.nonces(carol)));
        (, string memory name, string memory version,,,,) = governor.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                block.chainid,
                address(governor)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key_, keccak256(abi.encodePacked(hex"1901", domain, ballot)));
        governor.castVoteBySig(p.id, FOR, carol, abi.encodePacked(r, s, v));
        (, uint256 for_,) = governor.proposalVotes(p.id);
        assertEq(for_, 10 ether, "hers");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, carol));
        governor.castVoteBySig(p.id, FOR, carol, abi.encodePacked(r, s, v));
    }

    function test_RevertWhen_VotedTwiceOrWrongly() public {
        elapse(VOTING_DELAY + 12);
        _vote(alice, FOR);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice));
        governor.castVote(p.id, FOR);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidVoteType.selector));
        governor.castVote(p.id, 3);
    }

    function test_RevertWhen_TheVoteIsNotOpen() public {
        bytes32 active = bytes32(1 << uint8(IGovernor.ProposalState.Active));
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Pending,
                active
            )
        );
        governor.castVote(p.id, FOR);
        elapse(VOTING_DELAY + VOTING_PERIOD + 12);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Defeated,
                active
            )
        );
        governor.castVote(p.id, FOR);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorNonexistentProposal.selector, 1));
        governor.castVote(1, FOR);
    }
}
