// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { BalancesProof, IBeaconProofs, StateProof } from "../../../src/validators/IBeaconProofs.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// proveState and proveBalances.
contract CheckpointsProveTest is StackFixture {
    uint32 private operator;
    Snapshot private snapshot;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 299 ether);
        member(operator, 1, 40e9);
        // others' validators, so that our second one lies in the next word of the bitmap
        for (uint256 i; i < 260; ++i) {
            beacon.addValidator(key(1000 + i), bytes32(i), 32e9);
        }
        member(operator, 2, 32e9);
        waitForCheckpoint();
        snapshot = openCheckpoint();
    }

    function _batch(uint256 from, uint256 to) private view returns (BalancesProof memory) {
        uint40[] memory part = new uint40[](to - from);
        for (uint256 i = from; i < to; ++i) {
            part[i - from] = members[i];
        }
        return beacon.balancesProof(part);
    }

    function _proveState() private {
        checkpoints.proveState(snapshot, beacon.stateProof());
    }

    function test_ProveState_StoresTheBalancesRoot() public {
        StateProof memory proof = beacon.stateProof();
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointStateProven(1, proof.slot, proof.balancesRoot);
        assertFalse(checkpoints.proveState(snapshot, proof), "not void");
        ICheckpoints.Progress memory p = checkpoints.progress(address(this));
        assertTrue(p.stateProven, "proven");
        assertEq(p.slot, proof.slot, "slot");
        assertEq(p.provenCount, 0, "nobody yet");
    }

    function test_ProveState_AForeignExecutionBlockVoidsIt() public {
        beacon.setForeignExecutionBlock(keccak256("another payload"));
        // a checkpoint whose parent state committed to another payload than the block before
        beacon.tick(uint64(EXPIRY / 12 + 1));
        beacon.setForeignExecutionBlock(keccak256("another payload"));
        beacon.tick(1);
        snapshot = openCheckpoint();
        StateProof memory proof = beacon.stateProof();
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointAbandoned(2);
        assertTrue(checkpoints.proveState(snapshot, proof), "void");
        assertEq(checkpoints.openSnapshotHash(), bytes32(0), "none open");
        assertFalse(token.checkpointOpen(), "unmarked");
        beacon.tick(1);
        snapshot = openCheckpoint(); // at once
        assertEq(snapshot.id, 3, "the next");
        proveCheckpoint(snapshot);
        checkpoints.close(snapshot, address(this));
    }

    function test_RevertWhen_TheStateIsOfAnotherRoot() public {
        bytes32 root = snapshot.beaconRoot;
        beacon.tick(1);
        StateProof memory proof = beacon.stateProof();
        bytes32 other = beacon.headRoot();
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ProofRootMismatch.selector, root, other));
        checkpoints.proveState(snapshot, proof);
    }

    function test_RevertWhen_TheStateIsProvenTwice() public {
        _proveState();
        StateProof memory proof = beacon.stateProof();
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.StateAlreadyProven.selector, uint64(1)));
        checkpoints.proveState(snapshot, proof);
    }

    function test_ProveBalances_InOneBatchOrSeveral() public {
        _proveState();
        BalancesProof memory first = _batch(0, 1);
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointBatchProven(1, address(this), 40e9, 1, 40e9, 1);
        checkpoints.proveBalances(snapshot, first);
        assertEq(checkpoints.progress(address(this)).nextWord, 1, "next word");
        BalancesProof memory second = _batch(1, 2);
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointBatchProven(1, address(this), 32e9, 1, 72e9, 2);
        checkpoints.proveBalances(snapshot, second);
        assertEq(checkpoints.progress(address(this)).nextWord, 2, "next word");
        vm.prank(bob); // anybody may book it
        checkpoints.close(snapshot, address(this));
        assertEq(token.getTotalPooledEther(), 302 ether, "A1");
    }

    /// Anybody may prove, each on a walk of his own: parts of two walks do not make a whole.
    function test_ProveBalances_EachProverWalksAlone() public {
        _proveState();
        BalancesProof memory first = _batch(0, 1);
        BalancesProof memory second = _batch(1, 2);
        vm.prank(alice);
        checkpoints.proveBalances(snapshot, first);
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointBatchProven(1, bob, 32e9, 1, 32e9, 1);
        vm.prank(bob);
        checkpoints.proveBalances(snapshot, second);
        assertEq(checkpoints.progress(alice).nextWord, 1, "alice has the first word");
        assertEq(checkpoints.progress(bob).nextWord, 2, "bob the second");
        assertEq(checkpoints.progress(keeper).provenCount, 0, "nobody else any");
        assertTrue(checkpoints.progress(keeper).stateProven, "the state is everybody's");
        address[3] memory provers = [alice, bob, keeper];
        for (uint256 i; i < 3; ++i) {
            bytes memory incomplete = abi.encodeWithSelector(
                ICheckpoints.CheckpointIncomplete.selector, uint256(i < 2 ? 1 : 0), uint256(2)
            );
            vm.expectRevert(incomplete);
            checkpoints.close(snapshot, provers[i]);
            vm.expectRevert(incomplete);
            checkpoints.previewClose(snapshot, provers[i]);
        }
        vm.prank(alice);
        checkpoints.proveBalances(snapshot, second);
        checkpoints.close(snapshot, alice);
        assertEq(token.getTotalPooledEther(), 302 ether, "A1");
    }

    function test_ProveBalances_AWalkThroughAnOlderCheckpointDoesNotCount() public {
        _proveState();
        checkpoints.proveBalances(snapshot, _batch(0, 2));
        beacon.tick(uint64(EXPIRY / 12 + 1));
        snapshot = openCheckpoint();
        ICheckpoints.Progress memory p = checkpoints.progress(address(this));
        assertEq(p.provenGwei + p.provenCount + p.nextWord + p.payGwei + p.slot, 0, "begun anew");
        assertFalse(p.stateProven, "the state too");
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.StateNotProven.selector, uint64(2)));
        checkpoints.close(snapshot, address(this));
        _proveState();
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, uint256(0), uint256(2))
        );
        checkpoints.close(snapshot, address(this));
        checkpoints.proveBalances(snapshot, _batch(0, 2));
        checkpoints.close(snapshot, address(this));
    }

    function test_ProveBalances_AllWordsAtOnce() public {
        _proveState();
        checkpoints.proveBalances(snapshot, _batch(0, 2));
        assertEq(checkpoints.progress(address(this)).provenCount, 2, "both");
    }

    function test_RevertWhen_TheStateIsNotProvenYet() public {
        BalancesProof memory proof = _batch(0, 2);
        bytes memory early = abi.encodeWithSelector(ICheckpoints.StateNotProven.selector, uint64(1));
        vm.expectRevert(early);
        checkpoints.proveBalances(snapshot, proof);
        vm.expectRevert(early);
        checkpoints.close(snapshot, address(this));
        vm.expectRevert(early);
        checkpoints.previewClose(snapshot, address(this));
    }

    /// A4: no batch twice, none out of order.
    function test_RevertWhen_ABatchIsRepeatedOrOutOfOrder() public {
        _proveState();
        BalancesProof memory first = _batch(0, 1);
        BalancesProof memory second = _batch(1, 2);
        checkpoints.proveBalances(snapshot, second);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(1), uint256(2)));
        checkpoints.proveBalances(snapshot, second);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(0), uint256(2)));
        checkpoints.proveBalances(snapshot, first);
        first.words = "";
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(0), uint256(2)));
        checkpoints.proveBalances(snapshot, first);
    }

    /// Words of 4 bytes: with fewer than one there is none, and part of one more is refused.
    function test_RevertWhen_WordsAreNotWhole() public {
        _proveState();
        BalancesProof memory proof = _batch(0, 1);
        bytes memory words = proof.words;
        proof.words = hex"000000";
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.BatchOutOfOrder.selector, uint256(0), uint256(0)));
        checkpoints.proveBalances(snapshot, proof);
        proof.words = bytes.concat(words, hex"0000");
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(6), uint256(4))
        );
        checkpoints.proveBalances(snapshot, proof);
    }

    function test_RevertWhen_AWordWithoutMembersIsNamed() public {
        _proveState();
        BalancesProof memory proof = _batch(0, 1);
        proof.words = hex"00000005";
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(0)));
        checkpoints.proveBalances(snapshot, proof);
    }

    function test_RevertWhen_TheBalancesAreOfAnotherState() public {
        _proveState();
        bytes32 expected = beacon.stateProof().balancesRoot;
        beacon.setBalance(members[0], 2048e9);
        beacon.tick(1);
        BalancesProof memory proof = _batch(0, 2);
        bytes32 computed = beacon.stateProof().balancesRoot;
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ProofRootMismatch.selector, expected, computed));
        checkpoints.proveBalances(snapshot, proof);
    }

    function test_RevertWhen_AnyFieldOfTheSnapshotIsChanged() public {
        StateProof memory state = beacon.stateProof();
        BalancesProof memory balances = _batch(0, 2);
        bytes32 hash = checkpoints.openSnapshotHash();
        for (uint256 i; i < 11; ++i) {
            Snapshot memory s = snapshot;
            if (i == 0) ++s.id;
            if (i == 1) ++s.openedAt;
            if (i == 2) s.beaconRoot = 0;
            if (i == 3) s.executionBlockHash = 0;
            if (i == 4) ++s.ownEther;
            if (i == 5) ++s.executionRewards;
            if (i == 6) --s.poolEther;
            if (i == 7) ++s.inFlightGwei;
            if (i == 8) ++s.lastDeposit;
            if (i == 9) --s.memberCount;
            if (i == 10) s.opener = bob;
            bytes memory mismatch = abi.encodeWithSelector(
                ICheckpoints.SnapshotMismatch.selector, hash, keccak256(abi.encode(s))
            );
            vm.expectRevert(mismatch);
            checkpoints.proveState(s, state);
            vm.expectRevert(mismatch);
            checkpoints.proveBalances(s, balances);
            vm.expectRevert(mismatch);
            checkpoints.close(s, address(this));
            vm.expectRevert(mismatch);
            checkpoints.previewClose(s, address(this));
            vm.expectRevert(mismatch);
            checkpoints.previewTotals(s, 0, 0);
        }
    }

    function test_RevertWhen_TheLockIsHeld() public {
        StateProof memory state = beacon.stateProof();
        BalancesProof memory balances = _batch(0, 2);
        vm.prank(address(validators));
        token.acquireLock();
        bytes memory reentrant = abi.encodeWithSelector(IStakedEther.ReentrantCall.selector);
        vm.expectRevert(reentrant);
        checkpoints.proveState(snapshot, state);
        vm.expectRevert(reentrant);
        checkpoints.proveBalances(snapshot, balances);
        vm.expectRevert(reentrant);
        checkpoints.close(snapshot, address(this));
    }
}
