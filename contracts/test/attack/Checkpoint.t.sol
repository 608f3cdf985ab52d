// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import {
    BalancesProof,
    IBeaconProofs,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../src/validators/ICheckpointGate.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// C2, C4, H5, M4: a checkpoint describes one instant, whatever happens while it is open.
contract CheckpointAttackTest is StackFixture {
    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 9999 ether);
        index = member(operator, 1, 1000e9);
    }

    function _openProven() private returns (Snapshot memory s) {
        waitForCheckpoint();
        s = openCheckpoint();
        proveCheckpoint(s);
    }

    /// C2, trace A: a partial paid between open and close is in the frozen balances, not in the frozen ether.
    function test_Attack_AWithdrawalLandingMeanwhileChangesNothing() public {
        Snapshot memory s = _openProven();
        uint256 pool = token.getTotalPooledEther();
        beacon.setBalance(index, beacon.balanceOf(index) - 500e9);
        vm.deal(address(withdrawalVault), 500 ether);
        assertEq(checkpoints.previewClose(s, address(this)).recognized, 0, "no gain");
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), pool, "nor after the sweep");
        assertEq(address(withdrawalVault).balance, 0, "though it is swept");
        checkpoint();
        assertEq(token.getTotalPooledEther(), pool, "and the next sees it once");
        assertEq(owned(), pool, "A1");
    }

    /// C2, trace B: a top-up between open and close is in the frozen ether only.
    function test_Attack_AFundingMeanwhileChangesNothing() public {
        askFunding(operator, 1, 1500e9);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        uint256 pool = token.getTotalPooledEther();
        // the head whose proofs the checkpoint needs is the one before the top-up
        StateProof memory state = beacon.stateProof();
        BalancesProof memory balances = beacon.balancesProof(members);
        assertEq(fundNext(1, index), 500e9, "funded while open");
        checkpoints.proveState(s, state);
        checkpoints.proveBalances(s, balances);
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), pool, "no gain, no loss");
        checkpoint();
        assertEq(token.getTotalPooledEther(), pool, "A2: in flight, counted once");
        beacon.processPending(1);
        checkpoint();
        assertEq(beacon.balanceOf(index), 1500e9, "landed");
        assertEq(token.getTotalPooledEther(), pool, "A2: counted once");
    }

    /// A donation in the middle belongs to the next one.
    function test_Attack_ADonationMeanwhileBelongsToTheNext() public {
        vm.deal(address(executionVault), 0.25 ether);
        Snapshot memory s = _openProven();
        vm.deal(address(executionVault), 10 ether);
        vm.deal(address(withdrawalVault), 10 ether);
        vm.deal(address(token), address(token).balance + 10 ether);
        uint256 pool = token.getTotalPooledEther();
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), pool + 0.25 ether, "the frozen rewards only");
        assertEq(address(executionVault).balance, 9.75 ether, "the later ones stay");
    }

    /// H5: holding the last step back does not finalize at an old rate.
    function test_Attack_ACloseHeldBackDoesNotFinalize() public {
        request(alice, 1000 ether);
        checkpoint();
        Snapshot memory s = _openProven();
        // a slashing becomes visible; the exiting holder waits for it to be sure, then closes the old one
        beacon.setBalance(index, beacon.balanceOf(index) - 100e9);
        vm.warp(block.timestamp + MAX_SNAPSHOT_AGE + 1);
        checkpoints.close(s, address(this));
        assertEq(address(queue).balance, 0, "nothing leaves at the old rate");
        beacon.tick(1);
        checkpoint();
        assertEq(address(queue).balance, 0, "nor by the close that books so large a loss");
        checkpoint();
        assertEq(address(queue).balance, queue.payout(1000e27), "all of it is finalized");
        assertLt(queue.payout(1000e27), 1000 ether, "the loss is shared by those who leave");
    }

    /// V5: no key joins while the count that a close needs is frozen; the popcount cannot be met without a member.
    function test_Attack_AJoinWhileACheckpointCanCloseIsRefused() public {
        uint40 second = onboard(operator, 2);
        askFunding(operator, 2, 32e9);
        Snapshot memory s = _openProven();
        ValidatorsProof memory proof = beacon.validatorsProof(one(second), true);
        uint256 expires = uint256(s.openedAt) + EXPIRY;
        vm.expectRevert(abi.encodeWithSelector(ICheckpointGate.CheckpointCanStillClose.selector, expires));
        validators.fund(proof, keysOf(2));
        uint256 state = vm.snapshotState();
        checkpoints.close(s, address(this));
        assertEq(fundNext(2, second), 31e9, "after the close it joins");
        vm.revertToState(state);
        // after its expiry the checkpoint could still be closed: the join gives it up for good
        beacon.tick(uint64(EXPIRY / 12 + 1));
        assertEq(fundNext(2, second), 31e9, "after its expiry it joins too");
        bytes32 hash = keccak256(abi.encode(s));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.SnapshotMismatch.selector, bytes32(0), hash));
        checkpoints.close(s, address(this)); // without the new member
        checkpoint();
        assertEq(owned(), token.getTotalPooledEther(), "A1: the next one counts it");
    }

    function test_Attack_ABatchLeftOutDoubledOrReorderedIsRefused() public {
        for (uint256 i; i < 256; ++i) {
            beacon.addValidator(key(1000 + i), bytes32(i), 32e9);
        }
        member(operator, 2, 32e9); // in the next word
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        BalancesProof memory low = beacon.balancesProof(one(members[0]));
        BalancesProof memory high = beacon.balancesProof(one(members[1]));
        checkpoints.proveBalances(s, low);
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, uint256(1), uint256(2))
        );
        checkpoints.close(s, address(this)); // left out
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(0), uint256(1)));
        checkpoints.proveBalances(s, low); // doubled, to meet the count
        checkpoints.proveBalances(s, high);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(0), uint256(2)));
        checkpoints.proveBalances(s, low); // reordered
        checkpoints.close(s, address(this));
    }

    /// Words come in ascending order: whoever proves the last word first must not close the way to the others'.
    function test_Attack_AProverWhoSkipsAheadHindersOnlyHimself() public {
        for (uint256 i; i < 256; ++i) {
            beacon.addValidator(key(1000 + i), bytes32(i), 32e9);
        }
        member(operator, 2, 32e9); // in the next word
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        BalancesProof memory high = beacon.balancesProof(one(members[1]));
        BalancesProof memory all = beacon.balancesProof(members);
        vm.prank(bob);
        checkpoints.proveBalances(s, high);
        vm.prank(keeper);
        checkpoints.proveBalances(s, all);
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, uint256(1), uint256(2))
        );
        checkpoints.close(s, bob);
        checkpoints.close(s, keeper);
    }

    /// A member's chunk may not stand for another's, nor be left out within a word.
    function test_Attack_AMemberCannotBeSkippedWithinAWord() public {
        for (uint256 i; i < 7; ++i) {
            beacon.addValidator(key(1000 + i), bytes32(i), 32e9);
        }
        uint40 second = member(operator, 2, 32e9);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        BalancesProof memory part = beacon.balancesProof(one(index));
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(1), uint256(2))
        );
        checkpoints.proveBalances(s, part);
        assertGt(second / 4, index / 4, "in another chunk");
    }

    /// A stale root: the state of an earlier slot, with a higher balance, is not this checkpoint's.
    function test_Attack_AStaleRootIsRefused() public {
        waitForCheckpoint();
        StateProof memory stale = beacon.stateProof();
        bytes32 staleRoot = beacon.headRoot();
        beacon.setBalance(index, beacon.balanceOf(index) - 100e9);
        beacon.tick(1);
        Snapshot memory s = openCheckpoint();
        bytes32 root = s.beaconRoot;
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ProofRootMismatch.selector, root, staleRoot));
        checkpoints.proveState(s, stale);
    }

    /// M4: opening and proving nothing stalls nobody beyond the expiry; each spam costs its sender only.
    function test_Attack_OpeningForNothingOnlyDelays() public {
        waitForCheckpoint();
        for (uint256 i; i < 3; ++i) {
            vm.prank(bob);
            checkpoints.open();
            uint256 again = checkpoints.opensAt();
            vm.prank(bob);
            vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointInProgress.selector, again));
            checkpoints.open();
            beacon.tick(uint64(EXPIRY / 12 + 1));
        }
        // an honest keeper finishes the spammer's own in the same block
        vm.prank(bob);
        Snapshot memory s = checkpoints.open();
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        assertEq(owned(), token.getTotalPooledEther(), "A1");
    }

    /// A6: closing as often as allowed recognizes no more than the cap a day.
    function test_Attack_MoreCheckpointsRecognizeNoMore() public {
        beacon.setBalance(index, 2000e9); // 1,000 ETH out of nowhere
        uint256 start = token.lastSnapshotTime();
        uint256 pool = token.getTotalPooledEther();
        for (uint256 i; i < 5; ++i) {
            checkpoint();
        }
        uint256 elapsed = token.lastSnapshotTime() - start;
        uint256 rise = token.getTotalPooledEther() - pool;
        assertLe(rise, token.getTotalPooledEther() * 3 * elapsed / (10_000 * 1 days), "A6");
        assertEq(owned() - token.getTotalPooledEther(), 1000 ether - rise, "A1: the rest is reserve");
    }

    /// Stakes and requests between open and close are in both sides: nobody wins or loses by them.
    function test_Attack_StakingIntoAnOpenCheckpointBuysAtTheOldRateButNotTheGainTwice() public {
        beacon.setBalance(index, beacon.balanceOf(index) + 2e9);
        Snapshot memory s = _openProven();
        stake(bob, 10_000 ether);
        uint256 total = token.getTotalPooledEther();
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), total + 2 ether, "the gain, once");
        assertEq(owned(), token.getTotalPooledEther(), "A1");
    }
}
