// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { ExitRefusal } from "../../src/deposit/IStakedEther.sol";
import { Zone } from "../../src/governance/IBraked.sol";
import { IEmergencyBrake } from "../../src/governance/IEmergencyBrake.sol";
import { IDepositsInFlight, InFlightProof } from "../../src/validators/IDepositsInFlight.sol";
import { IOperatorRegistry } from "../../src/validators/IOperatorRegistry.sol";
import { BondFixture } from "../support/BondFixture.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { InFlightFixture } from "../support/InFlightFixture.sol";

/// A stop of the validators zone, and the times that run on in it.
contract StoppedValidatorsAttackTest is BondFixture {
    function _poolEther() internal pure override returns (uint256) {
        return 5000 ether;
    }

    function _stop(uint256 until) private {
        vm.prank(_brake());
        token.brake(Zone.Validators, uint40(until));
    }

    /// Slashed while the zone is stopped: it is proven all the same, and nobody leaves at the rate before it.
    function test_Attack_AStopHidesASlashing() public {
        uint32 id = bonded(61 ether);
        uint40 index = member(id, 1, FULL);
        asPenalties();
        registry.takeBond(id, 62e27, bob);
        beacon.tick(7200);
        checkpoint();
        _stop(block.timestamp + 14 days);
        uint256 ask = request(alice, 1000 ether);
        slash(index);
        assertTrue(token.quoteInstantExit(1 ether).refusal == ExitRefusal.Paused, "exits wait");
        twoCheckpoints();
        assertEq(queue.position(ask).finalizedShares, 0, "and so does the queue");
    }

    /// Bond asked out before a stop cannot go in front of a proof: the slashing is proven within the stop.
    function test_Attack_BondLeavesAtTheEndOfAStop() public {
        uint32 id = bonded(200 ether);
        uint40 index = member(id, 1, 32e9);
        uint128 free = uint128(registry.freeBondShares(id));
        vm.prank(manager);
        registry.requestBondExit(id, free);
        uint256 until = block.timestamp + 12 days;
        _stop(until);
        beacon.tick(300);
        slash(index);
        beacon.tick(uint64((until - block.timestamp) / 12) + 1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        vm.prank(manager);
        registry.claimBondExit(id);
    }

    /// An honest operator's window to claim does not pass within a stop; a week after it, it has.
    function test_Stop_LeavesTheWindowOfAClaim() public {
        uint32 id = bonded(200 ether);
        member(id, 1, 32e9);
        uint128 free = uint128(registry.freeBondShares(id));
        vm.prank(manager);
        registry.requestBondExit(id, free);
        beacon.tick(7200 * 6);
        uint256 until = block.timestamp + 14 days;
        _stop(until);
        vm.warp(until + 7 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.BondExitTooLate.selector, id, until + 7 days)
        );
        registry.claimBondExit(id);
        vm.warp(until + 7 days);
        assertEq(registry.claimBondExit(id), free, "within a week of the end");
    }
}

/// A stop of accounting, and the hour in which a landing can be contradicted.
contract StoppedAccountingAttackTest is InFlightFixture {
    function test_Attack_TheDisputeHourPassesInAStop() public {
        topUp(1, 500e9);
        exit(1);
        Snapshot memory s = openAndProve();
        InFlightProof memory lie = shower.whole();
        (lie.shown, lie.shownAt) = (new uint32[](0), new uint32[](0));
        vm.prank(bob);
        inFlight.prove(lie);
        uint256 until = block.timestamp + 1 days;
        vm.prank(_brake());
        token.brake(Zone.Accounting, uint40(until));
        vm.warp(until);
        vm.expectRevert(
            abi.encodeWithSelector(IDepositsInFlight.InFlightDisputable.selector, until + 1 hours)
        );
        vm.prank(bob);
        checkpoints.close(s, address(this));
    }
}

/// Guardians and a majority against those who leave.
contract ChainedStopsAttackTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        lockFrom(alice, 1000 ether);
        stake(alice, 9000 ether);
        lockFrom(bob, 100 ether);
        elapse(12);
    }

    /// The sixty days of waiting cannot be filled with stops of one zone, one rearmed after the other.
    function test_Attack_RearmedUntilTheWaitIsOver() public {
        vm.prank(guardian);
        brake.pull(Zone.Accounting, 14 days, "a friend of the attacker");
        uint256 earliest = block.timestamp + 60 days;
        bytes memory tooEarly =
            abi.encodeWithSelector(IEmergencyBrake.BrakeRearmTooEarly.selector, Zone.Accounting, earliest);
        vm.warp(earliest - 1);
        vm.expectRevert(tooEarly);
        vm.prank(address(timelock));
        brake.rearm(Zone.Accounting);
        vm.warp(earliest);
        vm.prank(address(timelock));
        brake.rearm(Zone.Accounting);
        assertTrue(brake.isArmed(Zone.Accounting), "once in sixty days");
    }

    /// A quorum is that of the proposal: neither another one, nor new terms, move it while it waits for its vote.
    function test_Attack_TheQuorumOfAWaitingProposalIsMoved() public {
        Proposal memory p = harmless();
        propose(alice, p);
        uint256 snapshot = governor.proposalSnapshot(p.id);
        uint256 needed = governor.quorum(snapshot);
        elapse(VOTING_DELAY / 2);
        stake(bob, 40_000 ether);
        propose(bob, harmless());
        assertEq(governor.quorum(snapshot), needed, "a larger pool");
        _lowerTerms();
        propose(bob, harmless());
        assertEq(governor.quorum(snapshot), needed, "smaller terms");
    }

    /// As by a proposal executed before.
    function _lowerTerms() private {
        uint256 slot;
        while (uint256(vm.load(address(governor), bytes32(slot))) != QUORUM_BPS) ++slot;
        vm.store(address(governor), bytes32(slot), bytes32(uint256(100)));
        assertEq(governor.quorumBps(), 100, "the slot of the terms");
    }

    /// Two proposals whose votes count at the same time have the larger of their quorums.
    function test_Quorum_IsTheLargerOfTwoAtOneTime() public {
        Proposal memory p = harmless();
        propose(alice, p);
        uint256 needed = governor.quorum(governor.proposalSnapshot(p.id));
        _lowerTerms();
        propose(alice, harmless());
        assertEq(governor.quorum(governor.proposalSnapshot(p.id)), needed, "not lowered");
    }

    /// An operator about to be exited leaves with one key: the order holds for all others.
    function test_Attack_OneKeyThatLeftFailsAnOrderOfExits() public {
        uint32 id = joinOperator();
        member(id, 1, 32e9);
        uint40 index = member(id, 2, 32e9);
        bytes32[] memory roots = new bytes32[](2);
        (roots[0], roots[1]) = (keyRoot(2), keyRoot(1));
        Proposal memory p = proposalOf(address(withdrawals), abi.encodeCall(withdrawals.orderExits, (roots)));
        passAndQueue(alice, p);
        beacon.setExiting(index, beacon.slot() / 32 + 5);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(index), true));
        elapse(DELAY);
        execute(p);
        assertEq(registry.operator(id).askedGwei, 32e9, "the other is ordered");
    }

    /// What passed long ago does not act on another pool: a month after the end of its notice it expires.
    function test_Attack_AnOldProposalActsOnALargePool() public {
        Proposal memory p = harmless();
        passAndQueue(alice, p);
        uint256 last = governor.notice(p.id).endsAt + 30 days;
        vm.warp(last);
        governor.sharesAhead(p.id);
        vm.warp(last + 1);
        vm.expectPartialRevert(bytes4(keccak256("GovernorUnexpectedProposalState(uint256,uint8,bytes32)")));
        execute(p);
    }

    /// Copied out of the mempool and cancelled by the copier: with the proposer's mark nobody else can make it.
    function test_Attack_CopiedAndCancelled() public {
        Proposal memory p = harmless();
        p.description = string.concat(p.description, "#proposer=", vm.toString(alice));
        p.id = idOf(p);
        vm.expectPartialRevert(bytes4(keccak256("GovernorRestrictedProposer(address)")));
        propose(bob, p);
        propose(alice, p);
        assertTrue(governor.notice(p.id).queuedAt == 0, "made, not queued");
    }
}
