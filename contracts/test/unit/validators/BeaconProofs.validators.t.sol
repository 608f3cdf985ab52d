// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconRoots } from "../../../src/types/BeaconRoots.sol";
import { Multiproof } from "../../../src/types/Multiproof.sol";
import { Validator } from "../../../src/types/Ssz.sol";
import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import { ForkTable } from "../../../src/validators/ForkTable.sol";
import { ForkEntry, IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../../support/BeaconProofsFixture.sol";

contract BeaconProofsValidatorsTest is BeaconProofsFixture {
    function _call(ValidatorsProof memory p) private pure returns (bytes memory) {
        return abi.encodeCall(IBeaconProofs.verifyValidators, (p, 64));
    }

    function _expect(ValidatorsProof memory p, bytes memory error) private {
        vm.expectRevert(error);
        proofs.verifyValidators(p, 64);
    }

    function test_VerifyValidators_ReadsBalances() public view {
        uint64[] memory balances = proofs.verifyValidators(beacon.validatorsProof(_list(0, 3, 10), true), 64);
        assertEq(balances.length, 3, "one each");
        assertEq(balances[0], beacon.balanceOf(0), "first");
        assertEq(balances[1], beacon.balanceOf(3), "same chunk");
        assertEq(balances[2], beacon.balanceOf(10), "another chunk");
    }

    function test_VerifyValidators_WithoutBalances() public view {
        assertEq(
            proofs.verifyValidators(beacon.validatorsProof(_list(0, 3, 10), false), 64).length, 0, "none"
        );
    }

    /// forge-config: default.fuzz.runs = 60
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_VerifyValidators_AnySet(uint256 set, bool withBalances) public view {
        set &= (1 << COUNT) - 1;
        if (set == 0) set = 1 << 4;
        uint40[] memory indices = new uint40[](COUNT);
        uint256 n;
        for (uint256 i; i < COUNT; ++i) {
            if (set >> i & 1 == 1) indices[n++] = uint40(i);
        }
        assembly {
            mstore(indices, n)
        }
        uint64[] memory balances = proofs.verifyValidators(beacon.validatorsProof(indices, withBalances), 64);
        assertEq(balances.length, withBalances ? n : 0, "one for each");
        for (uint256 i; i < balances.length; ++i) {
            assertEq(balances[i], beacon.balanceOf(indices[i]), "balance");
        }
    }

    function test_RevertWhen_AnyFieldOfAContainerIsChanged() public view {
        bytes32 root = beacon.headRoot();
        for (uint256 at; at < 3; ++at) {
            ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
            Validator memory v = p.validators[at];
            v.pubkeyRoot ^= bytes32(uint256(1));
            _mustMismatch(_call(p), root, "pubkey root");
            v.pubkeyRoot ^= bytes32(uint256(1));
            v.withdrawalCredentials ^= bytes32(uint256(1));
            _mustMismatch(_call(p), root, "credentials");
            v.withdrawalCredentials ^= bytes32(uint256(1));
            v.effectiveBalance ^= 1;
            _mustMismatch(_call(p), root, "effective balance");
            v.effectiveBalance ^= 1;
            v.slashed = !v.slashed;
            _mustMismatch(_call(p), root, "slashed");
            v.slashed = !v.slashed;
            v.activationEligibilityEpoch ^= 1;
            _mustMismatch(_call(p), root, "activation eligibility");
            v.activationEligibilityEpoch ^= 1;
            v.activationEpoch ^= 1;
            _mustMismatch(_call(p), root, "activation");
            v.activationEpoch ^= 1;
            v.exitEpoch ^= 1;
            _mustMismatch(_call(p), root, "exit");
            v.exitEpoch ^= 1;
            v.withdrawableEpoch ^= 1;
            _mustMismatch(_call(p), root, "withdrawable");
        }
    }

    function test_RevertWhen_AnyOtherFieldIsChanged() public view {
        bytes32 root = beacon.headRoot();
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        p.slot -= 1;
        _mustMismatch(_call(p), root, "slot");
        p.slot += 1;
        p.validatorCount += 1;
        _mustMismatch(_call(p), root, "validator count");
        p.validatorCount -= 1;
        p.indices[1] = 2;
        _mustMismatch(_call(p), root, "index");
        p.indices[1] = 3;
        for (uint256 i; i < p.balanceChunks.length; ++i) {
            p.balanceChunks[i] ^= bytes32(uint256(1) << (i * 64));
            _mustMismatch(_call(p), root, "chunk");
            p.balanceChunks[i] ^= bytes32(uint256(1) << (i * 64));
        }
        for (uint256 i; i < p.nodes.length; ++i) {
            p.nodes[i] ^= bytes32(uint256(1) << (i * 3 % 256));
            _mustMismatch(_call(p), root, "node");
            p.nodes[i] ^= bytes32(uint256(1) << (i * 3 % 256));
        }
        (p.validators[0], p.validators[1]) = (p.validators[1], p.validators[0]);
        _mustMismatch(_call(p), root, "containers swapped");
    }

    function test_RevertWhen_TheRootIsOfAnotherSlot() public {
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        beacon.tick(1);
        proofs.verifyValidators(p, 64); // its own root is still there
        uint64 timestamp = p.timestamp;
        p.timestamp = uint64(block.timestamp);
        _mustMismatch(_call(p), beacon.headRoot(), "a newer root");
        p.timestamp = timestamp + 5;
        _expect(p, abi.encodeWithSelector(BeaconRoots.BeaconRootUnavailable.selector, uint256(timestamp + 5)));
    }

    function test_RevertWhen_TheProofIsTooOld() public {
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        vm.warp(beacon.timeOf(p.slot + 64));
        proofs.verifyValidators(p, 64);
        vm.warp(beacon.timeOf(p.slot + 65));
        _expect(
            p,
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(p.slot), uint256(p.slot) + 1)
        );
        // a slot in the future is no way round
        p.slot += 1;
        _mustMismatch(_call(p), proofs.beaconRoot(p.timestamp), "slot moved on");
    }

    function test_RevertWhen_TheStateIsOfAnotherForkOrBeforeTheFirst() public {
        ForkEntry[] memory forks = _forks();
        forks[0].version = 0x06000000;
        BeaconProofs right = proofs;
        proofs = _newProofs(forks);
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        right.verifyValidators(p, 64);
        _mustMismatch(_call(p), beacon.headRoot(), "version");
        forks[0].firstSlot = p.slot + 1;
        proofs = _newProofs(forks);
        _expect(p, abi.encodeWithSelector(ForkTable.ForkUnknown.selector, uint256(p.slot)));
    }

    function test_RevertWhen_IndicesAreNotAscending() public {
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        p.indices[1] = 0;
        _expect(p, abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(1)));
        (p.indices[1], p.indices[2]) = (10, 3);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(2)));
    }

    function test_RevertWhen_AnIndexIsBeyondTheList() public {
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        p.indices[2] = uint40(COUNT);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, COUNT, COUNT));
        p.indices[2] = type(uint40).max;
        _expect(
            p,
            abi.encodeWithSelector(
                IBeaconProofs.ValidatorIndexInvalid.selector, uint256(type(uint40).max), COUNT
            )
        );
    }

    function test_RevertWhen_ArraysDoNotFit() public {
        ValidatorsProof memory p = beacon.validatorsProof(_list(0, 3, 10), true);
        uint40[] memory indices = p.indices;
        p.indices = new uint40[](0);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofEmpty.selector));
        p.indices = one(0);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(3), uint256(1)));
        p.indices = indices;
        bytes32[] memory chunks = p.balanceChunks;
        p.balanceChunks = new bytes32[](1);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(1), uint256(2)));
        p.balanceChunks = new bytes32[](3);
        _expect(p, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(3), uint256(2)));
        p.balanceChunks = chunks;
        bytes32[] memory nodes = p.nodes;
        uint256 n = nodes.length;
        assembly {
            mstore(nodes, sub(n, 1))
        }
        _expect(p, abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - 1));
    }
}
