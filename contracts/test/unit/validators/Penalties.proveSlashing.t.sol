// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { Penalties } from "../../../src/validators/Penalties.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// Deployment, proveSlashing, proveSlashingLate, what is not covered.
contract PenaltiesProveSlashingTest is BondFixture {
    /// A full validator slashed alone: 0.5 + 0.50331648 + 4.3008 ETH.
    uint64 private constant EXPECTED = 5_304_116_480;

    uint32 private id;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(69 ether); // 70 with the validator's own
        index = member(id, 1, FULL);
        root = keyRoot(1);
    }

    function _prove(ValidatorsProof memory before, ValidatorsProof memory afterwards) private {
        vm.prank(keeper);
        penalties.proveSlashing(before, afterwards);
    }

    /// Unslashed at a slot, slashed `slots` later.
    function _pair(uint40 i, uint64 slots)
        private
        returns (ValidatorsProof memory before, ValidatorsProof memory afterwards)
    {
        beacon.tick(1);
        before = balanced(i);
        slashOnChain(i);
        beacon.tick(slots);
        afterwards = balanced(i);
    }

    function _expect(bytes memory reason, ValidatorsProof memory before, ValidatorsProof memory afterwards)
        private
    {
        vm.expectRevert(reason);
        _prove(before, afterwards);
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_ConfigIsZero() public {
        for (uint256 i; i < 5; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPenalties.PenaltiesConfigZero.selector));
            new Penalties(
                Penalties.Config({
                    token: IStakedEther(i == 0 ? address(0) : alice),
                    proofs: IBeaconProofs(i == 1 ? address(0) : alice),
                    registry: IOperatorRegistry(i == 2 ? address(0) : alice),
                    validators: IValidatorManager(i == 3 ? address(0) : alice),
                    gate: ICheckpointGate(i == 4 ? address(0) : alice)
                })
            );
        }
    }

    function test_Deploy_KnowsItsFive() public view {
        assertEq(address(penalties.TOKEN()), address(token), "token");
        assertEq(address(penalties.PROOFS()), address(proofs), "proofs");
        assertEq(address(penalties.REGISTRY()), address(registry), "registry");
        assertEq(address(penalties.VALIDATORS()), address(validators), "validators");
        assertEq(address(penalties.GATE()), address(checkpoints), "gate");
    }

    function test_Readers_OfAStranger() public view {
        assertEq(uint8(penalties.slashing(root).phase), uint8(IPenalties.Phase.None), "none");
        assertFalse(penalties.isSettled(root), "not settled");
        assertFalse(penalties.wasIdle(root, 9), "not idle");
        assertEq(penalties.uncoveredLossGwei(), 0, "nothing uncovered");
    }

    // ------------------------------------------------------------ prove

    function test_ProveSlashing_LocksTheBondAndPaysTheProver() public {
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        uint64 withdrawable = (beacon.slot() - 1) / 32 + VECTOR;
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.Slashed
        );
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.SlashingsOpenChanged(id, 1);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondTaken(id, keeper, 0.05e27, 69.95e27);
        vm.expectEmit(address(penalties));
        emit IPenalties.SlashingProven(root, id, FULL, withdrawable, EXPECTED, keeper, 0.05e27);
        _prove(before, afterwards);

        IPenalties.Slashing memory s = penalties.slashing(root);
        IPenalties.Slashing memory expected =
            IPenalties.Slashing(IPenalties.Phase.Open, id, FULL, withdrawable, 0, EXPECTED);
        assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(expected)), "stored");
        assertFalse(penalties.isSettled(root), "open");
        assertEq(token.sharesOf(keeper), 0.05e27, "reward");
        assertEq(registry.freeBondShares(id), 0, "locked");
        assertTrue(registry.isEjectable(id), "ejectable");
        assertEq(registry.operator(id).slashedGwei, FULL, "its stake is slashed");
        assertEq(uint8(status(1)), uint8(IValidatorManager.Status.Slashed), "marked");
        assertEq(penalties.uncoveredLossGwei(), 0, "the bond covers it");
        assertEq(token.exitsPausedUntil(), 0, "no pause");
    }

    function test_ProveSlashing_UpTo64SlotsApart() public {
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 64);
        assertEq(afterwards.slot - before.slot, 64, "apart");
        _prove(before, afterwards);
        assertEq(penalties.slashing(root).balanceBeforeGwei, FULL, "balance before");
    }

    /// As long as the EIP-4788 contract holds both roots.
    function test_ProveSlashing_At8191SlotsOfAge() public {
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        beacon.tick(before.slot + 8191 - beacon.slot());
        assertEq(beacon.slot() - before.slot, 8191, "age");
        _prove(before, afterwards);
    }

    function test_RevertWhen_TheRootIsOlder() public {
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        beacon.tick(before.slot + 8192 - beacon.slot());
        bytes memory old = abi.encodeWithSelector(
            IBeaconProofs.ProofTooOld.selector, uint256(before.slot), uint256(before.slot + 1)
        );
        _expect(old, before, afterwards);
    }

    /// Whatever an exit is doing: asked for, proven, or the slashing seen before it was proven.
    function test_ProveSlashing_FromEveryStatusOfAMember() public {
        for (uint256 i; i < 3; ++i) {
            uint256 state = vm.snapshotState();
            if (i == 0) {
                vm.prank(manager);
                withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
                assertEq(registry.operator(id).askedGwei, FULL, "asked");
            } else if (i == 1) {
                beacon.setExiting(index, epochNow() + 5);
                beacon.tick(1);
                validators.observe(balanced(index));
                assertEq(validators.exitingGwei(), FULL, "exiting");
            }
            (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
            if (i == 2) validators.observe(afterwards);
            _prove(before, afterwards);
            IOperatorRegistry.Operator memory o = registry.operator(id);
            assertEq(o.slashedGwei, FULL, "slashed");
            assertEq(o.askedGwei + o.exitingGwei, 0, "and nothing else");
            assertEq(validators.exitingGwei(), 0, "no longer on its way back");
            vm.revertToState(state);
        }
    }

    /// What lies above 2,048 ETH is paid out by the chain whatever happens: it is no loss.
    function test_ProveSlashing_CountsAtMost2048() public {
        beacon.setBalance(index, FULL + 3e9);
        IPenalties.Slashing memory s = slash(index);
        assertEq(s.balanceBeforeGwei, FULL, "capped");
    }

    function test_ProveSlashing_CountsNoMoreThanTheBalanceAfterAndThePenalty() public {
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.setBalance(index, beacon.balanceOf(index) - 500e9); // a partial withdrawal
        beacon.tick(1);
        _prove(before, balanced(index));
        assertEq(
            penalties.slashing(root).balanceBeforeGwei, FULL - 500e9, "what was there when it was slashed"
        );
    }

    function test_ProveSlashing_PaysAtMostWhatTheBondHolds() public {
        asPenalties();
        registry.takeBond(id, 70e27 - 0.02e27, address(checkpoints));
        slash(index);
        assertEq(token.sharesOf(keeper), 0.02e27, "all there is");
        assertEq(bondShares(id), 0, "none left");
    }

    /// The reward is ether at the high-water mark, as every charge.
    function test_ProveSlashing_PaysAtTheMark() public {
        rebase(40 ether);
        rebase(-200 ether);
        beacon.tick((uint64(block.timestamp - beacon.timeOf(beacon.slot())) / 12) + 1);
        (uint128 etherValue, uint128 shares) = token.mark();
        slash(index);
        assertEq(token.sharesOf(keeper), 0.05 ether * uint256(shares) / etherValue, "at the mark");
        assertLt(token.balanceOf(keeper), 0.05 ether, "less at the rate of now");
    }

    // ------------------------------------------------------------ refused

    function test_RevertWhen_NotExactlyOneValidatorWithItsBalance() public {
        uint40 second = beacon.addValidator(key(2), token.withdrawalCredentials(), 32e9);
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        uint40[] memory both = new uint40[](2);
        (both[0], both[1]) = (index, second);
        ValidatorsProof memory two = beacon.validatorsProof(both, true);
        ValidatorsProof memory bare = beacon.validatorsProof(one(index), false);
        bytes4 single = IPenalties.SingleValidatorExpected.selector;
        _expect(abi.encodeWithSelector(single, uint256(2), uint256(2)), two, afterwards);
        _expect(abi.encodeWithSelector(single, uint256(2), uint256(2)), before, two);
        _expect(abi.encodeWithSelector(single, uint256(1), uint256(0)), bare, afterwards);
        _expect(abi.encodeWithSelector(single, uint256(1), uint256(0)), before, bare);
        vm.expectRevert(abi.encodeWithSelector(single, uint256(2), uint256(2)));
        penalties.proveSlashingLate(two);
    }

    function test_RevertWhen_TheKeysDiffer() public {
        uint40 second = beacon.addValidator(key(2), token.withdrawalCredentials(), 32e9);
        beacon.tick(1);
        ValidatorsProof memory before = balanced(second);
        (, ValidatorsProof memory afterwards) = _pair(index, 1);
        bytes32 other = keyRoot(2);
        bytes memory reason = abi.encodeWithSelector(IPenalties.SlashingProofsMismatch.selector, other, root);
        _expect(reason, before, afterwards);
    }

    function test_RevertWhen_TheSlotsAreApartOrTheWrongWayRound() public {
        bytes4 apart = IPenalties.SlashingProofsApart.selector;
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 65);
        uint64 s = before.slot;
        _expect(abi.encodeWithSelector(apart, s, s + 65, uint64(64)), before, afterwards);
        _expect(abi.encodeWithSelector(apart, s + 65, s, uint64(64)), afterwards, before);
        _expect(abi.encodeWithSelector(apart, s + 65, s + 65, uint64(64)), afterwards, afterwards);
    }

    function test_RevertWhen_SlashedAtBothOrAtNeither() public {
        beacon.tick(1);
        ValidatorsProof memory early = balanced(index);
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        _expect(abi.encodeWithSelector(IPenalties.NotSlashed.selector, root), early, before);
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        beacon.tick(1);
        ValidatorsProof memory late = balanced(index);
        _expect(abi.encodeWithSelector(IPenalties.SlashedBefore.selector, root), afterwards, late);
    }

    function test_RevertWhen_ProvenAgain() public {
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        _prove(before, afterwards);
        bytes memory known = abi.encodeWithSelector(IPenalties.SlashingKnown.selector, root);
        _expect(known, before, afterwards);
        toEpoch(afterwards.slot / 32 + 300);
        ValidatorsProof memory late = balanced(index);
        vm.expectRevert(known);
        penalties.proveSlashingLate(late);
        settle(index, 1e9);
        ValidatorsProof memory settled = balanced(index);
        vm.expectRevert(known);
        penalties.proveSlashingLate(settled);
    }

    /// Unknown, predeposited, eligible: only members' losses are the pool's.
    function test_RevertWhen_ItIsNoMember() public {
        uint40 unknown = beacon.addValidator(key(7), token.withdrawalCredentials(), 32e9);
        predeposit(id, 8);
        uint40 predeposited = beacon.addValidator(key(8), token.withdrawalCredentials(), 1e9);
        uint40 eligible = onboard(id, 9);
        uint40[3] memory which = [unknown, predeposited, eligible];
        for (uint256 i; i < 3; ++i) {
            (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(which[i], 1);
            bytes32 r = keyRoot(7 + i);
            _expect(abi.encodeWithSelector(IPenalties.NotSlashable.selector, r), before, afterwards);
        }
    }

    // ------------------------------------------------------------ late

    function test_ProveSlashingLate_FromTheEpochThatNoRootBeforeIsKept() public {
        slashOnChain(index);
        uint64 slashedIn = epochNow();
        uint64 lateFrom = slashedIn + ROOTS_EPOCHS + 1;
        beacon.tick(lateFrom * 32 - 1 - beacon.slot());
        assertEq(proofs.currentEpoch(), lateFrom - 1, "an epoch too early");
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.SlashingStillFresh.selector, root, lateFrom));
        penalties.proveSlashingLate(proof);
        beacon.tick(1);
        proof = balanced(index);
        vm.expectEmit(address(penalties));
        emit IPenalties.SlashingProven(root, id, FULL, slashedIn + VECTOR, EXPECTED, keeper, 0.05e27);
        vm.prank(keeper);
        penalties.proveSlashingLate(proof);
    }

    /// What it had lost by then beyond the initial penalty can't be shown any more.
    function test_ProveSlashingLate_TakesTheBalanceShownAndThePenalty() public {
        slashOnChain(index);
        toEpoch(epochNow() + 1000);
        beacon.setBalance(index, FULL - 5e9);
        beacon.tick(1);
        ValidatorsProof memory proof = balanced(index);
        penalties.proveSlashingLate(proof);
        assertEq(penalties.slashing(root).balanceBeforeGwei, FULL - 5e9 + 0.5e9, "balance before");
    }

    function test_RevertWhen_LateAndNotSlashed() public {
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.NotSlashed.selector, root));
        penalties.proveSlashingLate(proof);
    }

    // ------------------------------------------------------------ uncovered

    /// The bond of the operator counts without what was asked out, and without the reward.
    function test_Uncovered_IsWhatTheBondDoesNotReach() public {
        asPenalties();
        registry.takeBond(id, 68e27, address(checkpoints));
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        uint64 uncovered = EXPECTED - 1.95e9;
        vm.expectEmit(address(penalties));
        emit IPenalties.UncoveredLossChanged(uncovered);
        _prove(before, afterwards);
        assertEq(penalties.uncoveredLossGwei(), uncovered, "uncovered");
        assertEq(token.exitsPausedUntil(), 0, "below 5 bps of the pool");
        ValidatorsProof memory proof = windowProof(index, 1e9);
        vm.expectEmit(address(penalties));
        emit IPenalties.UncoveredLossChanged(0);
        penalties.settleSlashing(proof);
        assertEq(penalties.uncoveredLossGwei(), 0, "settled");
    }

    /// Exactly 5 bps of the pool are what the exit fee covers; a wei less of pool is too much.
    function test_Uncovered_PausesExitsAboveTheThreshold() public {
        asPenalties();
        registry.takeBond(id, 68e27, address(checkpoints));
        (ValidatorsProof memory before, ValidatorsProof memory afterwards) = _pair(index, 1);
        uint256 pool = uint256(EXPECTED - 1.95e9) * 1 gwei * 2000;
        bytes memory total = abi.encodeWithSignature("ledger()");
        uint256 state = vm.snapshotState();
        vm.mockCall(address(token), total, abi.encode(uint128(pool), uint128(pool)));
        _prove(before, afterwards);
        assertEq(token.exitsPausedUntil(), 0, "exactly the threshold");
        vm.revertToState(state);
        vm.mockCall(address(token), total, abi.encode(uint128(pool), uint128(pool - 1)));
        uint40 until =
            uint40(beacon.GENESIS_TIME() + uint256(afterwards.validators[0].withdrawableEpoch) * 384);
        vm.expectEmit(address(token));
        emit IStakedEther.ExitsPausedUntil(until);
        _prove(before, afterwards);
        assertEq(token.exitsPausedUntil(), until, "until its ether is paid out");
    }

    function test_Uncovered_PausesForFortyDaysAtMost() public {
        asPenalties();
        registry.takeBond(id, 70e27, address(checkpoints));
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.setExiting(index, epochNow() + 20_000); // a long exit queue
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        bytes memory total = abi.encodeWithSignature("ledger()");
        vm.mockCall(address(token), total, abi.encode(uint128(1000e27), uint128(1000 ether)));
        _prove(before, afterwards);
        assertEq(token.exitsPausedUntil(), block.timestamp + 40 days, "the hard maximum");
    }
}
