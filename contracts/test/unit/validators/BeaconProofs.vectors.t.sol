// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import {
    BalancesProof,
    ChainConstants,
    ForkEntry,
    IBeaconProofs,
    PendingDepositsProof,
    StateProof,
    ValidatorsProof
} from "../../../src/validators/IBeaconProofs.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Test } from "forge-std/Test.sol";

/// Proofs made by the TypeScript package from trees of a consensus client's own library:
/// `LODESTAR_PRESET=minimal node packages/beacon/test/vectors.ts contracts/out/proofVectors.json`.
contract BeaconProofsVectorsTest is Test {
    using stdJson for string;

    uint256 private constant CASES = 6;
    uint64 private constant SECONDS_PER_SLOT = 12;

    string private constant FILE = "contracts/out/proofVectors.json";

    struct Case {
        string at;
        bytes32 blockRoot;
        uint64 slot;
        ForkEntry entry;
        StateProof state;
        BalancesProof balances;
        ValidatorsProof validators;
        ValidatorsProof plain;
        PendingDepositsProof pending;
    }

    function setUp() public {
        SystemContracts.etch();
    }

    function _read(uint256 i) private view returns (Case memory c) {
        c.at = string.concat(".cases[", vm.toString(i), "]");
        c.blockRoot = this.readWord(string.concat(c.at, ".blockRoot"));
        c.slot = uint64(_uint(c.at, ".slot"));
        string memory g = string.concat(c.at, ".blockGindices");
        c.entry = ForkEntry({
            version: bytes4(this.readBytes(string.concat(c.at, ".version"))),
            firstSlot: 1,
            currentVersion: uint32(_uint(g, ".currentVersion")),
            executionBlockHash: uint32(_uint(g, ".executionBlockHash")),
            validators: uint32(_uint(g, ".validators")),
            balances: uint32(_uint(g, ".balances")),
            pendingDeposits: uint32(_uint(g, ".pendingDeposits"))
        });
        c.state = abi.decode(_encoded(c.at, ".stateProof"), (StateProof));
        c.balances = abi.decode(_encoded(c.at, ".balancesProof"), (BalancesProof));
        c.validators = abi.decode(_encoded(c.at, ".validatorsProof"), (ValidatorsProof));
        c.plain = abi.decode(_encoded(c.at, ".validatorsProofPlain"), (ValidatorsProof));
        c.pending = abi.decode(_encoded(c.at, ".pendingDepositsProof"), (PendingDepositsProof));
    }

    // The file is large: each value is read in a call of its own, whose memory ends with it.

    function readUint(string memory at) external view returns (uint256) {
        return vm.readFile(FILE).readUint(at);
    }

    function readUints(string memory at) external view returns (uint256[] memory) {
        return vm.readFile(FILE).readUintArray(at);
    }

    function readBytes(string memory at) external view returns (bytes memory) {
        return vm.readFile(FILE).readBytes(at);
    }

    function readWord(string memory at) external view returns (bytes32) {
        return vm.readFile(FILE).readBytes32(at);
    }

    function _uint(string memory at, string memory name) private view returns (uint256) {
        return this.readUint(string.concat(at, name));
    }

    function _encoded(string memory at, string memory name) private view returns (bytes memory) {
        return this.readBytes(string.concat(at, name, ".encoded"));
    }

    /// A chain on which the proof's block is the parent of the block at the proof's timestamp.
    function _deploy(Case memory c, bytes4 version) private returns (BeaconProofs proofs) {
        uint64 timestamp = c.validators.timestamp;
        vm.warp(timestamp);
        SystemContracts.setParentRoot(c.blockRoot);
        ForkEntry[] memory forks = new ForkEntry[](1);
        forks[0] = c.entry;
        forks[0].version = version;
        uint64 genesis = timestamp - (c.slot + 1) * SECONDS_PER_SLOT;
        proofs = new BeaconProofs(ChainConstants(genesis, SECONDS_PER_SLOT, 32, 256), forks);
    }

    function test_Vectors_AreAllThere() public view {
        string memory json = vm.readFile(FILE);
        assertTrue(json.keyExists(".cases[5]"), "six cases");
        assertFalse(json.keyExists(".cases[6]"), "and no more: raise CASES");
    }

    function test_Vectors_StateIsAccepted() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            proofs.verifyState(c.blockRoot, c.state);
            assertEq(c.state.slot, c.slot, c.at);
            assertEq(
                c.state.balancesRoot, this.readWord(string.concat(c.at, ".balancesProof.balancesRoot")), c.at
            );
        }
    }

    function test_Vectors_BalancesAddUp() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            uint256[] memory bitmaps = this.readUints(string.concat(c.at, ".balancesProof.bitmaps"));
            (uint64 sum, uint32 count) = proofs.verifyBalances(c.state.balancesRoot, c.balances, bitmaps);
            assertEq(sum, _uint(c.at, ".balancesProof.sumGwei"), c.at);
            assertEq(count, _uint(c.at, ".balancesProof.count"), c.at);
        }
    }

    function test_Vectors_ValidatorsAndTheirBalances() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            uint64[] memory balances = proofs.verifyValidators(c.validators, 64);
            uint256[] memory expected = this.readUints(string.concat(c.at, ".validatorsProof.balancesGwei"));
            assertEq(balances.length, expected.length, c.at);
            for (uint256 k; k < expected.length; ++k) {
                assertEq(balances[k], expected[k], c.at);
            }
            assertEq(proofs.verifyValidators(c.plain, 64).length, 0, c.at);
        }
    }

    function test_Vectors_NoPendingDeposits() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            _deploy(c, c.entry.version).verifyNoPendingDeposits(c.pending);
        }
    }

    function test_RevertWhen_TheTableHoldsTheOtherForksVersion() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            bytes4 other = c.entry.version == 0x05000000 ? bytes4(0x06000000) : bytes4(0x05000000);
            BeaconProofs proofs = _deploy(c, other);
            _mustMismatch(
                proofs, abi.encodeCall(proofs.verifyState, (c.blockRoot, c.state)), c.blockRoot, c.at
            );
            _mustMismatch(
                proofs, abi.encodeCall(proofs.verifyValidators, (c.validators, 64)), c.blockRoot, c.at
            );
            _mustMismatch(proofs, abi.encodeCall(proofs.verifyValidators, (c.plain, 64)), c.blockRoot, c.at);
            _mustMismatch(
                proofs, abi.encodeCall(proofs.verifyNoPendingDeposits, (c.pending)), c.blockRoot, c.at
            );
        }
    }

    function test_RevertWhen_OneByteOfAVectorIsFlipped() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            uint256[] memory bitmaps = this.readUints(string.concat(c.at, ".balancesProof.bitmaps"));
            c.balances.chunks[0] ^= bytes32(uint256(0xff));
            _mustMismatch(
                proofs,
                abi.encodeCall(proofs.verifyBalances, (c.state.balancesRoot, c.balances, bitmaps)),
                c.state.balancesRoot,
                c.at
            );
            c.validators.validators[0].withdrawalCredentials ^= bytes32(uint256(0xff));
            _mustMismatch(
                proofs, abi.encodeCall(proofs.verifyValidators, (c.validators, 64)), c.blockRoot, c.at
            );
            c.pending.nodes[c.pending.nodes.length - 1] ^= bytes32(uint256(0xff));
            _mustMismatch(
                proofs, abi.encodeCall(proofs.verifyNoPendingDeposits, (c.pending)), c.blockRoot, c.at
            );
        }
    }

    function _mustMismatch(BeaconProofs proofs, bytes memory call, bytes32 root, string memory what)
        private
        view
    {
        (bool ok, bytes memory reason) = address(proofs).staticcall(call);
        assertFalse(ok, what);
        assertEq(bytes4(reason), IBeaconProofs.ProofRootMismatch.selector, what);
        bytes32 expected;
        assembly {
            expected := mload(add(reason, 0x24))
        }
        assertEq(expected, root, what);
    }
}
