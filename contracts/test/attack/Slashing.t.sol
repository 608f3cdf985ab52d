// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IBeaconProofs, ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IOperatorRegistry, Tier } from "../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { BondFixture } from "../support/BondFixture.sol";

/// H4, H7: a slashing costs its operator exactly what it cost the pool, whoever proves it, when and in what order.
contract SlashingAttackTest is BondFixture {
    uint32 private id;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(79 ether); // 80 with the validator's own, 61.44 required
        index = member(id, 1, FULL);
        root = keyRoot(1);
    }

    function _expectForged(ValidatorsProof memory before, ValidatorsProof memory afterwards) private {
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        penalties.proveSlashing(before, afterwards);
    }

    function _lossAfter(uint64 moreGwei) private returns (uint64) {
        settle(index, moreGwei);
        return penalties.slashing(root).lossGwei;
    }

    // ------------------------------------------------------------ which balance before

    /// A rival shows the balance before 500 ETH were paid to the pool: they are no loss.
    function test_Attack_BeforeIsChosenBeforeAPartialWithdrawal() public {
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        beacon.setBalance(index, beacon.balanceOf(index) - 500e9);
        beacon.tick(30);
        slashOnChain(index);
        beacon.tick(1);
        penalties.proveSlashing(before, balanced(index));
        assertEq(_lossAfter(3e9), 3.5e9, "what the slashing cost");
    }

    /// What is above 2,048 ETH is skimmed to the pool: no loss either.
    function test_Attack_BeforeIsChosenBeforeTheSkim() public {
        beacon.setBalance(index, FULL + 20e9);
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        beacon.setBalance(index, FULL);
        beacon.tick(10);
        slashOnChain(index);
        beacon.tick(1);
        penalties.proveSlashing(before, balanced(index));
        assertEq(_lossAfter(3e9), 3.5e9, "what the slashing cost");
    }

    /// The operator's friend proves it first, with a balance before a deposit of the pool landed: what landed would hide
    /// as much of the loss.
    function test_Attack_BeforeIsChosenBeforeADepositLanded() public {
        uint32 other = bonded(79 ether);
        uint40 young = onboard(other, 2);
        askFunding(other, 2, FULL);
        fundNext(2, young);
        land();
        beacon.activate(young, 1);
        fundNext(2, young);
        beacon.tick(1);
        ValidatorsProof memory before = balanced(young);
        assertEq(before.validators[0].effectiveBalance, 32e9, "32 ETH so far");
        land();
        beacon.activate(young, 1); // effective balances follow at the epoch's end
        beacon.tick(30);
        slashOnChain(young);
        beacon.tick(1);
        penalties.proveSlashing(before, balanced(young));
        settle(young, 3e9);
        assertEq(penalties.slashing(keyRoot(2)).lossGwei, 3.5e9, "what the slashing cost");
    }

    /// A rival shows the effective balance before a withdrawal shrank it: the initial penalty was a part of the smaller.
    function test_Attack_BeforeIsChosenBeforeTheEffectiveBalanceFell() public {
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        beacon.setBalance(index, 48e9); // 2,000 ETH were paid to the pool
        beacon.activate(index, 1); // effective balances follow at the epoch's end
        beacon.tick(40);
        slashOnChain(index);
        beacon.tick(1);
        penalties.proveSlashing(before, balanced(index));
        assertEq(_lossAfter(1e9), 1e9 + uint64(48e9) / 4096, "what the slashing cost");
    }

    // ------------------------------------------------------------ false proofs

    function test_Attack_ForgedContainersAndBalances() public {
        beacon.tick(1);
        ValidatorsProof memory early = balanced(index);
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        before.validators[0].slashed = true;
        _expectForged(early, before); // never slashed at all
        before.validators[0].slashed = false;
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        beacon.tick(1);
        ValidatorsProof memory late = balanced(index);
        afterwards.validators[0].slashed = false;
        _expectForged(afterwards, late); // slashed before
        afterwards.validators[0].slashed = true;
        afterwards.validators[0].withdrawableEpoch += 1;
        _expectForged(before, afterwards); // another window
        afterwards.validators[0].withdrawableEpoch -= 1;
        bytes32 chunk = afterwards.balanceChunks[0];
        afterwards.balanceChunks[0] = 0;
        _expectForged(before, afterwards); // nothing is left
        afterwards.balanceChunks[0] = chunk;
        before.validators[0].effectiveBalance *= 2;
        _expectForged(before, afterwards); // a dearer penalty
        before.validators[0].effectiveBalance /= 2;
        (uint64 s, uint64 t) = (before.slot, before.timestamp);
        (before.slot, before.timestamp) = (s - 1, t);
        _expectForged(before, afterwards); // another slot
        (before.slot, before.timestamp) = (s, t);
        penalties.proveSlashing(before, afterwards);
    }

    /// The slashed container of one validator with the unslashed one of a neighbour.
    function test_Attack_ContradictoryHalves() public {
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        uint40 second = member(id, 2, FULL);
        beacon.tick(1);
        ValidatorsProof memory ofSecond = balanced(second);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        bytes32 other = keyRoot(2);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.SlashingProofsMismatch.selector, other, root));
        penalties.proveSlashing(ofSecond, afterwards);
        before.indices[0] = second;
        _expectForged(before, afterwards);
        ofSecond.validators[0].pubkeyRoot = root;
        _expectForged(ofSecond, afterwards);
    }

    /// Only once, in whatever way; the reward too is paid once.
    function test_Attack_ProvenAgainAndAgain() public {
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        beacon.tick(40);
        ValidatorsProof memory later = balanced(index);
        vm.startPrank(keeper);
        penalties.proveSlashing(before, afterwards);
        bytes memory known = abi.encodeWithSelector(IPenalties.SlashingKnown.selector, root);
        vm.expectRevert(known);
        penalties.proveSlashing(before, afterwards);
        vm.expectRevert(known);
        penalties.proveSlashing(before, later);
        vm.stopPrank();
        assertEq(token.sharesOf(keeper), 0.05e27, "one reward");
        toEpoch(epochNow() + 300);
        later = balanced(index);
        vm.expectRevert(known);
        penalties.proveSlashingLate(later);
        settle(index, 1e9);
        later = balanced(index);
        vm.expectRevert(known);
        penalties.proveSlashingLate(later);
        toEpoch(penalties.slashing(root).withdrawableEpoch + 256);
        later = balanced(index);
        vm.expectRevert(known);
        penalties.proveSlashingLate(later);
        assertEq(registry.operator(id).openSlashings, 0, "not opened again");
    }

    // ------------------------------------------------------------ which balance after

    /// A rival wants the balance after it was paid out: zero would be a loss of everything.
    function test_Attack_SettledWithTheEmptiedBalance() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        toEpoch(withdrawable);
        beacon.setBalance(index, 0); // swept to the pool
        beacon.tick(1);
        ValidatorsProof memory proof = balanced(index);
        bytes4 outside = IPenalties.SlashingOutsideWindow.selector;
        vm.expectRevert(
            abi.encodeWithSelector(outside, root, withdrawable, withdrawable - 4095, withdrawable - 1)
        );
        penalties.settleSlashing(proof);
    }

    function test_Attack_SettledWithAForgedBalance() public {
        slash(index);
        ValidatorsProof memory proof = windowProof(index, 1e9);
        bytes32 chunk = proof.balanceChunks[0];
        proof.balanceChunks[0] = bytes32(0);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        penalties.settleSlashing(proof);
        proof.balanceChunks[0] = chunk;
        // the neighbour's place in the same chunk, which is empty
        proof.indices[0] = index + 1;
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, uint256(1), uint256(1))
        );
        penalties.settleSlashing(proof);
        proof.indices[0] = index;
        penalties.settleSlashing(proof);
        assertEq(penalties.slashing(root).lossGwei, 1.5e9, "the loss");
    }

    /// The operator settles at once, before the idle penalties of 18 days: anybody adds them.
    function test_Attack_SettledByTheOperatorAsEarlyAsItMay() public {
        slash(index);
        ValidatorsProof memory proof = windowProof(index, 1e9);
        vm.prank(manager);
        penalties.settleSlashing(proof);
        toEpoch(penalties.slashing(root).withdrawableEpoch - 1);
        assertEq(_lossAfter(2e9), 3.5e9, "all of it");
        assertEq(bondShares(id), 80e27 - 0.05e27 - 3.5e27, "charged once");
    }

    /// A gift to the slashed validator comes out of the giver's pocket: it is the pool's.
    function test_Attack_SettledAfterAGiftToTheValidator() public {
        slash(index);
        beacon.setBalance(index, beacon.balanceOf(index) + 10e9);
        assertEq(_lossAfter(2e9), 0, "the gift covers it");
        toEpoch(epochNow() + 10);
        assertEq(_lossAfter(9e9), 1.5e9, "and no more than it");
    }

    // ------------------------------------------------------------ the others of the operator

    /// While it is open nobody need wait for the operator: anybody may have what else it runs exited; no more once it is
    /// settled.
    function test_Attack_TheOperatorKeepsTheRestRunning() public {
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        uint40 second = member(id, 2, FULL);
        member(id, 3, FULL);
        vm.deal(bob, 1 ether);
        bytes32 r = keyRoot(2);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, r, bob));
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keysOf(2), 1);
        slash(index);
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keysOf(2), 1);
        assertEq(registry.operator(id).askedGwei, beacon.balanceOf(second), "asked");
        settle(index, 1e9);
        r = keyRoot(3);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, r, bob));
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keysOf(3), 1);
    }

    // ------------------------------------------------------------ out of the set

    /// H4, M5: a slashed validator stays a member until somebody has settled what it cost.
    function test_Attack_LeavesTheSetBeforeSettlement() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        toEpoch(withdrawable);
        beacon.setBalance(index, 0);
        beacon.tick(1);
        ValidatorsProof memory proof = balanced(index);
        bytes memory unsettled = abi.encodeWithSelector(IValidatorManager.SlashingNotSettled.selector, root);
        vm.expectRevert(unsettled);
        validators.leave(proof);
        toEpoch(withdrawable + 256);
        proof = balanced(index);
        vm.expectRevert(unsettled);
        validators.leave(proof);
        penalties.forfeitBond(root);
        validators.leave(proof);
        assertEq(bondShares(id), 0, "it cost the whole bond");
        assertEq(validators.memberCount(), 0, "left");
    }

    /// Nor by nobody having proven it: then it is proven late, and nothing can be settled any more.
    function test_Attack_LeavesTheSetUnproven() public {
        beacon.tick(1);
        slashOnChain(index);
        beacon.tick(1);
        uint64 withdrawable = balanced(index).validators[0].withdrawableEpoch;
        validators.observe(balanced(index));
        toEpoch(withdrawable + 300);
        beacon.setBalance(index, 0);
        beacon.tick(1);
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.SlashingNotSettled.selector, root));
        validators.leave(proof);
        penalties.proveSlashingLate(proof);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.SlashingNotSettled.selector, root));
        validators.leave(proof);
        penalties.forfeitBond(root);
        validators.leave(proof);
        assertEq(bondShares(id), 0, "it cost the whole bond");
    }

    /// A settled one leaves, and its bond with it.
    function test_Attack_NothingHoldsASettledOneBack() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        settle(index, 2e9);
        toEpoch(withdrawable);
        beacon.setBalance(index, 0);
        beacon.tick(1);
        validators.leave(balanced(index));
        assertEq(registry.freeBondShares(id), 80e27 - 0.05e27 - 2.5e27, "the rest of the bond is free");
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.SlashingKnown.selector, root));
        penalties.proveSlashingLate(proof);
    }

    // ------------------------------------------------------------ not the pool's

    /// A key that was never funded, and one dropped before: its slashing costs no bond and opens nothing.
    function test_Attack_AKeyThatWasNeverAMember() public {
        uint40 eligible = onboard(id, 5);
        predeposit(id, 6);
        uint40 dropped = beacon.addValidator(key(6), token.withdrawalCredentials(), 1e9);
        for (uint256 i; i < 2; ++i) {
            uint40 which = i == 0 ? eligible : dropped;
            bytes32 r = keyRoot(5 + i);
            beacon.tick(1);
            ValidatorsProof memory before = balanced(which);
            beacon.setSlashed(which);
            beacon.tick(1);
            ValidatorsProof memory afterwards = balanced(which);
            if (i == 1) {
                validators.prove(afterwards);
                assertEq(uint8(status(6)), uint8(IValidatorManager.Status.Dropped), "dropped");
            }
            vm.expectRevert(abi.encodeWithSelector(IPenalties.NotSlashable.selector, r));
            penalties.proveSlashing(before, afterwards);
        }
        assertFalse(registry.isEjectable(id), "nothing is open");
        assertEq(bondShares(id), 80e27, "nothing is charged");
    }

    /// Somebody else's operator is not touched by what a foreign validator did.
    function test_Attack_OnlyItsOwnOperatorPays() public {
        uint32 other = bonded(79 ether);
        member(other, 2, FULL);
        slash(index);
        assertEq(registry.operator(other).openSlashings, 0, "not locked");
        settle(index, 75e9);
        assertEq(bondShares(other), 80e27, "not charged");
        assertEq(bondShares(id), 80e27 - 0.05e27 - 75.5e27, "its own");
    }
}

/// H7: a young pool, whose exits would be cheap to stop if slashed stake alone did it.
contract SlashingYoungPoolTest is BondFixture {
    function _poolEther() internal pure override returns (uint256) {
        return 5000 ether;
    }

    /// 5 % of the pool slashed by its own operator: the bond covers it ten times over, and exits stay open.
    function test_Attack_SelfSlashingDoesNotStopExits() public {
        uint32 id = bonded(9.24 ether); // 4 % of 256 with the validator's own
        uint40 index = member(id, 1, 256e9);
        beacon.tick(6000);
        checkpoint();
        assertLt(registry.bondEther(id), 10.24 ether + 1, "nothing beyond what is required");
        slash(index);
        assertEq(penalties.uncoveredLossGwei(), 0, "covered");
        assertEq(token.exitsPausedUntil(), 0, "open");
        vm.prank(alice);
        token.instantExit(10 ether, 0, alice);
    }

    /// Stripped of its bond it stops them, once, for a bounded time, and no longer when it is settled and out of sight.
    function test_Attack_EvenWithoutABondThePauseEnds() public {
        uint32 id = bonded(61 ether);
        uint40 index = member(id, 1, FULL);
        asPenalties();
        registry.takeBond(id, 62e27, bob);
        IPenalties.Slashing memory s = slash(index);
        assertEq(penalties.uncoveredLossGwei(), s.expectedGwei, "all of it");
        uint256 until = token.exitsPausedUntil();
        assertEq(until, beacon.timeOf(s.withdrawableEpoch * 32), "until it is paid out");
        assertLe(until, block.timestamp + 40 days, "bounded");
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, until));
        vm.prank(alice);
        token.instantExit(1 ether, 0, alice);
        settle(index, 4e9);
        assertEq(
            token.exitsPausedUntil(), until, "settling makes it no longer; the close that books it ends it"
        );
    }

    /// The bond that covered two slashings is used up by the first: what the second may still cost is beyond what the
    /// exit fee covers.
    function test_Attack_TheBondOfOneSlashingIsUsedUpByAnother() public {
        uint32 id = bonded(41 ether);
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        uint40 index = member(id, 1, FULL);
        uint40 second = member(id, 2, FULL);
        slash(index);
        uint64 withdrawable = slash(second).withdrawableEpoch;
        assertEq(penalties.uncoveredLossGwei(), 0, "both are covered");
        settle(index, 43e9);
        assertEq(bondShares(id), 0, "used up");
        uint256 uncovered = uint256(penalties.uncoveredLossGwei()) * 1 gwei;
        assertGt(uncovered * 2000, token.getTotalPooledEther(), "above 5 bps of the pool");
        assertEq(token.exitsPausedUntil(), beacon.timeOf(withdrawable * 32), "exits wait");
    }
}
