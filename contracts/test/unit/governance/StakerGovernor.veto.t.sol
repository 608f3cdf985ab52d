// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";

contract StakerGovernorVetoTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function test_Veto_StopsAQueuedProposal() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(p.description));
        bytes32 operation = timelock.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt);
        assertTrue(timelock.isOperationPending(operation), "waits");
        vm.expectEmit(address(governor));
        emit IStakerGovernor.ProposalVetoed(p.id, guardian, contentOf(p), "hurts small holders");
        veto(guardian, p, "hurts small holders");
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Canceled, "cancelled");
        assertFalse(timelock.isOperation(operation), "in the timelock too");
        assertTrue(governor.isVetoed(contentOf(p)), "noted");
        elapse(DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Canceled,
                bytes32(1 << uint8(IGovernor.ProposalState.Queued))
            )
        );
        execute(p);
    }

    function test_Veto_TheSameContentOnceOnly() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        veto(guardian, p, "no");
        Proposal memory q = harmless(); // another description
        assertTrue(p.id != q.id && contentOf(p) == contentOf(q), "the same deeds");
        passAndQueue(alice, q);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoUsed.selector, contentOf(q)));
        this.vetoAs(guardian, q, "no");
        elapse(DELAY);
        execute(q);
    }

    function test_Veto_UpToTheEndOfTheNotice() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        uint256 endsAt = governor.notice(p.id).endsAt;
        vm.warp(endsAt + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoTooLate.selector, p.id, endsAt));
        this.vetoAs(guardian, p, "no");
        vm.warp(endsAt);
        veto(guardian, p, "no");
    }

    function test_RevertWhen_NotQueued() public {
        Proposal memory p = harmless();
        propose(alice, p);
        _expectState(p, IGovernor.ProposalState.Pending);
        elapse(VOTING_DELAY + 12);
        voteFor(alice, p);
        _expectState(p, IGovernor.ProposalState.Active);
        elapse(VOTING_PERIOD);
        _expectState(p, IGovernor.ProposalState.Succeeded);
        queueUp(p);
        elapse(DELAY);
        execute(p);
        _expectState(p, IGovernor.ProposalState.Executed);
    }

    function _expectState(Proposal memory p, IGovernor.ProposalState found) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                found,
                bytes32(1 << uint8(IGovernor.ProposalState.Queued))
            )
        );
        this.vetoAs(guardian, p, "no");
    }

    function test_RevertWhen_TheMandateIsOver() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        uint256 endsAt = block.timestamp + 1;
        bytes memory renewal = abi.encodeCall(brake.renewMandate, (uint40(endsAt)));
        vm.prank(address(timelock));
        roles.execute(address(brake), renewal);
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoMandateEnded.selector, endsAt));
        this.vetoAs(guardian, p, "no");
        vm.warp(endsAt - 1);
        veto(guardian, p, "no");
    }

    function test_RevertWhen_NotAGuardian() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        address[4] memory others = [stranger, alice, address(timelock), address(this)];
        for (uint256 i; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoNotAllowed.selector, others[i]));
            this.vetoAs(others[i], p, "no");
        }
    }

    /// Its replacement is a proposal as any other: stopped once, it comes through the second time.
    function test_Veto_AGuardianCannotKeepItsPlace() public {
        bytes memory call = abi.encodeCall(IAccessManager.revokeRole, (roles.GUARDIAN(), guardian));
        Proposal memory p = direct(address(roles), call);
        passAndQueue(alice, p);
        veto(guardian, p, "me");
        enact(alice, direct(address(roles), call));
        (bool isGuardian,) = roles.hasRole(roles.GUARDIAN(), guardian);
        assertFalse(isGuardian, "gone");
        p = harmless();
        passAndQueue(alice, p);
        vm.expectRevert(abi.encodeWithSelector(IStakerGovernor.VetoNotAllowed.selector, guardian));
        this.vetoAs(guardian, p, "no");
    }

    function test_RevertWhen_TheReasonIsMissingOrTooLong() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerGovernor.VetoReasonInvalid.selector, uint256(0), uint256(500))
        );
        this.vetoAs(guardian, p, "");
        vm.expectRevert(
            abi.encodeWithSelector(IStakerGovernor.VetoReasonInvalid.selector, uint256(501), uint256(500))
        );
        this.vetoAs(guardian, p, string(new bytes(501)));
        veto(guardian, p, string(new bytes(500)));
    }

    /// One call, so that what it reverts with is what is expected.
    function vetoAs(address who, Proposal memory p, string memory reason) external {
        veto(who, p, reason);
    }
}
