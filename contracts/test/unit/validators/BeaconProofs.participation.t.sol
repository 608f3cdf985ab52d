// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../../../src/types/Multiproof.sol";
import { ForkEntry, ForkTable } from "../../../src/validators/ForkTable.sol";
import { IBeaconProofs, ParticipationProof } from "../../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../../support/BeaconProofsFixture.sol";

contract BeaconProofsParticipationTest is BeaconProofsFixture {
    function setUp() public override {
        super.setUp();
        for (uint256 i = COUNT; i < 70; ++i) {
            beacon.addValidator(key(i), bytes32(i + 1), 32e9);
            beacon.activate(uint40(i), 3);
        }
        beacon.setParticipation(3, 0);
        beacon.setParticipation(40, 5);
        _toLastSlot();
    }

    /// The head becomes the last slot of an epoch.
    function _toLastSlot() private {
        beacon.tick(1);
        while (beacon.headSlot() % 32 != 31) beacon.tick(1);
    }

    function _call(ParticipationProof memory p) private view returns (bytes memory) {
        return abi.encodeCall(proofs.verifyParticipation, (p, 64));
    }

    function _expect(ParticipationProof memory p, bytes memory error) private {
        vm.expectRevert(error);
        proofs.verifyParticipation(p, 64);
    }

    function test_VerifyParticipation_ReadsTheFlagsOfTheEpochBefore() public view {
        (uint8[] memory flags, uint64 epoch) =
            proofs.verifyParticipation(beacon.participationProof(_list(0, 3, 40)), 64);
        assertEq(flags.length, 3, "one each");
        assertEq(flags[0], 7, "all three");
        assertEq(flags[1], 0, "none");
        assertEq(flags[2], 5, "another chunk");
        assertEq(epoch, beacon.headSlot() / 32 - 1, "the epoch before the state's");
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_VerifyParticipation_AnySet(uint256 set, uint256 seed) public {
        uint40[] memory indices = new uint40[](70);
        uint256 n;
        for (uint256 i; i < 70; ++i) {
            beacon.setParticipation(uint40(i), uint8(uint256(keccak256(abi.encode(seed, i))) % 8));
            if (set >> i & 1 == 1 || (n == 0 && i == 69)) indices[n++] = uint40(i);
        }
        assembly {
            mstore(indices, n)
        }
        beacon.tick(32);
        while (beacon.headSlot() % 32 != 31) beacon.tick(1);
        (uint8[] memory flags,) = proofs.verifyParticipation(beacon.participationProof(indices), 64);
        for (uint256 i; i < n; ++i) {
            assertEq(flags[i], uint256(keccak256(abi.encode(seed, indices[i]))) % 8, "flags");
        }
    }

    function test_RevertWhen_TheSlotIsNotTheLastOfItsEpoch() public {
        for (uint256 i; i < 31; ++i) {
            beacon.tick(1);
            ParticipationProof memory p = beacon.participationProof(_list(0, 3, 40));
            _expect(
                p, abi.encodeWithSelector(IBeaconProofs.ParticipationSlotNotLast.selector, uint256(p.slot))
            );
        }
        ParticipationProof memory first = beacon.participationProof(one(3));
        first.slot = 31; // epoch 0 has no epoch before it
        vm.warp(beacon.timeOf(32));
        _expect(first, abi.encodeWithSelector(IBeaconProofs.ParticipationSlotNotLast.selector, uint256(31)));
    }

    function test_RevertWhen_FinalityIsOld() public {
        uint64 epoch = beacon.headSlot() / 32 + 1;
        beacon.setFinalizedEpoch(epoch - 3);
        _toLastSlot();
        proofs.verifyParticipation(beacon.participationProof(one(3)), 64);
        _toLastSlot(); // one epoch more, nothing finalized
        ParticipationProof memory p = beacon.participationProof(one(3));
        _expect(
            p,
            abi.encodeWithSelector(
                IBeaconProofs.ParticipationNotFinal.selector, uint256(epoch - 3), uint256(epoch - 2)
            )
        );
        p.finalizedEpoch += 1; // a younger one is not what the state says
        _mustMismatch(_call(p), beacon.headRoot(), "finalized epoch");
    }

    function test_RevertWhen_AValidatorWasNotActive() public {
        uint64 epoch = beacon.headSlot() / 32 - 1; // flags are of this one
        beacon.activate(0, epoch + 1);
        beacon.activate(1, epoch + 2);
        beacon.setExiting(2, epoch + 1);
        beacon.setExiting(4, epoch + 2);
        _toLastSlot(); // flags of epoch + 1
        (uint8[] memory flags, uint64 read) =
            proofs.verifyParticipation(beacon.participationProof(one(0)), 64);
        assertEq(read, epoch + 1, "activated in it");
        assertEq(flags[0], 7, "and counted");
        proofs.verifyParticipation(beacon.participationProof(one(4)), 64); // exits after it
        _expect(
            beacon.participationProof(one(1)),
            abi.encodeWithSelector(IBeaconProofs.ParticipationInactive.selector, uint256(1), epoch + 1)
        );
        _expect(
            beacon.participationProof(_list(0, 2, 3)),
            abi.encodeWithSelector(IBeaconProofs.ParticipationInactive.selector, uint256(2), epoch + 1)
        );
    }

    function test_RevertWhen_AValidatorIsSlashed() public {
        beacon.setSlashed(3);
        _toLastSlot();
        _expect(
            beacon.participationProof(_list(0, 3, 40)),
            abi.encodeWithSelector(IBeaconProofs.ParticipationSlashed.selector, uint256(3))
        );
    }

    function test_RevertWhen_AnyFieldIsChanged() public view {
        bytes32 root = beacon.headRoot();
        ParticipationProof memory p = beacon.participationProof(_list(0, 3, 40));
        p.validatorCount += 1;
        _mustMismatch(_call(p), root, "length");
        p.validatorCount -= 1;
        p.indices[1] = 2;
        _mustMismatch(_call(p), root, "index");
        p.indices[1] = 3;
        p.finalizedEpoch += 1;
        _mustMismatch(_call(p), root, "finalized epoch");
        p.finalizedEpoch -= 1;
        for (uint256 i; i < 2; ++i) {
            for (uint256 k; k < 32; ++k) {
                p.participationChunks[i] ^= bytes32(uint256(1) << (k * 8));
                _mustMismatch(_call(p), root, "flags, also a neighbour's");
                p.participationChunks[i] ^= bytes32(uint256(1) << (k * 8));
            }
        }
        (p.participationChunks[0], p.participationChunks[1]) =
        (p.participationChunks[1], p.participationChunks[0]);
        _mustMismatch(_call(p), root, "order of chunks");
        (p.participationChunks[0], p.participationChunks[1]) =
        (p.participationChunks[1], p.participationChunks[0]);
        p.validators[2].exitEpoch -= 1;
        _mustMismatch(_call(p), root, "container");
        p.validators[2].exitEpoch += 1;
        for (uint256 i; i < p.nodes.length; ++i) {
            p.nodes[i] ^= bytes32(uint256(1) << (i * 7 % 256));
            _mustMismatch(_call(p), root, "node");
            p.nodes[i] ^= bytes32(uint256(1) << (i * 7 % 256));
        }
    }

    function test_RevertWhen_PartsDoNotFit() public {
        ParticipationProof memory p = beacon.participationProof(_list(0, 3, 40));
        p.participationChunks = new bytes32[](1);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(1), uint256(2)));
        p.participationChunks = new bytes32[](3);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(3), uint256(2)));
        p = beacon.participationProof(_list(0, 3, 40));
        p.indices[2] = 3;
        _expect(p, abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(2)));
        p.indices[2] = 70;
        _expect(
            p, abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, uint256(70), uint256(70))
        );
        p.indices = new uint40[](0);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofEmpty.selector));
        p = beacon.participationProof(_list(0, 3, 40));
        p.indices = one(0);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(3), uint256(1)));
        p = beacon.participationProof(_list(0, 3, 40));
        uint256 n = p.nodes.length;
        bytes32[] memory nodes = p.nodes;
        assembly {
            mstore(nodes, sub(n, 1))
        }
        _expect(p, abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - 1));
    }

    function test_RevertWhen_TheProofIsOldOrOfAnUnknownFork() public {
        ParticipationProof memory p = beacon.participationProof(one(3));
        beacon.tick(63);
        proofs.verifyParticipation(p, 64);
        beacon.tick(1);
        _expect(
            p,
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(p.slot), uint256(p.slot) + 1)
        );
        beacon.setVersion(0x06000000);
        _toLastSlot();
        _mustMismatch(_call(beacon.participationProof(one(3))), beacon.headRoot(), "version");
    }

    function test_RevertWhen_TheSlotIsBeforeTheFirstFork() public {
        ParticipationProof memory p = beacon.participationProof(one(3));
        ForkEntry[] memory forks = _forks();
        forks[0].firstSlot = p.slot + 1;
        proofs = _newProofs(forks);
        _expect(p, abi.encodeWithSelector(ForkTable.ForkUnknown.selector, uint256(p.slot)));
    }
}
