// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconRoots } from "../../src/types/BeaconRoots.sol";
import { Multiproof } from "../../src/types/Multiproof.sol";
import { SingleProof } from "../../src/types/SingleProof.sol";
import { Validator } from "../../src/types/Ssz.sol";
import { ForkEntry, ForkTable } from "../../src/validators/ForkTable.sol";
import {
    BalancesProof,
    IBeaconProofs,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../support/BeaconProofsFixture.sol";
import { Gindices } from "../support/Gindices.sol";

/// Second preimages (a node shown as a leaf, or the other way round), roots that are not the right one any more, and what
/// a fork changes.
contract AttackProofsTest is BeaconProofsFixture {
    uint256 private constant G_VALIDATORS = 715;
    uint256 private constant G_BALANCES = 716;

    // ------------------------------------------------------------ wrong depth

    /// Inner nodes of the tree, moved up as if they were chunks: each level has one node fewer, and none is accepted.
    function test_Attack_InnerNodesAsBalances() public {
        bytes32 root = beacon.node(G_BALANCES);
        BalancesProof memory honest = beacon.balancesProof(one(0));
        for (uint256 up = 1; up <= 38; ++up) {
            BalancesProof memory p = beacon.balancesProof(one(0));
            p.chunks[0] = beacon.node(((G_BALANCES * 2) << 38) >> up);
            uint256 left = honest.nodes.length - up;
            bytes32[] memory nodes = new bytes32[](left);
            for (uint256 i; i < left; ++i) {
                nodes[i] = honest.nodes[i + up];
            }
            p.nodes = nodes;
            vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooShort.selector, left));
            proofs.verifyBalances(root, p, ones(1));
            // filled up at either end, the number is right and the root is not
            p.nodes = honest.nodes;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            proofs.verifyBalances(root, p, ones(1));
        }
    }

    /// The list's two halves as its data: a data root under a made-up length, the data root itself as the list.
    function test_Attack_DataRootAsTheList() public {
        BalancesProof memory p = beacon.balancesProof(one(0));
        bytes32 data = beacon.node(G_BALANCES * 2);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyBalances(data, p, ones(1));
    }

    /// A state root, or the fields of a header, where a block root belongs: all of it one tree higher.
    function test_Attack_StateRootAsABlockRoot() public {
        StateProof memory p = beacon.stateProof();
        bytes32 stateRoot = beacon.node(11);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyState(stateRoot, p);
    }

    /// A validator's root as a chunk of balances (its bytes would be enormous balances), and a chunk as a container.
    function test_Attack_ContainersAsBalances() public {
        ValidatorsProof memory p = beacon.validatorsProof(one(0), true);
        p.balanceChunks[0] = beacon.node((G_VALIDATORS * 2) << 40);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyValidators(p, 64);
    }

    /// The two halves of a container as key and credentials of a smaller one.
    function test_Attack_HalfAContainer() public {
        ValidatorsProof memory p = beacon.validatorsProof(one(0), false);
        Validator memory v = p.validators[0];
        bytes32 keys = sha256(abi.encode(v.pubkeyRoot, v.withdrawalCredentials));
        v.pubkeyRoot = keys;
        v.withdrawalCredentials = keccak256("the other half");
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyValidators(p, 64);
    }

    /// A single branch cut or stretched to every other length.
    function test_Attack_BranchesOfEveryLength() public {
        bytes32 root = beacon.headRoot();
        uint64 slot = beacon.headSlot();
        Validator memory v = beacon.validatorsProof(one(3), false).validators[0];
        bytes32[] memory branch = _branch(((G_VALIDATORS * 2) << 40) + 3);
        proofs.verifyValidatorBranch(root, slot, 3, v, branch);
        assertEq(branch.length, 50, "3 to the state, 6 to its field, 1 to the data, 40 down");
        for (uint256 length; length < 60; ++length) {
            if (length == 50) continue;
            bytes32[] memory other = new bytes32[](length);
            for (uint256 i; i < length && i < 50; ++i) {
                other[i] = branch[i];
            }
            vm.expectRevert(
                abi.encodeWithSelector(SingleProof.BranchLengthWrong.selector, length, uint256(50))
            );
            proofs.verifyValidatorBranch(root, slot, 3, v, other);
        }
    }

    function _branch(uint256 g) private view returns (bytes32[] memory branch) {
        branch = new bytes32[](Gindices.log2(g));
        for (uint256 i; i < branch.length; ++i) {
            branch[i] = beacon.node((g >> i) ^ 1);
        }
    }

    /// A chunk of flags one level up or down: inner nodes have bytes too.
    function test_Attack_InnerNodesAsFlags() public {
        while (beacon.headSlot() % 32 != 31) beacon.tick(1);
        ParticipationProof memory p = beacon.participationProof(one(0));
        proofs.verifyParticipation(p, 64);
        p.participationChunks[0] = beacon.node((719 << 36) >> 1);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyParticipation(p, 64);
    }

    // ------------------------------------------------------------ stale roots

    /// The ring forgets a root after 8,191 blocks' seconds: neither it nor another under its timestamp will do.
    function test_Attack_ARootOutOfTheRing() public {
        ValidatorsProof memory p = beacon.validatorsProof(one(0), true);
        beacon.tick(8191);
        vm.expectRevert(
            abi.encodeWithSelector(BeaconRoots.BeaconRootUnavailable.selector, uint256(p.timestamp))
        );
        proofs.verifyValidators(p, type(uint64).max);
        p.timestamp = uint64(block.timestamp);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyValidators(p, type(uint64).max);
    }

    /// An old state told as a young one: its slot is part of the proof.
    function test_Attack_AnOldStateWithAYoungSlot() public {
        ValidatorsProof memory p = beacon.validatorsProof(one(0), true);
        beacon.tick(100);
        uint64 slot = p.slot;
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(slot), beacon.slot() - 64)
        );
        proofs.verifyValidators(p, 64);
        for (uint64 by = 40; by < 110; by += 7) {
            p.slot = slot + by;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            proofs.verifyValidators(p, 64);
        }
    }

    /// Yesterday's balances under today's root.
    function test_Attack_BalancesOfAnotherState() public {
        BalancesProof memory old = beacon.balancesProof(one(0));
        beacon.setBalance(0, 31e9);
        beacon.tick(1);
        bytes32 root = beacon.node(G_BALANCES);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyBalances(root, old, ones(1));
    }

    // ------------------------------------------------------------ fork change

    /// Every slot around a fork is read by its own entry, whatever slot the proof claims.
    function test_Attack_SlotsAroundAFork() public {
        ForkEntry[] memory forks = new ForkEntry[](2);
        (forks[0], forks[1]) = (_forks()[0], _forks()[0]);
        (forks[1].version, forks[1].firstSlot) = (0x06000000, beacon.slot() + 3);
        proofs = _newProofs(forks);
        for (uint256 i; i < 6; ++i) {
            if (beacon.slot() == forks[1].firstSlot) beacon.setVersion(0x06000000);
            beacon.tick(1);
            StateProof memory p = beacon.stateProof();
            bytes32 root = beacon.headRoot();
            proofs.verifyState(root, p);
            uint64 slot = p.slot;
            p.slot = slot >= forks[1].firstSlot ? forks[1].firstSlot - 1 : forks[1].firstSlot;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            proofs.verifyState(root, p);
        }
    }

    /// A proposed fork closes its slots to every kind of proof, and leaves older ones as they were.
    function test_Attack_NothingIsProvenInAnUnprobedFork() public {
        ForkEntry memory entry = _forks()[0];
        entry.firstSlot = proofs.slotAt(block.timestamp + proofs.FORK_DELAY() + beacon.SECONDS_PER_SLOT() - 1);
        vm.prank(governance);
        proofs.proposeFork(entry);
        beacon.tick(entry.firstSlot - beacon.slot());
        ValidatorsProof memory before = beacon.validatorsProof(one(0), true);
        while (beacon.headSlot() < entry.firstSlot || beacon.headSlot() % 32 != 31) beacon.tick(1);
        bytes32 root = beacon.headRoot();
        bytes[4] memory calls = [
            abi.encodeCall(proofs.verifyState, (root, beacon.stateProof())),
            abi.encodeCall(proofs.verifyValidators, (beacon.validatorsProof(one(0), true), 64)),
            abi.encodeCall(proofs.verifyParticipation, (beacon.participationProof(one(0)), 64)),
            abi.encodeCall(
                proofs.verifyBalanceBranch, (root, beacon.headSlot(), 0, bytes32(0), new bytes32[](0))
            )
        ];
        for (uint256 i; i < 4; ++i) {
            (bool ok, bytes memory reason) = address(proofs).staticcall(calls[i]);
            assertFalse(ok, "closed");
            assertEq(bytes4(reason), ForkTable.ForkNotProbed.selector, "and says so");
        }
        proofs.verifyValidators(before, 64);
    }
}
