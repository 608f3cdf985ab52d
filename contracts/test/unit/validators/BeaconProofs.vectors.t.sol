// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import { ParticipationProof } from "../../../src/validators/IBeaconProofs.sol";
import { ProofVectors } from "../../support/ProofVectors.sol";
import { stdJson } from "forge-std/StdJson.sol";

contract BeaconProofsVectorsTest is ProofVectors {
    using stdJson for string;

    function test_Vectors_AreAllThere() public view {
        assertTrue(vm.exists(string.concat(FILES, "5.json")), "six cases");
        assertFalse(vm.exists(string.concat(FILES, "6.json")), "and no more: raise CASES");
    }

    function test_Vectors_StateIsAccepted() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            proofs.verifyState(c.blockRoot, c.state);
            assertEq(c.state.slot, c.slot, c.at);
            assertEq(
                c.state.validatorsRoot,
                this.readWord(string.concat(c.at, ".containersProof.validatorsRoot")),
                c.at
            );
            assertEq(
                c.state.balancesRoot, this.readWord(string.concat(c.at, ".balancesProof.balancesRoot")), c.at
            );
            assertEq(
                c.state.pendingDepositsRoot,
                this.readWord(string.concat(c.at, ".pendingProof.pendingDepositsRoot")),
                c.at
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

    function test_Vectors_Participation() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            BeaconProofs proofs = _deploy(c, c.entry.version);
            ParticipationProof memory p = c.participation;
            (uint8[] memory flags, uint64 epoch) = proofs.verifyParticipation(p, 64);
            uint256[] memory expected = this.readUints(string.concat(c.at, ".participationProof.flags"));
            assertEq(flags.length, expected.length, c.at);
            for (uint256 k; k < expected.length; ++k) {
                assertEq(flags[k], expected[k], c.at);
            }
            assertEq(epoch, _uint(c.at, ".participationProof.epoch"), c.at);
            assertEq(epoch, c.slot / c.slotsPerEpoch - 1, c.at);
            p.participationChunks[0] ^= bytes32(uint256(1));
            _mustMismatch(proofs, abi.encodeCall(proofs.verifyParticipation, (p, 64)), c.blockRoot, c.at);
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
        }
    }
}
