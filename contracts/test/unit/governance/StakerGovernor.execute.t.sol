// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "../../../src/governance/IBraked.sol";
import { IEmergencyBrake } from "../../../src/governance/IEmergencyBrake.sol";
import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { ForkEntry } from "../../../src/validators/ForkTable.sol";
import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";

contract StakerGovernorExecuteTest is GovernanceFixture {
    address private newTreasury = makeAddr("new treasury");

    function setUp() public override {
        super.setUp();
        stake(bob, 1899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function _change() private returns (Proposal memory) {
        return proposalOf(address(fees), abi.encodeCall(fees.setTreasury, (newTreasury)));
    }

    // ------------------------------------------------------------ who leaves is out

    function test_Execute_WithAnEmptyQueueAtOnce() public {
        Proposal memory p = _change();
        passAndQueue(alice, p);
        elapse(DELAY);
        execute(p);
        assertEq(fees.treasury(), newTreasury, "done");
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Executed, "executed");
    }

    /// A calm queue: who starts to leave when the proposal is queued has his ether before it acts.
    function test_Execute_WhoLeavesAtTheQueueingIsOutBefore() public {
        elapse(UNLOCK); // her lock is older than the vote
        Proposal memory p = _change();
        passAndQueue(alice, p);
        uint256 id = request(bob, 100 ether);
        vm.prank(alice);
        uint256 fromTheLock = votes.leave(50 ether);
        twoCheckpoints();
        elapse(DELAY);
        governor.markQueue(p.id);
        execute(p);
        assertEq(claim(bob, id), 100 ether, "from caETH");
        assertEq(claim(alice, fromTheLock), 50 ether, "from the lock");
    }

    /// Who locked a second before the votes that count were taken can leave within the notice.
    function test_Execute_WhoLockedForTheVoteIsOutBefore() public {
        Proposal memory p = _change();
        propose(alice, p);
        elapse(VOTING_DELAY - 12);
        lockFrom(keeper, 50 ether);
        elapse(24);
        vm.prank(keeper);
        governor.castVote(p.id, AGAINST);
        voteFor(alice, p);
        elapse(VOTING_PERIOD);
        queueUp(p);
        (, uint48 leavesFrom) = votes.lockOf(keeper);
        assertLt(leavesFrom, governor.notice(p.id).endsAt, "within the notice");
        elapse(leavesFrom - block.timestamp);
        vm.prank(keeper);
        uint256 id = votes.leave(50 ether);
        elapse(governor.notice(p.id).endsAt - block.timestamp);
        if (governor.sharesAhead(p.id) == 0 && queue.unfinalizedShares() != 0) governor.markQueue(p.id);
        twoCheckpoints();
        execute(p);
        assertEq(claim(keeper, id), 50 ether, "out");
    }

    function test_Execute_WhoLeavesJustBeforeTheMarkIsAwaited() public {
        Proposal memory p = _change();
        passAndQueue(alice, p);
        elapse(DELAY);
        uint256 id = request(bob, 100 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerGovernor.QueueNotMarked.selector, p.id, uint256(100e27))
        );
        execute(p);
        governor.markQueue(p.id);
        _expectLeaving(p, 100e27);
        checkpoint();
        _expectLeaving(p, 100e27);
        checkpoint();
        assertEq(claim(bob, id), 100 ether, "out");
        execute(p);
    }

    /// A crowded queue: everything is with validators, and both wait behind others.
    function test_Execute_WaitsForACrowdedQueue() public {
        uint40 index = drain(1800e9);
        elapse(UNLOCK);
        request(bob, 900 ether);
        Proposal memory p = _change();
        passAndQueue(alice, p);
        uint256 his = request(bob, 100 ether);
        vm.prank(alice);
        uint256 hers = votes.leave(40 ether);
        elapse(DELAY);
        governor.markQueue(p.id);
        request(bob, 50 ether); // after the mark
        twoCheckpoints();
        uint256 ahead = governor.sharesAhead(p.id);
        assertGt(ahead, 800e27, "most still wait");
        _expectLeaving(p, ahead);
        payBack(index, 870e9);
        twoCheckpoints();
        assertEq(governor.sharesAhead(p.id), 0, "all before the mark are out");
        assertGt(queue.unfinalizedShares(), 0, "who came later may wait on");
        execute(p);
        assertEq(claim(bob, his), 100 ether, "his");
        assertEq(claim(alice, hers), 40 ether, "hers");
    }

    function test_Execute_WaitsSixtyDaysAtMost() public {
        drain(1800e9);
        elapse(UNLOCK);
        request(bob, 900 ether);
        Proposal memory p = _change();
        passAndQueue(alice, p);
        uint256 latest = block.timestamp + 60 days;
        elapse(DELAY);
        governor.markQueue(p.id);
        uint256 ahead = governor.sharesAhead(p.id);
        vm.warp(latest - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStakerGovernor.StakersStillLeaving.selector, p.id, ahead, latest)
        );
        execute(p);
        vm.warp(latest);
        execute(p);
        assertEq(fees.treasury(), newTreasury, "though the queue is not empty");
        assertGt(governor.sharesAhead(p.id), 0, "it is not");
    }

    /// What nobody marks expires a month after its notice, long before the sixty days.
    function test_RevertWhen_NeverMarked() public {
        request(bob, 900 ether);
        Proposal memory p = _change();
        passAndQueue(alice, p);
        uint256 last = governor.notice(p.id).endsAt + governor.GRACE_SECONDS();
        vm.warp(last);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Queued, "to the last second");
        vm.warp(last + 1);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Expired, "expired");
    }

    function _expectLeaving(Proposal memory p, uint256 ahead) private {
        uint256 latest = governor.notice(p.id).queuedAt + governor.MAX_WAIT();
        vm.expectRevert(
            abi.encodeWithSelector(IStakerGovernor.StakersStillLeaving.selector, p.id, ahead, latest)
        );
        execute(p);
    }

    // ------------------------------------------------------------ exempt

    function _fork() private view returns (ForkEntry memory entry) {
        entry = _forks()[0];
        entry.version = 0x06000000;
        entry.firstSlot = proofs.slotAt(block.timestamp + 365 days);
    }

    function _forkProposal() private returns (Proposal memory) {
        return proposalOf(address(proofs), abi.encodeCall(proofs.proposeFork, (_fork())));
    }

    function _release() private returns (Proposal memory) {
        return proposalOf(address(brake), abi.encodeCall(brake.release, (Zone.Validators)));
    }

    function _isExempt(Proposal memory p) private returns (bool) {
        uint256 state = vm.snapshotState();
        pass(alice, p);
        queueUp(p);
        bool exempt = governor.notice(p.id).isExempt;
        vm.revertToState(state);
        return exempt;
    }

    function test_Exempt_ExecuteAfterTheDelayWhateverTheQueue() public {
        drain(1800e9);
        request(bob, 900 ether);
        Proposal memory p = join(_forkProposal(), _release());
        pass(alice, p);
        vm.prank(guardian);
        brake.pull(Zone.Validators, 14 days, "test");
        queueUp(p);
        assertTrue(governor.notice(p.id).isExempt, "exempt");
        elapse(DELAY);
        execute(p);
        assertEq(proofs.forkCount(), 2, "proposed");
        assertLe(token.brakedUntil(Zone.Validators), block.timestamp, "released");
    }

    function test_Exempt_NotBeforeTheDelay() public {
        Proposal memory p = _forkProposal();
        passAndQueue(alice, p);
        elapse(DELAY - 12);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(p.description));
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector,
                timelock.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt),
                bytes32(1 << uint8(TimelockController.OperationState.Ready))
            )
        );
        execute(p);
    }

    function test_Exempt_OnlyTheseActions() public {
        assertTrue(_isExempt(_forkProposal()), "fork");
        assertTrue(_isExempt(_release()), "release");
        assertTrue(_isExempt(join(_release(), _release())), "two of them");
        assertFalse(_isExempt(join(_forkProposal(), _change())), "mixed");
        assertFalse(_isExempt(join(_change(), _release())), "mixed");
        assertFalse(_isExempt(_change()), "another");
        assertFalse(
            _isExempt(proposalOf(address(brake), abi.encodeCall(brake.rearm, (Zone.Deposit)))), "rearm"
        );
        assertFalse(
            _isExempt(proposalOf(address(proofs), abi.encodeCall(brake.release, (Zone.Deposit)))),
            "release of another contract"
        );
        assertFalse(
            _isExempt(proposalOf(address(brake), abi.encodeCall(proofs.proposeFork, (_fork())))),
            "fork of another contract"
        );
        assertFalse(
            _isExempt(direct(address(brake), abi.encodeCall(brake.release, (Zone.Deposit)))),
            "not through the manager"
        );
        Proposal memory p = _release();
        p.values[0] = 1;
        p.id = idOf(p);
        assertFalse(_isExempt(p), "with ether");
    }

    function test_Exempt_TheSelectorIsThatOfTheTable() public pure {
        assertEq(
            bytes4(
                keccak256(
                    "proposeFork((bytes4,uint64,uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint8))"
                )
            ),
            IBeaconProofs.proposeFork.selector,
            "proposeFork"
        );
    }

    /// Any byte of the outer call changed, added or left out: exempt no more, unless it is the target's own argument.
    /// forge-config: default.fuzz.runs = 96
    function testFuzz_Exempt_StrictlyEncoded(uint256 at, uint8 flip, uint8 cut) public {
        Proposal memory p = _release();
        bytes memory data = p.calldatas[0];
        // selector, target, place, length, inner selector
        at = bound(at, 0, 4 + 3 * 32 + 3);
        data[at] = bytes1(uint8(data[at]) ^ (flip == 0 ? 1 : flip));
        p.calldatas[0] = data;
        p.id = idOf(p);
        assertFalse(_isExempt(p), "changed");
        p = _release();
        p.calldatas[0] = bytes.concat(p.calldatas[0], new bytes(bound(cut, 1, 64)));
        p.id = idOf(p);
        assertFalse(_isExempt(p), "longer");
        p = _release();
        data = p.calldatas[0];
        uint256 length = bound(cut, 0, data.length - 1);
        assembly ("memory-safe") {
            mstore(data, length)
        }
        p.id = idOf(p);
        assertFalse(_isExempt(p), "shorter");
    }

    /// `execute(address,bytes)` with its bytes elsewhere means the same to the manager, but is not taken for exempt.
    function test_Exempt_NotWithItsBytesElsewhere() public {
        bytes memory inner = abi.encodeCall(IEmergencyBrake.release, (Zone.Deposit));
        bytes memory call = bytes.concat(
            IAccessManager.execute.selector,
            abi.encode(address(brake), uint256(0x60), uint256(inner.length), inner.length),
            inner,
            new bytes(28)
        );
        assertFalse(_isExempt(direct(address(roles), call)), "not strict");
    }

    // ------------------------------------------------------------ refusals

    function test_RevertWhen_NotQueued() public {
        Proposal memory p = _change();
        pass(alice, p);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Succeeded,
                bytes32(1 << uint8(IGovernor.ProposalState.Queued))
            )
        );
        execute(p);
    }

    function test_RevertWhen_ExecutedLongAfterItCould() public {
        Proposal memory p = _change();
        passAndQueue(alice, p);
        uint256 last = block.timestamp + governor.MAX_WAIT() + governor.GRACE_SECONDS();
        vm.warp(governor.notice(p.id).endsAt);
        governor.markQueue(p.id);
        vm.warp(last + 1);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Expired, "expired");
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Expired,
                bytes32(1 << uint8(IGovernor.ProposalState.Queued))
            )
        );
        execute(p);
        vm.warp(last);
        execute(p);
    }

    function test_RevertWhen_ExecutedTwice() public {
        Proposal memory p = _change();
        enact(alice, p);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                p.id,
                IGovernor.ProposalState.Executed,
                bytes32(1 << uint8(IGovernor.ProposalState.Queued))
            )
        );
        execute(p);
    }

    /// All or nothing: what a target refuses undoes the whole proposal, which can be tried again.
    function test_RevertWhen_ATargetRefuses() public {
        Proposal memory p =
            join(_change(), proposalOf(address(fees), abi.encodeCall(fees.setTreasury, (address(0)))));
        passAndQueue(alice, p);
        elapse(DELAY);
        vm.expectRevert(abi.encodeWithSignature("FeeSplitConfigZero()"));
        execute(p);
        assertEq(fees.treasury(), treasury, "nothing done");
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Queued, "still queued");
    }
}
