// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IDepositsInFlight, InFlightProof } from "../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { InFlightFixture } from "../support/InFlightFixture.sol";

/// attacks.md C3: deposits in flight counted twice, or not at all (A2).
contract InFlightAttackTest is InFlightFixture {
    // ------------------------------------------------------------ look-alikes

    /// A deposit just like the group's first, sent behind the group: while the group has landed it is still pending, and
    /// would stand for the first. What follows from it would make the second pending too, which has landed.
    function test_LookAlikeOfTheOldestDoesNotHideTheOthers() public {
        topUp(1, 1e9);
        topUp(2, 1000e9);
        beacon.addPending(keyRoot(1), 1e9, beacon.slot());
        beacon.processPending(2);
        Snapshot memory s = openAndProve();
        InFlightProof memory proof = shower.whole();
        uint32 last = lastNumber();
        proof.newest = 0;
        proof.walkTo = last - 2;
        proof.anchor = last - 1;
        proof.boundary = numbers(0);
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.InFlightPlacesDiffer.selector, 1, 2));
        shower.showAll();
        // the second has landed, so the first has: what looks like it is somebody else's
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 0, "both have landed");
        uint256 truth = _truth();
        close(s);
        _checkTotal(s, truth);
    }

    /// One just like the newest keeps it from being shown landed. Then it is counted as pending, which somebody else's
    /// ether is, and no checkpoint stands still.
    function test_LookAlikeOfTheNewestBlocksNothing() public {
        topUp(1, 10e9);
        topUp(2, 20e9);
        beacon.addPending(keyRoot(2), 20e9, beacon.slot());
        beacon.processPending(2);
        Snapshot memory s = openAndProve();
        uint32 last = lastNumber();
        shower.showAll();
        assertEq(inFlight.facts().newest, last - 1, "the newest that can be shown landed");
        uint256 truth = _truth();
        close(s);
        _checkTotal(s, truth);
        (,, uint64 flying) = inFlight.inFlight();
        assertEq(flying, 20e9, "somebody else's, on its way to us");
        // the gift lands, and with it ours is seen to have: nothing is counted twice, nobody waits
        beacon.processPending(1);
        s = openAndProve();
        truth = _truth();
        shower.showAll();
        close(s);
        _checkTotal(s, truth);
        assertEq(inFlight.shortGwei(), 0);
    }

    /// A gift of any size to our keys, wherever it stands in the list.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_GiftsAtTheHeadBlockNothing(uint256 seed) public {
        uint256 gifts = seed % 5;
        for (uint256 i; i < gifts; ++i) {
            uint64 amount = uint64(bound(uint256(keccak256(abi.encode(seed, i))), 1e9, 2000e9));
            beacon.addPending(keyRoot(1 + i % MEMBERS), amount, seed % 2 == 0 ? 0 : beacon.slot());
        }
        topUp(1, 100e9);
        if (seed % 3 == 0) beacon.processPending(gifts + 1);
        Snapshot memory s = openAndProve();
        shower.showAll();
        uint256 truth = _truth();
        close(s);
        _checkTotal(s, truth);
    }

    // ------------------------------------------------------------ exits

    /// An exit between deposit and landing: postponed, it is neither lost nor counted twice, until it lands after all
    /// and leaves with the rest.
    function test_ExitWhileInFlightLosesNothing() public {
        topUp(1, 500e9);
        exit(1);
        uint256 truth;
        for (uint256 i; i < 3; ++i) {
            Snapshot memory s = openAndProve();
            beacon.processPending(1); // postponed again
            shower.showAll();
            truth = _truth();
            close(s);
            _checkTotal(s, truth);
            _cantLeave();
        }
        // withdrawable: it lands, and both are paid out
        beacon.setWithdrawableEpoch(indexOf[1], 1);
        beacon.processPending(1);
        assertEq(beacon.balanceOf(indexOf[1]), 532e9);
        vm.deal(address(withdrawalVault), address(withdrawalVault).balance + 532 ether);
        beacon.setBalance(indexOf[1], 0);
        Snapshot memory last = openAndProve();
        shower.showAll();
        truth = _truth();
        vm.warp(block.timestamp + inFlight.DISPUTE_DELAY());
        close(last);
        _checkTotal(last, truth);
        beacon.tick(1);
        validators.leave(beacon.validatorsProof(one(indexOf[1]), true));
        assertEq(uint8(status(1)), uint8(IValidatorManager.Status.Left));
    }

    /// The one thing a watcher is needed for: within the hour he shows it, and the liar's checkpoint closes right.
    function test_DenyingAPostponedDepositFailsIfOnePersonLooks() public {
        topUp(1, 500e9);
        exit(1);
        Snapshot memory s = openAndProve();
        uint256 truth = _truth();
        InFlightProof memory lie = shower.whole();
        (lie.shown, lie.shownAt) = (new uint32[](0), new uint32[](0));
        vm.prank(bob);
        inFlight.prove(lie);
        vm.expectPartialRevert(IDepositsInFlight.InFlightDisputable.selector);
        close(s);
        InFlightProof memory truthful;
        truthful.pending = shower.wholeList(1);
        truthful.shown = numbers(lastNumber());
        truthful.shownAt = numbers(0);
        prove(truthful);
        close(s);
        _checkTotal(s, truth);
    }

    /// Nobody can turn a deposit that landed in order into one that is looked at singly, or the other way round.
    function test_ExitingNeighboursAreNoAnchorAndNoNewest() public {
        topUp(1, 100e9);
        topUp(2, 200e9);
        exit(2);
        beacon.processPending(2); // the first landed, the second postponed
        Snapshot memory s = openAndProve();
        uint32 last = lastNumber();
        InFlightProof memory proof = shower.whole();
        (proof.shown, proof.shownAt) = (new uint32[](0), new uint32[](0));
        (proof.newest, proof.walkTo) = (0, last - 2);
        proof.boundary = new uint32[](2);
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.DepositNotElement.selector, last - 1, 0));
        proof.newest = last;
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.AnchorInvalid.selector, last));
        (proof.newest, proof.walkTo) = (last - 1, last - 1);
        (proof.boundary, proof.anchor) = (numbers(0), last);
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.AnchorInvalid.selector, last));
        shower.showAll();
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 200e9);
    }

    /// What was shown after it was walked over as landed would be counted on top.
    function test_LandedIsNotShownAfterwards() public {
        topUp(1, 100e9);
        topUp(2, 200e9);
        beacon.addPending(keyRoot(1), 100e9, beacon.slot());
        beacon.processPending(2);
        Snapshot memory s = openAndProve();
        uint32 last = lastNumber();
        InFlightProof memory proof = shower.whole();
        (proof.shown, proof.shownAt, proof.newest) = (new uint32[](0), new uint32[](0), last);
        prove(proof);
        (proof.shown, proof.shownAt) = (numbers(last - 1), numbers(0));
        mustRefuse(proof, abi.encodeWithSelector(IDepositsInFlight.NothingShown.selector));
        assertEq(inFlight.previewSettle(s.id, s.lastDeposit), 0);
    }

    // ------------------------------------------------------------ any order

    /// Deposits, gifts, exits, postponements and landings in any order: each checkpoint counts every gwei once.
    /// forge-config: default.fuzz.runs = 24
    /// forge-config: nightly.fuzz.runs = 2000
    function testFuzz_AnyOrderIsCountedOnce(uint256 seed) public {
        for (uint256 round; round < 5; ++round) {
            for (uint256 i; i < 7; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                _step(seed);
            }
            Snapshot memory s = openAndProve();
            if (s.inFlightGwei != 0) shower.showAll();
            uint256 truth = _truth();
            vm.warp(block.timestamp + inFlight.DISPUTE_DELAY());
            close(s);
            _checkTotal(s, truth);
            beacon.tick(1);
        }
    }

    function _step(uint256 seed) private {
        uint256 n = 1 + (seed >> 8) % MEMBERS;
        uint256 what = seed % 8;
        if (what < 3) {
            IValidatorManager.ValidatorRecord memory v = validators.validator(keyRoot(n));
            bool works = v.status == IValidatorManager.Status.Member && v.principalGwei < 1900e9;
            bool isFirst = inFlight.deposit(v.lastDeposit).slot < beacon.slot();
            if (works && isFirst && !checkpoints.isGuarded() && !_isMarked(n)) {
                topUp(n, uint64(1 + (seed >> 16) % 60) * 1e9);
            }
            if (seed >> 64 & 1 == 0) beacon.tick(1);
        } else if (what == 3) {
            // never like one of ours: those are whole ETH
            beacon.addPending(keyRoot(n), uint64(1e9 + 1 + (seed >> 16) % 1e9), beacon.slot());
        } else if (what == 4 && seed >> 16 & 3 == 0) {
            if (!_isMarked(n)) exit(n);
        } else if (what == 5) {
            if (_isMarked(n)) beacon.setWithdrawableEpoch(indexOf[n], 1);
        } else {
            beacon.processPending((seed >> 16) % 6);
            beacon.tick(1);
        }
    }

    function _isMarked(uint256 n) private view returns (bool) {
        return beacon.isExiting(indexOf[n]);
    }

    // ------------------------------------------------------------ helpers

    /// Not even paid out whole, while something flies to it.
    function _cantLeave() private {
        uint64 balance = beacon.balanceOf(indexOf[1]);
        beacon.setBalance(indexOf[1], 0);
        beacon.setWithdrawableEpoch(indexOf[1], 1);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(indexOf[1]), true);
        vm.expectPartialRevert(IValidatorManager.StillInFlight.selector);
        validators.leave(proof);
        beacon.setBalance(indexOf[1], balance);
        exit(1);
        beacon.tick(1);
    }

    /// What the pool owns at the head's state and the execution layer of now, gifts under way aside.
    function _truth() private view returns (uint256 total) {
        total = token.ownEther() + uint256(trulyFlying()) * 1 gwei;
        for (uint256 i; i < members.length; ++i) {
            total += uint256(beacon.headBalanceOf(members[i])) * 1 gwei;
        }
    }

    /// A1, with the pool's ether as the token has it.
    function _checkTotal(Snapshot memory s, uint256 truth) private view {
        (ICheckpoints.Progress memory p) = checkpoints.progress(address(this));
        (,, uint64 flying) = inFlight.inFlight();
        // no request is open, so nothing was finalized; deposits made since the open are in both
        uint256 made = inFlight.deposit(lastNumber()).cumulativeGwei
            - (s.lastDeposit == 0 ? 0 : inFlight.deposit(s.lastDeposit).cumulativeGwei);
        uint256 total = s.ownEther + (uint256(p.provenGwei) + flying - made) * 1 gwei;
        assertEq(total, truth + made * 1 gwei, "A2: total");
    }
}
