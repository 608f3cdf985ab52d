// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IEmergencyBrake } from "../../../src/governance/IEmergencyBrake.sol";
import { IExitLine } from "../../../src/governance/IExitLine.sol";
import { IStakedPool } from "../../../src/governance/IStakedPool.sol";
import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { StakerGovernor } from "../../../src/governance/StakerGovernor.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";

contract StakerGovernorParametersTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function _set(bytes memory call) private returns (Proposal memory p) {
        p = direct(address(governor), call);
        passAndQueue(alice, p);
        elapse(DELAY);
    }

    function _refused(bytes memory call, string memory term, uint256 value, uint256 least, uint256 most)
        private
    {
        Proposal memory p = _set(call);
        vm.expectRevert(_outOfBounds(term, value, least, most));
        execute(p);
    }

    function _outOfBounds(string memory term, uint256 value, uint256 least, uint256 most)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IStakerGovernor.VotingTermOutOfBounds.selector, term, value, least, most
        );
    }

    function test_Parameters_AtDeployment() public view {
        assertEq(governor.name(), "Cairn Staker Governor", "name");
        assertEq(governor.votingDelay(), VOTING_DELAY, "delay");
        assertEq(governor.votingPeriod(), VOTING_PERIOD, "period");
        assertEq(governor.lateQuorumVoteExtension(), EXTENSION, "extension");
        assertEq(governor.thresholdBps(), THRESHOLD_BPS, "threshold");
        assertEq(governor.quorumBps(), QUORUM_BPS, "quorum");
        assertEq(governor.MIN_VOTING_PERIOD(), MIN_PERIOD, "shortest period");
        assertEq(governor.NOTICE_SECONDS(), DELAY, "notice");
        assertEq(governor.MAX_WAIT(), 60 days, "longest wait");
        assertEq(governor.clock(), block.timestamp, "clock");
        assertEq(governor.CLOCK_MODE(), "mode=timestamp", "of seconds");
        assertEq(governor.timelock(), address(timelock), "timelock");
        assertEq(address(governor.token()), address(votes), "votes");
        assertTrue(governor.proposalNeedsQueuing(0), "all are queued");
    }

    function test_Parameters_ChangeByProposals() public {
        execute(_set(abi.encodeCall(governor.setVotingDelay, (7 days))));
        execute(_set(abi.encodeCall(governor.setVotingPeriod, (MIN_PERIOD))));
        execute(_set(abi.encodeCall(governor.setLateQuorumVoteExtension, (UNLOCK - MIN_PERIOD))));
        execute(_set(abi.encodeCall(governor.setProposalThreshold, (200))));
        Proposal memory p = _set(abi.encodeCall(governor.setQuorumBps, (100)));
        vm.expectEmit(address(governor));
        emit IStakerGovernor.QuorumBpsSet(QUORUM_BPS, 100);
        execute(p);
        assertEq(governor.votingDelay(), 7 days, "delay");
        assertEq(governor.votingPeriod(), MIN_PERIOD, "period");
        assertEq(governor.lateQuorumVoteExtension(), UNLOCK - MIN_PERIOD, "extension");
        assertEq(governor.thresholdBps(), 200, "threshold");
        assertEq(governor.proposalThreshold(), 20 ether, "2 % of the pool");
        assertEq(governor.quorumBps(), 100, "quorum");
    }

    /// A lower quorum doesn't reach back to what was proposed before.
    function test_Parameters_AQuorumHoldsForProposalsMadeAfterwards() public {
        Proposal memory lower = _set(abi.encodeCall(governor.setQuorumBps, (100)));
        Proposal memory p = harmless();
        propose(alice, p);
        uint256 snapshot = governor.proposalSnapshot(p.id);
        elapse(VOTING_DELAY + 12);
        execute(lower);
        assertEq(governor.quorum(snapshot), 40 ether, "as it was");
        Proposal memory q = harmless();
        propose(alice, q);
        assertEq(governor.quorum(governor.proposalSnapshot(q.id)), 10 ether, "as it is");
        assertEq(governor.quorum(snapshot), 40 ether, "as it was");
    }

    function test_RevertWhen_DelayIsOutOfBounds() public {
        _refused(abi.encodeCall(governor.setVotingDelay, (7 days + 1)), "votingDelay", 7 days + 1, 0, 7 days);
    }

    function test_RevertWhen_PeriodIsOutOfBounds() public {
        uint256 most = UNLOCK - EXTENSION;
        _refused(
            abi.encodeCall(governor.setVotingPeriod, (MIN_PERIOD - 1)),
            "votingPeriod",
            MIN_PERIOD - 1,
            MIN_PERIOD,
            most
        );
        _refused(
            abi.encodeCall(governor.setVotingPeriod, (uint32(most + 1))),
            "votingPeriod",
            most + 1,
            MIN_PERIOD,
            most
        );
    }

    function test_RevertWhen_ExtensionIsOutOfBounds() public {
        Proposal memory p = _set(abi.encodeCall(governor.setLateQuorumVoteExtension, (EXTENSION + 1)));
        vm.expectRevert(
            abi.encodeWithSelector(
                GovernorPreventLateQuorum.GovernorPreventLateQuorumVoteExtensionTooLarge.selector,
                EXTENSION + 1,
                UNLOCK - VOTING_PERIOD
            )
        );
        execute(p);
    }

    function test_RevertWhen_ThresholdIsOutOfBounds() public {
        _refused(abi.encodeCall(governor.setProposalThreshold, (0)), "thresholdBps", 0, 1, 200);
        _refused(abi.encodeCall(governor.setProposalThreshold, (201)), "thresholdBps", 201, 1, 200);
    }

    function test_RevertWhen_QuorumIsOutOfBounds() public {
        _refused(abi.encodeCall(governor.setQuorumBps, (99)), "quorumBps", 99, 100, 2000);
        _refused(abi.encodeCall(governor.setQuorumBps, (2001)), "quorumBps", 2001, 100, 2000);
    }

    function test_RevertWhen_AClosedFunctionIsUsed() public {
        Proposal memory p =
            _set(abi.encodeCall(governor.updateTimelock, (TimelockController(payable(stranger)))));
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.GovernorFunctionClosed.selector));
        execute(p);
        p = _set(abi.encodeCall(governor.relay, (address(timelock), 0, "")));
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.GovernorFunctionClosed.selector));
        execute(p);
    }

    function test_RevertWhen_SentEther() public {
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        (bool ok, bytes memory reason) = address(governor).call{ value: 1 }("");
        assertFalse(ok, "refused");
        assertEq(bytes4(reason), IGovernor.GovernorDisabledDeposit.selector, "why");
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_DeployedWithoutAnAddress() public {
        for (uint256 i; i < 6; ++i) {
            StakerGovernor.Config memory c = _config();
            if (i == 0) c.pool = IStakedPool(address(0));
            else if (i == 1) c.queue = IExitLine(address(0));
            else if (i == 2) c.timelock = TimelockController(payable(address(0)));
            else if (i == 3) c.manager = IAccessManager(address(0));
            else if (i == 4) c.brake = IEmergencyBrake(address(0));
            else c.beaconProofs = address(0);
            vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.GovernorConfigZero.selector));
            new StakerGovernor(c);
        }
    }

    function test_RevertWhen_DeployedOutOfBounds() public {
        StakerGovernor.Config memory c = _config();
        c.minVotingPeriod = uint32(UNLOCK + 1);
        vm.expectRevert(_outOfBounds("minVotingPeriod", UNLOCK + 1, 1, UNLOCK));
        new StakerGovernor(c);
        c.minVotingPeriod = 0;
        vm.expectRevert(_outOfBounds("minVotingPeriod", 0, 1, UNLOCK));
        new StakerGovernor(c);
        c = _config();
        c.noticeSeconds = uint32(UNLOCK - MIN_PERIOD - 1);
        vm.expectRevert(_outOfBounds("noticeSeconds", UNLOCK - MIN_PERIOD - 1, UNLOCK - MIN_PERIOD, 14 days));
        new StakerGovernor(c);
        c.noticeSeconds = 14 days + 1;
        vm.expectRevert(_outOfBounds("noticeSeconds", 14 days + 1, UNLOCK - MIN_PERIOD, 14 days));
        new StakerGovernor(c);
        c = _config();
        c.minVotingPeriod = uint32(UNLOCK);
        c.noticeSeconds = 0;
        vm.expectRevert(_outOfBounds("noticeSeconds", 0, 1, 14 days));
        new StakerGovernor(c);
        c = _config();
        c.quorumBps = 99;
        vm.expectRevert(_outOfBounds("quorumBps", 99, 100, 2000));
        new StakerGovernor(c);
        c = _config();
        c.votingPeriod = uint32(UNLOCK - EXTENSION + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                GovernorPreventLateQuorum.GovernorPreventLateQuorumVoteExtensionTooLarge.selector,
                EXTENSION,
                EXTENSION - 1
            )
        );
        new StakerGovernor(c);
        c = _config();
        c.votingPeriod = MIN_PERIOD - 1;
        vm.expectRevert(_outOfBounds("votingPeriod", MIN_PERIOD - 1, MIN_PERIOD, UNLOCK));
        new StakerGovernor(c);
    }
}
