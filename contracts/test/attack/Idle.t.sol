// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBeaconProofs, ParticipationProof } from "../../src/validators/IBeaconProofs.sol";
import { Tier } from "../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { BondFixture } from "../support/BondFixture.sol";

/// H12: idleness costs the idle, once, and nobody else.
contract IdleAttackTest is BondFixture {
    uint32 private id;
    uint40 private index;
    uint40 private busy;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(79 ether);
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        index = member(id, 1, FULL);
        busy = member(id, 2, FULL);
        root = keyRoot(1);
        beacon.setParticipation(index, 0);
    }

    function _both() private view returns (uint40[] memory two) {
        two = new uint40[](2);
        (two[0], two[1]) = (index, busy);
    }

    function _expectForged(ParticipationProof memory proof) private {
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        penalties.proveIdle(proof);
    }

    // ------------------------------------------------------------ once

    /// The same proof, later, by another, until its root is gone.
    function test_Attack_AProofIsReplayed() public {
        ParticipationProof memory proof = idleProof(index);
        penalties.proveIdle(proof);
        uint256 bond = bondShares(id);
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(IPenalties.NothingToCharge.selector);
            vm.prank(bob);
            penalties.proveIdle(proof);
            beacon.tick(1000);
        }
        beacon.tick(8192);
        vm.expectPartialRevert(IBeaconProofs.ProofTooOld.selector);
        penalties.proveIdle(proof);
        assertEq(bondShares(id), bond, "charged once");
    }

    /// Two proofs of one epoch: another set of validators around the same one, in one proof or in two.
    function test_Attack_OneEpochIsChargedTwice() public {
        beacon.setParticipation(busy, 0);
        endEpoch();
        ParticipationProof memory both = beacon.participationProof(_both());
        ParticipationProof memory alone = beacon.participationProof(one(index));
        penalties.proveIdle(both);
        vm.expectRevert(IPenalties.NothingToCharge.selector);
        penalties.proveIdle(alone);
        uint40[] memory twice = new uint40[](2);
        (twice[0], twice[1]) = (index, index);
        both.indices = twice;
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(1)));
        penalties.proveIdle(both);
        assertEq(bondShares(id), 81e27 - 0.02e27, "each once");
    }

    /// A batch counts whole or not at all: nothing is left noted of one that fails.
    function test_Attack_AWorkingValidatorIsSlippedIntoABatch() public {
        endEpoch();
        ParticipationProof memory both = beacon.participationProof(_both());
        bytes32 worker = keyRoot(2);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.NotIdle.selector, worker, uint8(7)));
        penalties.proveIdle(both);
        assertFalse(penalties.wasIdle(root, both.slot / 32 - 1), "nothing noted");
        assertEq(bondShares(id), 81e27, "nothing charged");
    }

    // ------------------------------------------------------------ another epoch

    /// Only in an epoch's last slot is the one before over: earlier an attestation may still come in.
    function test_Attack_AnEpochThatIsNotOver() public {
        endEpoch();
        uint64[3] memory steps = [uint64(1), 15, 15]; // to the first slot, the middle, the last but one
        for (uint256 i; i < 3; ++i) {
            beacon.tick(steps[i]);
            ParticipationProof memory proof = beacon.participationProof(one(index));
            vm.expectRevert(
                abi.encodeWithSelector(IBeaconProofs.ParticipationSlotNotLast.selector, uint256(proof.slot))
            );
            penalties.proveIdle(proof);
        }
        beacon.tick(1);
        penalties.proveIdle(beacon.participationProof(one(index)));
    }

    /// The flags of one epoch under the root or the slot of another.
    function test_Attack_FlagsOfAnotherEpochsRoot() public {
        ParticipationProof memory old = idleProof(index);
        beacon.setParticipation(index, 7);
        ParticipationProof memory fresh = idleProof(index);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.NotIdle.selector, root, uint8(7)));
        penalties.proveIdle(fresh);
        ParticipationProof memory mixed = old;
        (uint64 oldSlot, uint64 oldTime) = (old.slot, old.timestamp);
        (mixed.slot, mixed.timestamp) = (fresh.slot, fresh.timestamp);
        _expectForged(mixed);
        (mixed.slot, mixed.timestamp) = (fresh.slot, oldTime);
        _expectForged(mixed);
        (mixed.slot, mixed.timestamp) = (oldSlot, fresh.timestamp);
        _expectForged(mixed);
        // 32 slots further: another epoch, the same flags
        (mixed.slot, mixed.timestamp) = (oldSlot - 32, oldTime);
        _expectForged(mixed);
        (mixed.slot, mixed.timestamp) = (oldSlot, oldTime);
        penalties.proveIdle(mixed);
    }

    function test_Attack_ForgedFlagsOrTheFlagsOfANeighbour() public {
        endEpoch();
        ParticipationProof memory proof = beacon.participationProof(one(busy));
        bytes32 chunk = proof.participationChunks[0];
        proof.participationChunks[0] = 0;
        _expectForged(proof);
        proof.participationChunks[0] = chunk;
        proof.indices[0] = index; // whose flags are zero
        _expectForged(proof);
        proof.indices[0] = busy;
        vm.expectRevert(abi.encodeWithSelector(IPenalties.NotIdle.selector, keyRoot(2), uint8(7)));
        penalties.proveIdle(proof);
    }

    // ------------------------------------------------------------ without a duty

    /// While the chain does not finalize, many are offline for no fault of theirs.
    function test_Attack_AnEpochWithoutFinality() public {
        endEpoch();
        uint64 epoch = beacon.slot() / 32 + 1; // of the state to be shown
        beacon.setFinalizedEpoch(epoch - 4);
        beacon.tick(32);
        ParticipationProof memory proof = beacon.participationProof(one(index));
        assertEq(proof.slot / 32, epoch - 1, "the state's epoch");
        beacon.tick(32);
        proof = beacon.participationProof(one(index));
        assertEq(proof.slot / 32, epoch, "the state's epoch");
        vm.expectRevert(
            abi.encodeWithSelector(
                IBeaconProofs.ParticipationNotFinal.selector, uint256(epoch - 4), uint256(epoch - 3)
            )
        );
        penalties.proveIdle(proof);
        proof.finalizedEpoch = epoch - 3; // what it would have to be
        _expectForged(proof);
        beacon.setFinalizedEpoch(epoch - 2);
        beacon.tick(32);
        penalties.proveIdle(beacon.participationProof(one(index)));
    }

    /// Not yet active in the epoch, or out of the set in it.
    function test_Attack_OneThatHadNothingToDo() public {
        endEpoch();
        uint64 epoch = beacon.slot() / 32 - 1; // that the next state to be shown is about
        beacon.activate(index, epoch + 2);
        ParticipationProof memory proof = idleProof(index);
        assertEq(proof.slot / 32 - 1, epoch, "epoch");
        bytes4 inactive = IBeaconProofs.ParticipationInactive.selector;
        vm.expectRevert(abi.encodeWithSelector(inactive, uint256(index), uint256(epoch)));
        penalties.proveIdle(proof);
        proof = idleProof(index);
        vm.expectRevert(abi.encodeWithSelector(inactive, uint256(index), uint256(epoch + 1)));
        penalties.proveIdle(proof);
        assertEq(proveIdle(index), epoch + 2, "its first");

        beacon.setExiting(index, epoch + 4);
        assertEq(proveIdle(index), epoch + 3, "its last");
        proof = idleProof(index);
        vm.expectRevert(abi.encodeWithSelector(inactive, uint256(index), uint256(epoch + 4)));
        penalties.proveIdle(proof);
        assertEq(bondShares(id), 81e27 - 0.02e27, "two epochs");
    }

    function test_Attack_OneThatIsSlashed() public {
        slashOnChain(index);
        ParticipationProof memory proof = idleProof(index);
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ParticipationSlashed.selector, uint256(index)));
        penalties.proveIdle(proof);
    }

    // ------------------------------------------------------------ condemned

    /// The operator proves its newest idle epoch itself: what lies before can still be shown.
    function test_Attack_ShieldedByProvingTheNewestOnly() public {
        ParticipationProof[] memory kept = new ParticipationProof[](5);
        uint64[] memory epochs = new uint64[](5);
        for (uint256 i; i < 5; ++i) {
            kept[i] = idleProof(index);
            epochs[i] = kept[i].slot / 32 - 1;
        }
        vm.prank(manager);
        penalties.proveIdle(kept[4]);
        for (uint256 i; i < 4; ++i) {
            penalties.proveIdle(kept[i]);
        }
        assertEq(bondShares(id), 81e27 - 0.05e27, "all five");
        penalties.condemnIdle(root, epochs);
        assertEq(uint8(status(1)), uint8(IValidatorManager.Status.ToExit), "condemned");
    }

    /// Epochs of one key condemn no other, not even of the same operator.
    function test_Attack_CondemnedByANeighboursEpochs() public {
        uint64[] memory epochs = new uint64[](5);
        for (uint256 i; i < 5; ++i) {
            epochs[i] = proveIdle(index);
        }
        bytes32 worker = keyRoot(2);
        vm.expectRevert(abi.encodeWithSelector(IPenalties.IdleEpochNotProven.selector, worker, epochs[0]));
        penalties.condemnIdle(worker, epochs);
        penalties.condemnIdle(root, epochs);
        bytes[] memory keys = keysOf(2);
        vm.deal(bob, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, worker, bob));
        vm.prank(bob);
        withdrawals.requestExits{ value: 1 }(keys, 1);
        assertFalse(registry.isEjectable(id), "the operator is not");
    }

    /// Charges never make the pool owe: without a bond they take nothing, and others' bonds stay.
    function test_Attack_ChargesBeyondTheBond() public {
        uint32 other = bonded(5 ether);
        asPenalties();
        registry.takeBond(id, 81e27 - 0.015e27, bob);
        proveIdle(index);
        assertEq(bondShares(id), 0.005e27, "half of one left");
        proveIdle(index);
        assertEq(bondShares(id), 0, "none");
        proveIdle(index);
        assertEq(bondShares(other), 5e27, "another's");
        assertEq(token.sharesOf(address(registry)), 5e27, "held");
        assertEq(token.sharesOf(address(checkpoints)), 0.015e27, "in the pot");
    }
}
