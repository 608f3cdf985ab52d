// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { ForkEntry, SnapshotRule } from "../../src/validators/ForkTable.sol";
import {
    BalancesProof,
    ChainConstants,
    IBeaconProofs,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { ContainersProof, PendingProof } from "../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { Modules } from "./Modules.sol";
import { SystemContracts } from "./SystemContracts.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Test } from "forge-std/Test.sol";

/// Proofs made by the TypeScript package from trees of a consensus client's own library:
/// `LODESTAR_PRESET=minimal node packages/beacon/test/vectors.ts contracts/out`.
abstract contract ProofVectors is Test {
    using stdJson for string;

    uint256 internal constant CASES = 6;
    uint64 private constant SECONDS_PER_SLOT = 12;

    /// A file a case.
    string internal constant FILES = "contracts/out/proofVectors";

    struct Case {
        string at;
        bytes32 blockRoot;
        uint64 slot;
        uint64 slotsPerEpoch;
        bytes32 genesisValidatorsRoot;
        ForkEntry entry;
        StateProof state;
        BalancesProof balances;
        ValidatorsProof validators;
        ValidatorsProof plain;
        ParticipationProof participation;
        ContainersProof containers;
        PendingProof pending;
        PendingProof pendingLength;
    }

    function setUp() public virtual {
        SystemContracts.etch();
    }

    function _read(uint256 i) internal view returns (Case memory c) {
        c.at = vm.toString(i);
        c.blockRoot = this.readWord(string.concat(c.at, ".blockRoot"));
        c.slot = uint64(_uint(c.at, ".slot"));
        c.slotsPerEpoch = uint64(_uint(c.at, ".slotsPerEpoch"));
        c.genesisValidatorsRoot = this.readWord(string.concat(c.at, ".genesisValidatorsRoot"));
        string memory g = string.concat(c.at, ".blockGindices");
        c.entry = ForkEntry({
            version: bytes4(this.readBytes(string.concat(c.at, ".version"))),
            firstSlot: 1,
            currentVersion: uint32(_uint(g, ".currentVersion")),
            executionBlockHash: uint32(_uint(g, ".executionBlockHash")),
            validators: uint32(_uint(g, ".validators")),
            balances: uint32(_uint(g, ".balances")),
            pendingDeposits: uint32(_uint(g, ".pendingDeposits")),
            genesisValidatorsRoot: uint32(_uint(g, ".genesisValidatorsRoot")),
            previousParticipation: uint32(_uint(g, ".previousParticipation")),
            finalizedEpoch: uint32(_uint(g, ".finalizedEpoch")),
            rule: SnapshotRule.ParentState
        });
        c.state = abi.decode(_encoded(c.at, ".stateProof"), (StateProof));
        c.balances = abi.decode(_encoded(c.at, ".balancesProof"), (BalancesProof));
        c.validators = abi.decode(_encoded(c.at, ".validatorsProof"), (ValidatorsProof));
        c.plain = abi.decode(_encoded(c.at, ".validatorsProofPlain"), (ValidatorsProof));
        c.participation = abi.decode(_encoded(c.at, ".participationProof"), (ParticipationProof));
        c.containers = abi.decode(_encoded(c.at, ".containersProof"), (ContainersProof));
        c.pending = abi.decode(_encoded(c.at, ".pendingProof"), (PendingProof));
        c.pendingLength = abi.decode(_encoded(c.at, ".pendingLengthProof"), (PendingProof));
    }

    // The files are large: each value is read in a call of its own, whose memory ends with it. `at` begins with the case's
    // number, of one digit.

    function readUint(string calldata at) external view returns (uint256) {
        return _file(at).readUint(string(bytes(at)[1:]));
    }

    function readUints(string calldata at) external view returns (uint256[] memory) {
        return _file(at).readUintArray(string(bytes(at)[1:]));
    }

    function readBytes(string calldata at) external view returns (bytes memory) {
        return _file(at).readBytes(string(bytes(at)[1:]));
    }

    function readWord(string calldata at) external view returns (bytes32) {
        return _file(at).readBytes32(string(bytes(at)[1:]));
    }

    function _file(string calldata at) private view returns (string memory) {
        return vm.readFile(string.concat(FILES, string(bytes(at)[:1]), ".json"));
    }

    function _uint(string memory at, string memory name) internal view returns (uint256) {
        return this.readUint(string.concat(at, name));
    }

    function _encoded(string memory at, string memory name) internal view returns (bytes memory) {
        return this.readBytes(string.concat(at, name, ".encoded"));
    }

    /// A chain on which the proof's block is the parent of the block at the proof's timestamp.
    function _deploy(Case memory c, bytes4 version) internal returns (BeaconProofs proofs) {
        uint64 timestamp = c.validators.timestamp;
        vm.warp(timestamp);
        SystemContracts.setParentRoot(c.blockRoot);
        ForkEntry[] memory forks = new ForkEntry[](1);
        forks[0] = c.entry;
        forks[0].version = version;
        uint64 genesis = timestamp - (c.slot + 1) * SECONDS_PER_SLOT;
        proofs = Modules.proofs(
            ChainConstants(genesis, SECONDS_PER_SLOT, c.slotsPerEpoch, 256, 8192, c.genesisValidatorsRoot),
            forks,
            address(this),
            IValidatorManager(address(this))
        );
    }

    function _mustMismatch(BeaconProofs proofs, bytes memory call, bytes32 root, string memory what)
        internal
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
