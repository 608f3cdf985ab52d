// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IDepositsInFlight, InFlightProof, PendingDeposit } from "../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { InFlightFixture } from "../support/InFlightFixture.sol";

/// Provers of deposits in flight who work against the others: true facts, shown to the wrong end.
contract ProversAttackTest is InFlightFixture {
    /// Look-alikes of each deposit, sent by strangers.
    mapping(uint32 number => uint256) private _likes;

    /// Nobody puts a deposit to a working validator on the short list, where an hour's silence would count it as landed.
    function test_Attack_WorkingValidatorsDepositsAreNotTakenSingly() public {
        topUp(1, 1500e9);
        beacon.tick(1);
        Snapshot memory s = openAndProve();
        InFlightProof memory p = shower.whole();
        p.shown = numbers(lastNumber());
        p.shownAt = numbers(0);
        p.walkTo = lastNumber();
        p.boundary = new uint32[](0);
        mustRefuse(p, abi.encodeWithSelector(IDepositsInFlight.DepositUnaccounted.selector, lastNumber()));
        // shown alone, it is in nobody's way
        p.walkTo = lastNumber() - 1;
        vm.prank(bob);
        inFlight.prove(p);
        shower.showAll();
        close(s);
        assertEq(inFlight.shortGwei(), 0);
        beacon.processPending(1);
        checkpoint(); // at once, without an hour's wait
        (,, uint64 flying) = inFlight.inFlight();
        assertEq(flying, 0);
    }

    /// One that has landed and is hidden by its like, before one of its slot that landed before its validator exited: both
    /// can be passed, and the checkpoint closes.
    function test_Attack_AHiddenLandingBeforeAnExitBlocksNothing() public {
        topUp(1, 10e9);
        topUp(2, 20e9);
        beacon.addPending(keyRoot(1), 10e9, beacon.slot());
        beacon.processPending(2);
        exit(2);
        Snapshot memory s = openAndProve();
        uint32 last = lastNumber();
        InFlightProof memory p = shower.whole();
        (p.newest, p.walkTo) = (0, last);
        (p.shown, p.shownAt) = (numbers(last - 1), numbers(0));
        p.boundary = new uint32[](0);
        inFlight.prove(p);
        assertTrue(inFlight.facts().isComplete);
        vm.warp(block.timestamp + inFlight.DISPUTE_DELAY());
        close(s);
        assertEq(inFlight.shortGwei(), 10e9, "somebody else's, on its way to us");
    }

    /// Whatever a stranger shows first, in any order, an honest prover finishes, and what counts as in flight lies between
    /// what is ours for certain and what looks like it.
    /// forge-config: default.fuzz.runs = 12
    /// forge-config: nightly.fuzz.runs = 1000
    function testFuzz_Attack_NoProverLeadsAnotherAstray(uint256 seed) public {
        for (uint256 round; round < 4; ++round) {
            for (uint256 i; i < 8; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                _step(seed);
            }
            Snapshot memory s = openAndProve();
            if (seed >> 80 & 3 == 0) {
                // an abandoned one before
                if (s.inFlightGwei != 0) _adversary(seed >> 90);
                beacon.tick(EXPIRY / 12 + 2);
                s = openAndProve();
            }
            if (s.inFlightGwei != 0) {
                for (uint256 i; i < 6; ++i) {
                    seed = uint256(keccak256(abi.encode(seed)));
                    _adversary(seed);
                }
                _finish();
            }
            (uint256 low, uint256 high) = _bounds();
            vm.warp(block.timestamp + 1 hours);
            uint64 counted = s.inFlightGwei == 0 ? 0 : inFlight.previewSettle(s.id, s.lastDeposit);
            assertGe(counted, low, "A2 low");
            assertLe(counted, high, "A2 high");
            checkpoints.close(s, address(this));
            beacon.tick(1);
        }
    }

    function _bounds() private view returns (uint256 low, uint256 high) {
        PendingDeposit[] memory list = beacon.headPending();
        for (uint32 n = 1; n <= lastNumber(); ++n) {
            uint64 amount = inFlight.deposit(n).amountGwei;
            uint256 matches;
            for (uint256 i; i < list.length; ++i) {
                if (
                    list[i].amountGwei == amount && list[i].slot == inFlight.deposit(n).slot
                        && beacon.indexOf(list[i].pubkeyRoot) == inFlight.deposit(n).validatorIndex
                ) ++matches;
            }
            bool young = inFlight.deposit(n).slot > beacon.headSlot();
            if (young || matches > _likes[n]) low += amount;
            if (young || matches > 0) high += amount;
        }
    }

    function _adversary(uint256 seed) private {
        PendingDeposit[] memory list = beacon.headPending();
        InFlightProof memory p;
        p.pending = shower.wholeList(list.length);
        p.containers = shower.allContainers();
        (uint32 count, uint32 landed,) = inFlight.inFlight();
        uint32 n = 1 + uint32((seed >> 8) % count);
        (bool isListed, uint32 at) = shower.find(list, n);
        if (isListed && seed & 1 == 0) (p.shown, p.shownAt) = (numbers(n), numbers(at));
        if (seed & 6 == 0) p.newest = 1 + uint32((seed >> 40) % count);
        if (seed & 8 == 0) p.walkTo = landed + uint32((seed >> 72) % (count - landed + 1));
        if (seed & 16 == 0) {
            uint32 b = p.walkTo + 1;
            if (b <= count) {
                uint32 m = b;
                while (m <= count && inFlight.deposit(m).slot == inFlight.deposit(b).slot) ++m;
                p.boundary = new uint32[](m - b);
                for (uint32 i = b; i < m; ++i) {
                    (, p.boundary[i - b]) = shower.find(list, i);
                }
                p.anchor = b + uint32((seed >> 100) % (m - b));
            }
        }
        vm.prank(bob);
        try inFlight.prove(p) { } catch { }
    }

    function _finish() private {
        PendingDeposit[] memory list = beacon.headPending();
        (uint32 count,,) = inFlight.inFlight();
        // a watcher shows all that can be shown
        for (uint32 n = 1; n <= count; ++n) {
            (bool isListed, uint32 at) = shower.find(list, n);
            if (!isListed) continue;
            InFlightProof memory one_;
            one_.pending = shower.wholeList(list.length);
            (one_.shown, one_.shownAt) = (numbers(n), numbers(at));
            try inFlight.prove(one_) { } catch { }
        }
        IDepositsInFlight.Facts memory f = inFlight.facts();
        if (f.isComplete && f.checkpoint != 0) {
            (uint64 id,,,) = checkpoints.provenState();
            if (f.checkpoint == id) return;
        }
        InFlightProof memory p = shower.whole();
        (p.shown, p.shownAt) = (new uint32[](0), new uint32[](0));
        (uint64 now_,,,) = checkpoints.provenState();
        if (f.checkpoint == now_ && f.walkedTo > p.walkTo) {
            p.walkTo = f.walkedTo;
            p.boundary = new uint32[](0);
            uint32 b = p.walkTo + 1;
            // all listed ones were shown: walk on as far as they go
            while (b <= count && inFlight.deposit(b).slot <= beacon.headSlot()) ++b;
            p.walkTo = b - 1;
        }
        inFlight.prove(p);
    }

    function _step(uint256 seed) private {
        uint256 n = 1 + (seed >> 8) % MEMBERS;
        uint256 what = seed % 8;
        if (what < 3) {
            IValidatorManager.ValidatorRecord memory v = validators.validator(keyRoot(n));
            bool works = v.status == IValidatorManager.Status.Member && v.principalGwei < 1900e9;
            bool isFirst = inFlight.deposit(v.lastDeposit).slot < beacon.slot();
            if (works && isFirst && !checkpoints.isGuarded() && !beacon.isExiting(indexOf[n])) {
                uint64 amount = uint64(1 + (seed >> 16) % 60) * 1e9;
                topUp(n, amount);
                if (seed >> 100 & 1 == 0) {
                    beacon.addPending(keyRoot(n), amount, beacon.slot());
                    ++_likes[lastNumber()];
                }
            }
            if (seed >> 64 & 1 == 0) beacon.tick(1);
        } else if (what == 3) {
            beacon.addPending(keyRoot(n), uint64(1e9 + 1 + (seed >> 16) % 1e9), beacon.slot());
        } else if (what == 4 && seed >> 16 & 3 == 0) {
            if (!beacon.isExiting(indexOf[n])) exit(n);
        } else if (what == 5) {
            if (beacon.isExiting(indexOf[n])) beacon.setWithdrawableEpoch(indexOf[n], 1);
        } else {
            beacon.tick(1);
            // the consensus layer applies only deposits of finalized slots: none of the slot at hand
            beacon.processPending((seed >> 16) % 6);
            beacon.tick(1);
        }
    }
}
