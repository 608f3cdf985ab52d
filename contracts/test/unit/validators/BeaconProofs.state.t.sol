// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconRoots } from "../../../src/types/BeaconRoots.sol";
import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import { ForkTable } from "../../../src/validators/ForkTable.sol";
import {
    ChainConstants,
    ForkEntry,
    IBeaconProofs,
    StateProof
} from "../../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../../support/BeaconProofsFixture.sol";
import { Modules } from "../../support/Modules.sol";

/// Deployment, clock, fork table, verifyState.
contract BeaconProofsStateTest is BeaconProofsFixture {
    // ------------------------------------------------------------ table and clock

    function test_Deploy_ShowsItsTable() public view {
        assertEq(proofs.forkCount(), 1, "one fork");
        ForkEntry memory entry = proofs.forkEntry(0);
        assertEq(keccak256(abi.encode(entry)), keccak256(abi.encode(_forks()[0])), "as deployed");
        ChainConstants memory c = proofs.chainConstants();
        assertEq(keccak256(abi.encode(c)), keccak256(abi.encode(_constants())), "constants");
    }

    function test_SlotAt_IsTheSlotThatHoldsTheTime() public view {
        uint256 genesis = beacon.GENESIS_TIME();
        assertEq(proofs.slotAt(genesis), 0, "genesis");
        assertEq(proofs.slotAt(genesis + 11), 0, "its last second");
        assertEq(proofs.slotAt(genesis + 12), 1, "next");
        assertEq(proofs.currentSlot(), beacon.slot(), "now");
        assertEq(proofs.currentEpoch(), beacon.slot() / 32, "epoch");
    }

    function test_RevertWhen_AConstantIsZero() public {
        string[5] memory names =
            ["genesisTime", "secondsPerSlot", "slotsPerEpoch", "slashingsVector", "genesisValidatorsRoot"];
        for (uint256 i; i < 5; ++i) {
            ChainConstants memory c = ChainConstants(1, 1, 1, 0, 1, bytes32(uint256(1)));
            if (i == 0) c.genesisTime = 0;
            if (i == 1) c.secondsPerSlot = 0;
            if (i == 2) c.slotsPerEpoch = 0;
            if (i == 3) c.slashingsVector = 0;
            if (i == 4) c.genesisValidatorsRoot = 0;
            vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ChainConstantInvalid.selector, names[i]));
            new BeaconProofs(c, address(this), validators);
        }
    }

    function test_RevertWhen_TheForkTableIsInvalid() public {
        _expectInvalid(new ForkEntry[](0), 0);
        ForkEntry[] memory forks = new ForkEntry[](3);
        (forks[0], forks[1], forks[2]) = (_forks()[0], _forks()[0], _forks()[0]);
        (forks[1].firstSlot, forks[2].firstSlot) = (2, 2);
        _expectInvalid(forks, 2);
        (forks[1].version, forks[2].firstSlot) = (0, 3);
        _expectInvalid(forks, 1);
    }

    function _expectInvalid(ForkEntry[] memory forks, uint256 entry) private {
        address implementation = address(new BeaconProofs(_constants(), address(this), validators));
        vm.expectRevert(abi.encodeWithSelector(ForkTable.ForkTableInvalid.selector, entry));
        Modules.proxy(implementation, abi.encodeCall(BeaconProofs.initialize, (forks)));
    }

    function test_BeaconRoot_ReadsTheRing() public {
        assertEq(proofs.beaconRoot(block.timestamp), beacon.headRoot(), "parent's root");
        uint256 before = block.timestamp;
        bytes32 root = beacon.headRoot();
        beacon.tick(3);
        assertEq(proofs.beaconRoot(before), root, "an older one");
    }

    function test_RevertWhen_TheRootIsUnavailable() public {
        uint256 missing = block.timestamp - 1;
        vm.expectRevert(abi.encodeWithSelector(BeaconRoots.BeaconRootUnavailable.selector, missing));
        proofs.beaconRoot(missing);
        uint256 old = block.timestamp;
        beacon.tick(8191); // the ring's place of `old` is taken by another block
        vm.expectRevert(abi.encodeWithSelector(BeaconRoots.BeaconRootUnavailable.selector, old));
        proofs.beaconRoot(old);
    }

    // ------------------------------------------------------------ state

    function _callAt(StateProof memory proof, bytes32 root) private pure returns (bytes memory) {
        return abi.encodeCall(IBeaconProofs.verifyState, (root, proof));
    }

    function test_VerifyState_AcceptsTheHead() public view {
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
    }

    function test_RevertWhen_AnyFieldOfAStateProofIsChanged() public view {
        bytes32 root = beacon.headRoot();
        StateProof memory p = beacon.stateProof();
        p.slot += 1;
        _mustMismatch(_callAt(p, root), root, "slot");
        p.slot -= 1;
        p.executionBlockHash ^= bytes32(uint256(1));
        _mustMismatch(_callAt(p, root), root, "execution block hash");
        p.executionBlockHash ^= bytes32(uint256(1));
        p.balancesRoot ^= bytes32(uint256(1));
        _mustMismatch(_callAt(p, root), root, "balances root");
        p.balancesRoot ^= bytes32(uint256(1));
        p.validatorsRoot ^= bytes32(uint256(1));
        _mustMismatch(_callAt(p, root), root, "validators root");
        p.validatorsRoot ^= bytes32(uint256(1));
        p.pendingDepositsRoot ^= bytes32(uint256(1));
        _mustMismatch(_callAt(p, root), root, "pending deposits root");
        p.pendingDepositsRoot ^= bytes32(uint256(1));
        for (uint256 i; i < p.nodes.length; ++i) {
            p.nodes[i] ^= bytes32(uint256(1) << (i * 11 % 256));
            _mustMismatch(_callAt(p, root), root, "node");
            p.nodes[i] ^= bytes32(uint256(1) << (i * 11 % 256));
        }
        (p.nodes[0], p.nodes[1]) = (p.nodes[1], p.nodes[0]);
        _mustMismatch(_callAt(p, root), root, "order of nodes");
        _mustMismatch(_callAt(beacon.stateProof(), keccak256("x")), keccak256("x"), "another root");
    }

    function test_RevertWhen_TheStateIsOfAnotherFork() public {
        beacon.setVersion(0x06000000);
        beacon.tick(1);
        bytes32 root = beacon.headRoot();
        _mustMismatch(_callAt(beacon.stateProof(), root), root, "unknown version fails closed");
    }

    function test_VerifyState_EachForkHasItsEntry() public {
        ForkEntry[] memory forks = new ForkEntry[](2);
        (forks[0], forks[1]) = (_forks()[0], _forks()[0]);
        forks[1].version = 0x06000000;
        forks[1].firstSlot = beacon.slot() + 1;
        proofs = _newProofs(forks);
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        beacon.setVersion(0x06000000);
        bytes32 root = beacon.headRoot();
        beacon.tick(1);
        root = beacon.headRoot();
        _mustMismatch(_callAt(beacon.stateProof(), root), root, "the new version before its slot");
        beacon.tick(1);
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        beacon.setVersion(0x05000000);
        beacon.tick(1);
        root = beacon.headRoot();
        _mustMismatch(_callAt(beacon.stateProof(), root), root, "the old version after it");
    }

    function test_RevertWhen_TheSlotIsBeforeTheFirstFork() public {
        ForkEntry[] memory forks = _forks();
        forks[0].firstSlot = beacon.headSlot() + 1;
        proofs = _newProofs(forks);
        bytes32 root = beacon.headRoot();
        StateProof memory p = beacon.stateProof();
        vm.expectRevert(abi.encodeWithSelector(ForkTable.ForkUnknown.selector, uint256(p.slot)));
        proofs.verifyState(root, p);
    }
}
