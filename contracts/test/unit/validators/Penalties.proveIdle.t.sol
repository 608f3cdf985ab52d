// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ParticipationProof, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IOperatorRegistry, Tier } from "../../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { FundingRefusal, IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../../src/validators/IWithdrawals.sol";
import { BondFixture } from "../../support/BondFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// proveIdle, condemnIdle, wasIdle.
contract PenaltiesProveIdleTest is BondFixture {
    uint32 private id;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(69 ether); // 70 with the validator's own
        index = member(id, 1, FULL);
        root = keyRoot(1);
        beacon.setParticipation(index, 0);
    }

    function _five() private returns (uint64[] memory epochs) {
        epochs = new uint64[](5);
        for (uint256 i; i < 5; ++i) {
            epochs[i] = proveIdle(index);
        }
    }

    // ------------------------------------------------------------ prove

    function test_ProveIdle_ChargesTheBondOnceAnEpoch() public {
        ParticipationProof memory proof = idleProof(index);
        assertEq(proof.slot % 32, 31, "the last slot of an epoch");
        uint64 epoch = proof.slot / 32 - 1;
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondTaken(id, address(checkpoints), 0.01e27, 69.99e27);
        vm.expectEmit(address(penalties));
        emit IPenalties.IdleProven(root, id, epoch, 0.01e27);
        vm.prank(bob); // anybody
        penalties.proveIdle(proof);
        assertTrue(penalties.wasIdle(root, epoch), "noted");
        assertFalse(penalties.wasIdle(root, epoch - 1), "for that epoch only");
        assertFalse(penalties.wasIdle(root, epoch + 1), "for that epoch only");
        assertFalse(penalties.wasIdle(keyRoot(2), epoch), "for that validator only");
        assertEq(token.sharesOf(address(checkpoints)), 0.01e27, "in the pot");
        vm.expectRevert(IPenalties.NothingToCharge.selector);
        penalties.proveIdle(proof);
        assertEq(proveIdle(index), epoch + 1, "the next");
        assertEq(bondShares(id), 69.98e27, "charged again");
    }

    /// Over the border of a word of 256 epochs.
    function test_ProveIdle_KeepsEpochsApart() public {
        uint64 border = (epochNow() / 256 + 1) * 256;
        beacon.tick(border * 32 - beacon.slot()); // the first slot of `border`
        uint64 first = proveIdle(index);
        assertEq(first, border - 1, "the last of a word");
        assertEq(proveIdle(index), border, "the first of the next");
        assertTrue(penalties.wasIdle(root, border - 1), "both");
        assertTrue(penalties.wasIdle(root, border), "both");
        assertFalse(penalties.wasIdle(root, border - 256), "not the same bit elsewhere");
        assertFalse(penalties.wasIdle(root, border + 255), "not the same bit elsewhere");
    }

    function test_ProveIdle_SeveralAtOnce() public {
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        uint40 second = member(id, 2, FULL);
        beacon.setParticipation(second, 0);
        uint32 other = bonded(2 ether);
        uint40 third = member(other, 3, 32e9);
        beacon.setParticipation(third, 0);
        uint40[] memory three = new uint40[](3);
        (three[0], three[1], three[2]) = (index, second, third);
        endEpoch();
        ParticipationProof memory proof = beacon.participationProof(three);
        penalties.proveIdle(proof);
        uint64 epoch = proof.slot / 32 - 1;
        for (uint256 n = 1; n < 4; ++n) {
            assertTrue(penalties.wasIdle(keyRoot(n), epoch), "each");
        }
        assertEq(bondShares(id), 71e27 - 0.02e27, "two of the first");
        assertEq(bondShares(other), 3e27 - 0.01e27, "one of the second");
    }

    function test_ProveIdle_ChargesAtTheMark() public {
        beacon.tick(4 hours / 12);
        ParticipationProof memory proof = idleProof(index);
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp), 6 ether, 0, 0);
        (uint128 etherValue, uint128 shares) = token.mark();
        penalties.proveIdle(proof);
        assertEq(
            bondShares(id), 70e27 - 0.01 ether * uint256(shares) / etherValue, "at the mark, rounded down"
        );
        assertLt(token.sharesOf(address(checkpoints)), 0.01e27, "fewer shares than at first");
    }

    /// An epoch proven against an empty bond is still proven.
    function test_ProveIdle_WithoutABond() public {
        asPenalties();
        registry.takeBond(id, 70e27, bob);
        ParticipationProof memory proof = idleProof(index);
        vm.expectEmit(address(penalties));
        emit IPenalties.IdleProven(root, id, proof.slot / 32 - 1, 0);
        penalties.proveIdle(proof);
        assertTrue(penalties.wasIdle(root, proof.slot / 32 - 1), "noted");
    }

    /// One that was asked to exit, or that is exiting, has its duties until it has left.
    function test_ProveIdle_OfOneThatIsOnItsWayOut() public {
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        proveIdle(index);
        beacon.setExiting(index, epochNow() + 10);
        beacon.tick(1);
        validators.observe(balanced(index));
        proveIdle(index);
        assertEq(bondShares(id), 69.98e27, "both charged");
    }

    // ------------------------------------------------------------ refused

    /// Any one of the three flags is work.
    function test_RevertWhen_ItDidSomething() public {
        for (uint8 flags = 1; flags < 8; ++flags) {
            beacon.setParticipation(index, flags);
            ParticipationProof memory proof = idleProof(index);
            vm.expectRevert(abi.encodeWithSelector(IPenalties.NotIdle.selector, root, flags));
            penalties.proveIdle(proof);
        }
    }

    function test_RevertWhen_ItIsNoMember() public {
        uint40 unknown = beacon.addValidator(key(7), token.withdrawalCredentials(), 32e9);
        uint40 eligible = onboard(id, 8);
        uint40[2] memory which = [unknown, eligible];
        for (uint256 i; i < 2; ++i) {
            beacon.activate(which[i], 1);
            beacon.setParticipation(which[i], 0);
            ParticipationProof memory proof = idleProof(which[i]);
            bytes32 r = keyRoot(7 + i);
            vm.expectRevert(abi.encodeWithSelector(IPenalties.IdleNotMember.selector, r));
            penalties.proveIdle(proof);
        }
    }

    /// Once it is known to be slashed it may do nothing: the slashing costs it.
    function test_RevertWhen_ItIsKnownToBeSlashed() public {
        ParticipationProof memory proof = idleProof(index);
        slash(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.IdleNotMember.selector, root));
        penalties.proveIdle(proof);
    }

    // ------------------------------------------------------------ condemn

    function test_CondemnIdle_LetsAnybodyExitIt() public {
        vm.prank(governance);
        registry.setTier(id, Tier.Curated); // room for more than one
        uint64[] memory epochs = _five();
        bytes[] memory keys = keysOf(1);
        vm.deal(bob, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, root, bob));
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keys, 1);

        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.ToExit
        );
        vm.expectEmit(address(penalties));
        emit IPenalties.IdleCondemned(root, id, epochs[0], epochs[4]);
        vm.prank(bob); // anybody
        penalties.condemnIdle(root, epochs);
        IOperatorRegistry.Operator memory o = registry.operator(id);
        assertEq(o.askedGwei, FULL, "asked: no fee weight");
        assertEq(o.stakeGwei, FULL, "it still is its stake");
        assertRoom(id, false, 6995e9 - FULL, FundingRefusal.BondShort);

        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.ExitRequested(root, bob);
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keys, 1);
        assertEq(
            SystemContracts.endBlock(),
            abi.encodePacked(address(withdrawalVault), keys[0], uint64(0)),
            "a full exit"
        );
    }

    function test_CondemnIdle_TwiceDoesNothingMore() public {
        uint64[] memory epochs = _five();
        penalties.condemnIdle(root, epochs);
        penalties.condemnIdle(root, epochs);
        assertEq(registry.operator(id).askedGwei, FULL, "asked once");
    }

    function test_RevertWhen_TheNumberOfEpochsIsWrong() public {
        uint64[] memory epochs = _five();
        for (uint256 n; n < 7; ++n) {
            if (n == 5) continue;
            uint64[] memory wrong = new uint64[](n);
            for (uint256 i; i < n && i < 5; ++i) {
                wrong[i] = epochs[i];
            }
            vm.expectRevert(abi.encodeWithSelector(IPenalties.IdleEpochsWrong.selector, n, uint256(5)));
            penalties.condemnIdle(root, wrong);
        }
    }

    function test_RevertWhen_AnEpochIsNotProvenOrRepeatedOrOutOfOrder() public {
        uint64[] memory epochs = _five();
        bytes4 unproven = IPenalties.IdleEpochNotProven.selector;
        uint64 last = epochs[4];
        epochs[4] = last + 1;
        vm.expectRevert(abi.encodeWithSelector(unproven, root, last + 1));
        penalties.condemnIdle(root, epochs);
        epochs[4] = epochs[3];
        vm.expectRevert(abi.encodeWithSelector(unproven, root, epochs[3]));
        penalties.condemnIdle(root, epochs);
        (epochs[3], epochs[4]) = (last, epochs[3]);
        vm.expectRevert(abi.encodeWithSelector(unproven, root, epochs[4]));
        penalties.condemnIdle(root, epochs);
        (epochs[3], epochs[4]) = (epochs[4], last);
        bytes32 other = keyRoot(2);
        vm.expectRevert(abi.encodeWithSelector(unproven, other, epochs[0]));
        penalties.condemnIdle(other, epochs);
        penalties.condemnIdle(root, epochs);
    }

    /// 30 days are 6,750 epochs, from the first idle one to now.
    function test_CondemnIdle_WithinThirtyDaysToTheEpoch() public {
        uint64[] memory epochs = new uint64[](5);
        epochs[0] = proveIdle(index);
        toEpoch(epochs[0] + 6744);
        for (uint256 i = 1; i < 5; ++i) {
            epochs[i] = proveIdle(index);
        }
        assertEq(epochs[4], epochs[0] + 6746, "spread over the window");
        vm.warp(beacon.timeOf((epochs[0] + 6751) * 32));
        vm.expectRevert(
            abi.encodeWithSelector(IPenalties.IdleWindowExceeded.selector, epochs[0], epochs[4], uint64(6750))
        );
        penalties.condemnIdle(root, epochs);
        vm.warp(block.timestamp - 1);
        penalties.condemnIdle(root, epochs);
        assertEq(uint8(status(1)), uint8(IValidatorManager.Status.ToExit), "to exit");
    }

    function test_RevertWhen_CondemnedIsExitingAlready() public {
        uint64[] memory epochs = _five();
        beacon.setExiting(index, epochNow() + 5);
        beacon.tick(1);
        ValidatorsProof memory proof = balanced(index);
        validators.observe(proof);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Exiting
            )
        );
        penalties.condemnIdle(root, epochs);
    }
}
