// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { Multiproof } from "../../../src/types/Multiproof.sol";
import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import {
    IDepositsInFlight,
    InFlightProof,
    PendingDeposit
} from "../../../src/validators/IDepositsInFlight.sol";
import { InFlightFixture } from "../../support/InFlightFixture.sol";

/// What is shown about deposits at a checkpoint's state, and what it makes of the total.
contract DepositsInFlightProveTest is InFlightFixture {
    // ------------------------------------------------------------ the four ways

    function test_Prove_AllPending() public {
        topUp(1, 100e9);
        beacon.tick(1);
        topUp(2, 50e9);
        Snapshot memory s = openAndProve();
        assertEq(s.inFlightGwei, 150e9, "frozen");
        shower.showAll();
        IDepositsInFlight.Facts memory facts = inFlight.facts();
        assertEq(facts.checkpoint, s.id);
        assertTrue(facts.isComplete, "complete");
        assertEq(facts.walkedTo, lastNumber() - 2, "nothing walked");
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 150e9, "all pending");
        close(s);
        (,, uint64 flying) = inFlight.inFlight();
        assertEq(flying, 150e9, "still in flight");
    }

    function test_Prove_AllLanded() public {
        topUp(1, 100e9);
        topUp(2, 50e9);
        beacon.processPending(2);
        Snapshot memory s = openAndProve();
        shower.showAll();
        close(s);
        (uint32 count, uint32 landed, uint64 flying) = inFlight.inFlight();
        assertEq(count, landed);
        assertEq(flying, 0);
        assertEq(inFlight.landedSlot(), beacon.headSlot(), "slot of the state");
    }

    function test_Prove_SomeOfOneSlotLanded() public {
        topUp(1, 100e9);
        topUp(2, 50e9);
        topUp(3, 60e9);
        beacon.processPending(2);
        Snapshot memory s = openAndProve();
        shower.showAll();
        assertEq(inFlight.facts().newest, lastNumber() - 1, "two landed");
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 60e9, "the third pending");
        close(s);
    }

    function test_Prove_OfTheOpensOwnBlockIsPendingWithoutProof() public {
        topUp(1, 100e9);
        beacon.processPending(1);
        waitForCheckpoint();
        topUp(2, 50e9);
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        checkpoints.proveBalances(s, beacon.balancesProof(members));
        assertEq(s.inFlightGwei, 150e9);
        shower.showAll();
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 50e9, "the young one");
        close(s);
    }

    /// Made after the open: the frozen ether holds it, so it isn't in flight yet.
    function test_Prove_MadeAfterTheOpenCountsAsEther() public {
        topUp(1, 100e9);
        Snapshot memory s = openAndProve();
        topUp(2, 50e9);
        shower.showAll();
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 100e9, "what was made before");
        close(s);
        (,, uint64 flying) = inFlight.inFlight();
        assertEq(flying, 150e9);
        checkpoint();
    }

    function test_Prove_PostponedGoesToTheShortList() public {
        topUp(1, 100e9);
        topUp(2, 50e9);
        exit(1);
        beacon.processPending(2); // the first goes to the list's end, the second lands
        Snapshot memory s = openAndProve();
        shower.showAll();
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 100e9, "postponed");
        close(s);
        (uint32 count, uint32 landed, uint64 flying) = inFlight.inFlight();
        assertEq(count, landed, "none left in line");
        assertEq(flying, 100e9);
        assertEq(inFlight.shortGwei(), 100e9);
        assertTrue(inFlight.isShort(count - 1), "on the short list");
        assertFalse(inFlight.isShort(count), "the other isn't");
        assertTrue(inFlight.flying(count - 1, indexOf[1]), "in flight to the first");
        assertFalse(inFlight.flying(count, indexOf[2]), "not to the second");
        // and again, as long as it takes
        checkpoint();
        assertEq(inFlight.shortGwei(), 100e9);
    }

    function test_Prove_AbsentOfTheShortListLandsAfterTheDelay() public {
        uint32 number = _postponed();
        beacon.setWithdrawableEpoch(indexOf[1], 1);
        beacon.processPending(1);
        Snapshot memory s = openAndProve();
        shower.showAll();
        uint256 until = block.timestamp + inFlight.DISPUTE_DELAY();
        vm.expectRevert(abi.encodeWithSelector(IDepositsInFlight.InFlightDisputable.selector, until));
        close(s);
        vm.warp(until);
        close(s);
        assertEq(inFlight.shortGwei(), 0);
        assertFalse(inFlight.isShort(number));
        assertFalse(inFlight.flying(number, indexOf[1]));
    }

    /// Somebody leaves a pending one out, so that it counts as landed; anybody shows it within the hour.
    function test_Prove_AnybodyShowsWhatWasLeftOut() public {
        uint32 number = _postponed();
        Snapshot memory s = openAndProve();
        InFlightProof memory nothing;
        nothing.walkTo = number;
        prove(nothing);
        vm.warp(block.timestamp + inFlight.DISPUTE_DELAY() - 1);
        vm.prank(bob);
        prove(_show(number));
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 100e9, "shown");
        close(s);
        assertEq(inFlight.shortGwei(), 100e9);
    }

    function test_Prove_AnybodyShowsWhatWasPassed() public {
        topUp(1, 100e9);
        exit(1);
        Snapshot memory s = openAndProve();
        InFlightProof memory proof = shower.whole();
        (proof.shown, proof.shownAt) = (new uint32[](0), new uint32[](0));
        vm.expectEmit(address(inFlight));
        emit IDepositsInFlight.DepositPassedAbsent(s.id, lastNumber());
        prove(proof);
        assertEq(inFlight.facts().passedGwei, 100e9);
        vm.expectEmit(address(inFlight));
        emit IDepositsInFlight.DepositShownPending(s.id, lastNumber());
        prove(_show(lastNumber()));
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 100e9, "shown");
        close(s);
    }

    function test_Prove_WhatWasPassedAndIsNotShownLands() public {
        topUp(1, 100e9);
        beacon.processPending(1);
        exit(1); // it landed before its validator exited: no proof can tell
        Snapshot memory s = openAndProve();
        shower.showAll();
        vm.warp(block.timestamp + inFlight.DISPUTE_DELAY());
        close(s);
        (,, uint64 flying) = inFlight.inFlight();
        assertEq(flying, 0);
    }

    // ------------------------------------------------------------ batches

    function test_Prove_ScansTheHeadInParts() public {
        for (uint256 i; i < 6; ++i) {
            beacon.addPending(keyRoot(4), 1e9, 0); // elements without a slot stand anywhere
        }
        topUp(1, 100e9);
        beacon.dropPending(6); // landed, before others that were put in front
        beacon.setBalance(indexOf[1], 132e9);
        Snapshot memory s = openAndProve();
        InFlightProof memory proof = shower.whole();
        uint32 newest = proof.newest;
        proof.walkTo = newest - 1;
        for (uint32 i; i < 5; i += 2) {
            proof.pending = beacon.pendingProof(_range(i, i + 2));
            prove(proof);
            assertEq(inFlight.facts().newest, i == 4 ? newest : 0, "known at the end");
        }
        proof = shower.whole();
        prove(proof);
        close(s);
    }

    /// Each has its own way through the list: nobody can skip another's part of it.
    function test_Prove_ScanOfAnotherDoesNotCount() public {
        for (uint256 i; i < 4; ++i) {
            beacon.addPending(keyRoot(4), 1e9, 0);
        }
        topUp(1, 100e9);
        Snapshot memory s = openAndProve();
        assertEq(s.inFlightGwei, 100e9);
        InFlightProof memory proof = shower.whole();
        proof.newest = lastNumber();
        proof.walkTo = lastNumber() - 1;
        proof.boundary = new uint32[](0);
        proof.pending = beacon.pendingProof(_range(0, 4));
        prove(proof);
        proof.pending = beacon.pendingProof(numbers(4));
        vm.prank(bob);
        vm.expectRevert(IDepositsInFlight.NothingShown.selector);
        inFlight.prove(proof);
        mustRefuse(
            proof, abi.encodeWithSelector(IDepositsInFlight.DepositStillPending.selector, lastNumber(), 4)
        );
    }

    function test_Prove_WalksInParts() public {
        for (uint256 n = 1; n <= MEMBERS; ++n) {
            topUp(n, 10e9);
            beacon.tick(1);
        }
        beacon.processPending(4);
        Snapshot memory s = openAndProve();
        InFlightProof memory proof = shower.whole();
        uint32 last = proof.walkTo;
        for (uint32 to = last - 3; to <= last; ++to) {
            proof.walkTo = to;
            proof.containers = beacon.containersProof(_indices(to, last));
            prove(proof);
            assertEq(inFlight.facts().walkedTo, to);
            assertEq(inFlight.facts().isComplete, to == last);
        }
        close(s);
    }

    function test_Prove_BeginsAnewForAnotherCheckpoint() public {
        topUp(1, 100e9);
        exit(1);
        Snapshot memory s = openAndProve();
        shower.showAll();
        vm.warp(checkpoints.opensAt());
        beacon.tick(1);
        s = openAndProve();
        vm.expectRevert(incomplete(s, 0));
        close(s);
        shower.showAll();
        close(s);
        assertEq(inFlight.shortGwei(), 100e9);
    }

    // ------------------------------------------------------------ refusals

    function test_RevertWhen_NoStateIsProven() public {
        topUp(1, 100e9);
        mustRefuse(shower.whole(), abi.encodeWithSelector(IDepositsInFlight.InFlightStateMissing.selector));
        waitForCheckpoint();
        openCheckpoint();
        mustRefuse(shower.whole(), abi.encodeWithSelector(IDepositsInFlight.InFlightStateMissing.selector));
    }

    function test_RevertWhen_NothingNewIsShown() public {
        topUp(1, 100e9);
        openAndProve();
        shower.showAll();
        InFlightProof memory nothing;
        mustRefuse(nothing, abi.encodeWithSelector(IDepositsInFlight.NothingShown.selector));
    }

    function test_RevertWhen_ClosedWithoutIt() public {
        topUp(1, 100e9);
        Snapshot memory s = openAndProve();
        vm.expectRevert(incomplete(s, 0));
        close(s);
    }

    function test_RevertWhen_WalkPassesWhatIsPending() public {
        topUp(1, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.walkTo = lastNumber();
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.DepositUnaccounted.selector, lastNumber()));
    }

    function test_RevertWhen_NewestIsPending() public {
        topUp(1, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.newest = lastNumber();
        mustRefuse(
            proof, abi.encodeWithSelector(IDepositsInFlight.DepositStillPending.selector, lastNumber(), 0)
        );
    }

    function test_RevertWhen_NewestIsExiting() public {
        topUp(1, 100e9);
        exit(1);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.newest = lastNumber();
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.AnchorInvalid.selector, lastNumber()));
    }

    function test_RevertWhen_YoungerThanTheState() public {
        topUp(1, 100e9);
        openAndProve();
        uint64 stateSlot = beacon.headSlot();
        topUp(2, 50e9);
        InFlightProof memory proof = shower.whole();
        bytes memory reason = abi.encodeWithSelector(
            IDepositsInFlight.DepositTooYoung.selector, lastNumber(), beacon.slot(), stateSlot
        );
        proof.newest = lastNumber();
        mustRefuse(proof, reason);
        proof.newest = 0;
        proof.shown = numbers(lastNumber());
        proof.shownAt = numbers(0);
        mustRefuse(proof, reason);
    }

    function test_RevertWhen_DepositUnknown() public {
        topUp(1, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        uint32 count = lastNumber();
        proof.newest = count + 1;
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.DepositUnknown.selector, count + 1, count));
        proof.newest = 0;
        proof.shown = numbers(0);
        proof.shownAt = numbers(0);
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.DepositUnknown.selector, 0, count));
    }

    function test_RevertWhen_ShownHasLanded() public {
        topUp(1, 100e9);
        beacon.processPending(1);
        beacon.addPending(keyRoot(1), 100e9, beacon.slot()); // a look-alike that somebody sent in the same slot
        openAndProve();
        InFlightProof memory proof = _show(1);
        bytes memory wrong = abi.encodeWithSelector(IDepositsInFlight.DepositNotElement.selector, 1, 0);
        mustRefuse(proof, wrong); // of the member's first deposit, long landed: another amount
    }

    function test_RevertWhen_PlacesDiffer() public {
        topUp(1, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.shown = numbers(lastNumber());
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.InFlightPlacesDiffer.selector, 0, 1));
        proof = shower.whole();
        uint32[] memory two = new uint32[](2);
        proof.boundary = two;
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.InFlightPlacesDiffer.selector, 2, 1));
    }

    function test_RevertWhen_ElementIsAnother() public {
        topUp(1, 100e9);
        topUp(2, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        (proof.boundary[0], proof.boundary[1]) = (1, 0);
        mustRefuse(
            proof, abi.encodeWithSelector(IDepositsInFlight.DepositNotElement.selector, lastNumber() - 1, 1)
        );
        proof.boundary[0] = 2;
        mustRefuse(
            proof, abi.encodeWithSelector(IDepositsInFlight.DepositNotElement.selector, lastNumber() - 1, 2)
        );
    }

    function test_RevertWhen_ValidatorNotShown() public {
        topUp(1, 100e9);
        beacon.processPending(1);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.containers = beacon.containersProof(one(indexOf[2]));
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.ValidatorNotShown.selector, indexOf[1]));
    }

    function test_RevertWhen_AnchorIsNotOfTheGroup() public {
        topUp(1, 100e9);
        beacon.tick(1);
        topUp(2, 100e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.anchor = lastNumber();
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.AnchorInvalid.selector, lastNumber()));
        proof.anchor = 0;
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.AnchorInvalid.selector, 0));
    }

    /// A proof bent in any one place, or elements that were never proven, are refused.
    function test_RevertWhen_ProofIsBent() public {
        topUp(1, 100e9);
        topUp(2, 50e9);
        openAndProve();
        InFlightProof memory proof = shower.whole();
        proof.pending.elements[0].amountGwei += 1;
        _mustMismatch(proof);
        proof = shower.whole();
        proof.pending.length += 1;
        _mustMismatch(proof);
        proof = shower.whole();
        proof.containers.validators[0].exitEpoch = 7;
        _mustMismatch(proof);
        proof = shower.whole();
        proof.pending.nodes[0] ^= bytes32(uint256(1));
        _mustMismatch(proof);
        proof = shower.whole();
        proof.pending.positions = new uint32[](0);
        proof.pending.nodes = new bytes32[](0);
        mustRefuse(proof, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, 2, 0));
        proof.pending.elements = new PendingDeposit[](0);
        proof.boundary = new uint32[](0);
        proof.pending.nodes = new bytes32[](2);
        mustRefuse(proof, abi.encodeWithSelector(Multiproof.ProofTooLong.selector, 2, 1));
    }

    function test_RevertWhen_SettledByAnybodyElse() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDepositsInFlight.InFlightCallerNotAllowed.selector, address(this))
        );
        inFlight.settle(1, 1);
    }

    // ------------------------------------------------------------ helpers

    /// A deposit on the short list.
    function _postponed() private returns (uint32 number) {
        topUp(1, 100e9);
        number = lastNumber();
        exit(1);
        checkpoint();
        assertTrue(inFlight.isShort(number), "on the short list");
    }

    function _show(uint32 number) private view returns (InFlightProof memory proof) {
        proof.pending = beacon.pendingProof(numbers(0));
        proof.shown = numbers(number);
        proof.shownAt = numbers(0);
        proof.walkTo = number;
    }

    function _range(uint32 from, uint32 to) private pure returns (uint32[] memory list) {
        list = new uint32[](to - from);
        for (uint32 i; i < list.length; ++i) {
            list[i] = from + i;
        }
    }

    /// The validators of deposits `from` and `to`, ascending.
    function _indices(uint32 from, uint32 to) private view returns (uint40[] memory list) {
        (uint40 a, uint40 b) = (inFlight.deposit(from).validatorIndex, inFlight.deposit(to).validatorIndex);
        if (a == b) return one(a);
        list = new uint40[](2);
        (list[0], list[1]) = a < b ? (a, b) : (b, a);
    }

    function _mustMismatch(InFlightProof memory proof) private {
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        inFlight.prove(proof);
    }
}
