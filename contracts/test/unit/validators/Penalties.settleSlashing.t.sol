// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IOperatorRegistry, Tier } from "../../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// settleSlashing, forfeitBond.
/// forge-config: default.fuzz.runs = 24
/// forge-config: nightly.fuzz.runs = 1000
contract PenaltiesSettleSlashingTest is BondFixture {
    uint32 private id;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(69 ether); // 70 with the validator's own
        index = member(id, 1, FULL);
        root = keyRoot(1);
    }

    /// A second full validator of the same operator, which is curated for it.
    function _second() private returns (uint40 second) {
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        second = member(id, 2, FULL);
    }

    function _settle(ValidatorsProof memory proof) private {
        vm.prank(bob); // anybody
        penalties.settleSlashing(proof);
    }

    function _expectSettled(uint64 loss, uint64 added, uint256 shares, uint256 covered) private {
        vm.expectEmit(address(penalties));
        emit IPenalties.SlashingSettled(root, id, loss, added, shares, covered);
    }

    // ------------------------------------------------------------ settle

    /// B0 − B1: the initial penalty of 0.5 ETH and all that came after it.
    function test_Settle_ChargesTheLossToTheGwei() public {
        slash(index);
        ValidatorsProof memory proof = windowProof(index, 1_234_567_891);
        uint64 loss = 0.5e9 + 1_234_567_891;
        uint256 shares = uint256(loss) * 1e18;
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.SlashingsOpenChanged(id, 0);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondTaken(id, address(checkpoints), shares, 69.95e27 - shares);
        _expectSettled(loss, loss, shares, loss);
        _settle(proof);
        IPenalties.Slashing memory s = penalties.slashing(root);
        assertEq(uint8(s.phase), uint8(IPenalties.Phase.Settled), "settled");
        assertEq(s.lossGwei, loss, "loss");
        assertEq(s.expectedGwei, 0, "nothing more is expected");
        assertTrue(penalties.isSettled(root), "settled");
        assertEq(token.sharesOf(address(checkpoints)), shares, "in the pot");
        assertFalse(registry.isEjectable(id), "68.2 of 61.44");
        assertEq(registry.freeBondShares(id), 69.95e27 - shares - 61.44e27, "what is above it is free again");
    }

    /// From the epoch after the correlation penalty to the last before its ether is paid out.
    function test_Settle_WithinTheWindowToTheSlot() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        uint64 first = withdrawable - 4095;
        uint64 last = withdrawable - 1;
        bytes4 outside = IPenalties.SlashingOutsideWindow.selector;
        beacon.tick(first * 32 - beacon.slot());
        ValidatorsProof memory proof = balanced(index);
        assertEq(proof.slot, first * 32 - 1, "a slot too early");
        vm.expectRevert(abi.encodeWithSelector(outside, root, first - 1, first, last));
        _settle(proof);
        uint256 state = vm.snapshotState();
        beacon.tick(1);
        _settle(balanced(index));
        assertTrue(penalties.isSettled(root), "in the first slot");
        vm.revertToState(state);
        beacon.tick(withdrawable * 32 - beacon.slot());
        proof = balanced(index);
        assertEq(proof.slot, withdrawable * 32 - 1, "the last slot");
        beacon.tick(1);
        ValidatorsProof memory late = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(outside, root, withdrawable, first, last));
        _settle(late);
        _settle(proof);
        assertTrue(penalties.isSettled(root), "in the last slot");
    }

    /// As long as a root of the window is kept.
    function test_Settle_With8191SlotsOldProof() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        beacon.tick(withdrawable * 32 - beacon.slot());
        ValidatorsProof memory proof = balanced(index);
        beacon.tick(proof.slot + 8191 - beacon.slot());
        vm.warp(block.timestamp + 12); // the next block takes the place of its root
        vm.expectRevert(
            abi.encodeWithSelector(
                IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), uint256(proof.slot + 1)
            )
        );
        _settle(proof);
        vm.warp(block.timestamp - 12);
        _settle(proof);
        assertTrue(penalties.isSettled(root), "in the last slot of its root");
    }

    function test_Settle_OfNoLossChargesNothing() public {
        slash(index);
        beacon.setBalance(index, FULL + 1e9);
        ValidatorsProof memory proof = windowProof(index, 0);
        vm.recordLogs();
        _expectSettled(0, 0, 0, 0);
        _settle(proof);
        assertEq(bondShares(id), 69.95e27, "nothing taken");
        vm.expectRevert(IPenalties.NothingToCharge.selector);
        _settle(proof);
    }

    function test_Settle_AgainChargesOnlyWhatIsAdded() public {
        slash(index);
        settle(index, 1e9);
        assertEq(bondShares(id), 69.95e27 - 1.5e27, "first");
        uint256 state = vm.snapshotState();
        ValidatorsProof memory same = windowProof(index, 0);
        vm.expectRevert(IPenalties.NothingToCharge.selector);
        _settle(same);
        beacon.setBalance(index, beacon.balanceOf(index) + 1);
        ValidatorsProof memory less = windowProof(index, 0);
        vm.expectRevert(IPenalties.NothingToCharge.selector);
        _settle(less);
        vm.revertToState(state);
        ValidatorsProof memory more = windowProof(index, 1);
        _expectSettled(1.5e9 + 1, 1, 1e18, 1);
        _settle(more);
        assertEq(bondShares(id), 69.95e27 - 1.5e27 - 1e18, "a gwei more");
        assertEq(registry.operator(id).openSlashings, 0, "it was closed once");
    }

    /// The order of the proofs does not matter: the largest loss is charged.
    function testFuzz_Settle_ChargesTheLargestLoss(uint64[5] memory balances) public {
        slash(index);
        windowProof(index, 0);
        uint64 largest;
        for (uint256 i; i < 5; ++i) {
            uint64 balance = uint64(bound(balances[i], 2000e9, 2060e9));
            beacon.setBalance(index, balance);
            beacon.tick(1);
            uint64 loss = balance < FULL ? FULL - balance : 0;
            ValidatorsProof memory proof = balanced(index);
            if (i != 0 && loss <= largest) {
                vm.expectRevert(IPenalties.NothingToCharge.selector);
            }
            _settle(proof);
            if (loss > largest) largest = loss;
            assertEq(penalties.slashing(root).lossGwei, largest, "largest so far");
            assertEq(bondShares(id), 69.95e27 - uint256(largest) * 1e18, "charged once");
        }
    }

    function test_Settle_TakesAtMostTheBond() public {
        asPenalties();
        registry.takeBond(id, 67e27, address(checkpoints));
        slash(index); // 3 − 0.05
        uint256 pot = token.sharesOf(address(checkpoints));
        ValidatorsProof memory proof = windowProof(index, 4.5e9);
        _expectSettled(5e9, 5e9, 2.95e27, 2.95e9);
        _settle(proof);
        assertEq(token.sharesOf(address(checkpoints)) - pot, 2.95e27, "all there was");
        assertEq(bondShares(id), 0, "none left");
        topUp(id, 100 ether);
        proof = windowProof(index, 1e9);
        _expectSettled(6e9, 1e9, 1e27, 1e9);
        _settle(proof);
        assertEq(bondShares(id), 99e27, "only what is added, though more was not covered");
    }

    /// Shares at the high-water mark: the rate before a loss, so never more is taken than was lost.
    function test_Settle_TakesSharesAtTheMark() public {
        slash(index);
        ValidatorsProof memory proof = windowProof(index, 1.5e9);
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp - 1 hours), 50 ether, 0, 0);
        (uint128 etherValue, uint128 shares) = token.mark();
        assertGt(uint256(etherValue) * 1e9, shares, "above one");
        uint256 expected = 2 ether * uint256(shares) / etherValue;
        _expectSettled(2e9, 2e9, expected, 2e9);
        _settle(proof);
        assertEq(bondShares(id), 69.95e27 - expected, "taken");
        assertApproxEqAbs(token.getPooledEthByShares(expected), 2 ether, 1, "worth the loss");
    }

    // ------------------------------------------------------------ several

    function test_Settle_SeveralOfOneOperator() public {
        uint40 second = _second();
        IPenalties.Slashing memory a = slash(index);
        IPenalties.Slashing memory b = slash(second);
        assertEq(a.expectedGwei, 5_304_116_480, "alone");
        assertEq(b.expectedGwei, 5_304_116_480 + 2 * 503_316_480, "the correlation it brings both");
        assertEq(registry.operator(id).openSlashings, 2, "two are open");
        assertEq(bondShares(id), 70.9e27, "two rewards");
        settle(index, 1e9);
        assertEq(registry.operator(id).openSlashings, 1, "one is left");
        assertEq(registry.freeBondShares(id), 0, "still locked");
        settle(second, 2e9);
        assertEq(registry.operator(id).openSlashings, 0, "none");
        assertEq(bondShares(id), 70.9e27 - 1.5e27 - 2.5e27, "both are charged");
        assertEq(registry.freeBondShares(id), 70.9e27 - 4e27 - 40.96e27, "free");
    }

    /// Slashings settled before no longer correlate.
    function test_Settle_TakesItsStakeOutOfTheCorrelation() public {
        uint40 second = _second();
        slash(index);
        settle(index, 1e9);
        assertEq(slash(second).expectedGwei, 5_304_116_480, "alone again");
    }

    function test_Settle_SeveralInOneProof() public {
        uint40 second = _second();
        slash(index);
        slash(second);
        windowProof(second, 0);
        beacon.setBalance(index, FULL - 2e9);
        beacon.setBalance(second, FULL - 3e9);
        beacon.tick(1);
        uint40[] memory both = new uint40[](2);
        (both[0], both[1]) = (index, second);
        ValidatorsProof memory proof = beacon.validatorsProof(both, true);
        _settle(proof);
        assertEq(penalties.slashing(root).lossGwei, 2e9, "first");
        assertEq(penalties.slashing(keyRoot(2)).lossGwei, 3e9, "second");
        assertEq(bondShares(id), 70.9e27 - 5e27, "both");
    }

    function test_Uncovered_AddsUpAndGoesDownWithEach() public {
        uint40 second = _second();
        asPenalties();
        registry.takeBond(id, 69.1e27, address(checkpoints)); // 71 − 69.1 − rewards
        slash(index);
        assertEq(penalties.uncoveredLossGwei(), 5_304_116_480 - 1.85e9, "first");
        slash(second);
        assertEq(penalties.uncoveredLossGwei(), 2 * 5_304_116_480 + 2 * 503_316_480 - 1.8e9, "both");
        settle(index, 0); // takes 0.5
        assertEq(penalties.uncoveredLossGwei(), 5_304_116_480 + 2 * 503_316_480 - 1.3e9, "the second");
        topUp(id, 3 ether); // seen by the next charge
        ValidatorsProof memory proof = windowProof(index, 1e9);
        _settle(proof);
        assertEq(penalties.uncoveredLossGwei(), 5_304_116_480 + 2 * 503_316_480 - 3.3e9, "topped up");
        settle(second, 0);
        assertEq(penalties.uncoveredLossGwei(), 0, "none is open");
    }

    // ------------------------------------------------------------ refused

    function test_RevertWhen_NothingIsOpen() public {
        bytes memory unknown = abi.encodeWithSelector(IPenalties.SlashingUnknown.selector, root);
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(unknown);
        _settle(proof);
        vm.expectRevert(unknown);
        penalties.forfeitBond(root);
        slash(index);
        settle(index, 1e9);
        vm.expectRevert(unknown);
        penalties.forfeitBond(root);
    }

    function test_RevertWhen_TheProofHasNoBalances() public {
        slash(index);
        windowProof(index, 0);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(
            abi.encodeWithSelector(IPenalties.SingleValidatorExpected.selector, uint256(1), uint256(0))
        );
        _settle(proof);
    }

    // ------------------------------------------------------------ forfeit

    function test_Forfeit_TakesTheWholeBondWhenNoRootIsLeft() public {
        uint64 withdrawable = slash(index).withdrawableEpoch;
        uint64 from = withdrawable + ROOTS_EPOCHS + 1;
        toEpoch(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.ForfeitTooEarly.selector, root, from));
        penalties.forfeitBond(root);
        vm.warp(beacon.timeOf(from * 32) - 1);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.ForfeitTooEarly.selector, root, from));
        penalties.forfeitBond(root);
        vm.warp(beacon.timeOf(from * 32));
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondTaken(id, address(checkpoints), 69.95e27, 0);
        vm.expectEmit(address(penalties));
        emit IPenalties.BondForfeited(root, id, 69.95e27);
        vm.prank(bob); // anybody
        penalties.forfeitBond(root);
        assertEq(uint8(penalties.slashing(root).phase), uint8(IPenalties.Phase.Forfeited), "forfeited");
        assertTrue(penalties.isSettled(root), "it may leave the set");
        assertEq(bondShares(id), 0, "all of it");
        assertEq(registry.operator(id).openSlashings, 0, "closed");
        assertEq(penalties.uncoveredLossGwei(), 0, "nothing more is expected");
        vm.expectRevert(abi.encodeWithSelector(IPenalties.SlashingUnknown.selector, root));
        penalties.forfeitBond(root);
        beacon.tick(300 * 32);
        ValidatorsProof memory proof = balanced(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.SlashingUnknown.selector, root));
        _settle(proof);
    }

    function test_Forfeit_TakesWhatWasAskedOutToo() public {
        vm.prank(manager);
        registry.requestBondExit(id, 8e27);
        uint64 withdrawable = slash(index).withdrawableEpoch;
        toEpoch(withdrawable + ROOTS_EPOCHS + 1);
        penalties.forfeitBond(root);
        assertEq(bondShares(id), 0, "all of it");
        assertEq(registry.freeBondShares(id), 0, "nothing to claim");
    }
}
