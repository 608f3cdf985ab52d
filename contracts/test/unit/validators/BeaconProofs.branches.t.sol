// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SingleProof } from "../../../src/types/SingleProof.sol";
import { Validator } from "../../../src/types/Ssz.sol";
import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import { ForkEntry, ForkTable, SnapshotRule } from "../../../src/validators/ForkTable.sol";
import { ChainConstants, IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { Modules } from "../../support/Modules.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Test } from "forge-std/Test.sol";

/// Branches that other projects published, of states of networks people use: bare facts with their source in
/// contracts/test/vectors/publishedProofs.json. Each holds under its own fork's indices and under no other's.
contract BeaconProofsBranchesTest is Test {
    using stdJson for string;

    uint256 private constant CASES = 4;
    uint64 private constant DENEB_SLOT = 1000;
    uint64 private constant ELECTRA_SLOT = 2000;

    struct Case {
        string name;
        uint64 slot; // one of this fork in our table
        bytes32 blockRoot;
        bytes32 stateRoot;
        bytes32[] stateBranch;
        uint40 index;
        Validator validator;
        bytes32[] branch;
    }

    BeaconProofs private proofs;

    function setUp() public {
        ForkEntry[] memory forks = new ForkEntry[](2);
        forks[0] = ForkEntry(
            0x04000000, DENEB_SLOT, 1421, 12_044, 363, 364, 0, 353, 367, 744, SnapshotRule.ParentState
        );
        forks[1] = ForkEntry(
            0x05000000, ELECTRA_SLOT, 2829, 23_308, 715, 716, 738, 705, 719, 1448, SnapshotRule.ParentState
        );
        proofs = Modules.proofs(
            ChainConstants(1, 12, 32, 256, 8192, bytes32(uint256(1))),
            forks,
            address(this),
            IValidatorManager(address(this))
        );
    }

    function _read(uint256 i) private view returns (Case memory c) {
        string memory json = vm.readFile("contracts/test/vectors/publishedProofs.json");
        string memory at = string.concat(".cases[", vm.toString(i), "]");
        c.name = json.readString(string.concat(at, ".name"));
        bool isDeneb = json.readUint(string.concat(at, ".stateDepth")) == 5;
        c.slot = isDeneb ? DENEB_SLOT : ELECTRA_SLOT;
        c.blockRoot = json.readBytes32(string.concat(at, ".blockRoot"));
        c.stateRoot = json.readBytes32(string.concat(at, ".stateRoot"));
        c.stateBranch = json.readBytes32Array(string.concat(at, ".stateBranch"));
        c.index = uint40(json.readUint(string.concat(at, ".index")));
        uint256[] memory n = json.readUintArray(string.concat(at, ".numbers"));
        c.validator = Validator({
            pubkeyRoot: json.readBytes32(string.concat(at, ".pubkeyRoot")),
            withdrawalCredentials: json.readBytes32(string.concat(at, ".withdrawalCredentials")),
            effectiveBalance: uint64(n[0]),
            slashed: n[1] == 1,
            activationEligibilityEpoch: uint64(n[2]),
            activationEpoch: uint64(n[3]),
            exitEpoch: uint64(n[4]),
            withdrawableEpoch: uint64(n[5])
        });
        c.branch = _join(json.readBytes32Array(string.concat(at, ".validatorBranch")), c.stateBranch);
    }

    /// To the state root, and on to the block root.
    function _join(bytes32[] memory a, bytes32[] memory b) private pure returns (bytes32[] memory joined) {
        joined = new bytes32[](a.length + b.length);
        for (uint256 i; i < joined.length; ++i) {
            joined[i] = i < a.length ? a[i] : b[i - a.length];
        }
    }

    function _verify(Case memory c) private view {
        proofs.verifyValidatorBranch(c.blockRoot, c.slot, c.index, c.validator, c.branch);
    }

    function _mustFail(Case memory c, string memory what) private view {
        (bool ok, bytes memory reason) = address(proofs)
            .staticcall(
                abi.encodeCall(
                    proofs.verifyValidatorBranch, (c.blockRoot, c.slot, c.index, c.validator, c.branch)
                )
            );
        assertFalse(ok, string.concat(c.name, what));
        assertEq(bytes4(reason), IBeaconProofs.ProofRootMismatch.selector, string.concat(c.name, what));
    }

    function test_Published_AreAccepted() public view {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            _verify(c);
            proofs.verifyStateBranch(c.blockRoot, c.stateRoot, c.stateBranch);
        }
    }

    function test_RevertWhen_APublishedProofIsReadByAnotherForksIndices() public {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            bool isDeneb = c.slot == DENEB_SLOT;
            c.slot = isDeneb ? ELECTRA_SLOT : DENEB_SLOT;
            uint256 given = isDeneb ? 49 : 50;
            assertEq(c.branch.length, given, c.name);
            vm.expectRevert(
                abi.encodeWithSelector(SingleProof.BranchLengthWrong.selector, given, isDeneb ? 50 : 49)
            );
            _verify(c);
            // one node more or less makes the depth fit, and nothing else
            c.branch = isDeneb ? _with(c.branch) : _without(c.branch);
            _mustFail(c, ": with a length that fits");
            c.slot = DENEB_SLOT - 1;
            vm.expectRevert(abi.encodeWithSelector(ForkTable.ForkUnknown.selector, uint256(c.slot)));
            _verify(c);
        }
    }

    function _with(bytes32[] memory branch) private pure returns (bytes32[] memory) {
        return _join(branch, new bytes32[](1));
    }

    function _without(bytes32[] memory branch) private pure returns (bytes32[] memory) {
        assembly {
            mstore(branch, sub(mload(branch), 1))
        }
        return branch;
    }

    function test_RevertWhen_AnyFactOfAPublishedProofIsChanged() public view {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            c.index ^= 1;
            _mustFail(c, ": neighbour");
            c.index ^= 1;
            c.index += uint40(1) << 39;
            _mustFail(c, ": far away");
            c.index -= uint40(1) << 39;
            c.validator.pubkeyRoot ^= bytes32(uint256(1));
            _mustFail(c, ": key");
            c.validator.pubkeyRoot ^= bytes32(uint256(1));
            c.validator.withdrawalCredentials ^= bytes32(uint256(1));
            _mustFail(c, ": credentials");
            c.validator.withdrawalCredentials ^= bytes32(uint256(1));
            c.validator.effectiveBalance += 1;
            _mustFail(c, ": effective balance");
            c.validator.effectiveBalance -= 1;
            c.validator.slashed = !c.validator.slashed;
            _mustFail(c, ": slashed");
            c.validator.slashed = !c.validator.slashed;
            c.validator.activationEpoch ^= 1;
            _mustFail(c, ": activation");
            c.validator.activationEpoch ^= 1;
            c.validator.exitEpoch ^= 1;
            _mustFail(c, ": exit");
            c.validator.exitEpoch ^= 1;
            for (uint256 k; k < c.branch.length; ++k) {
                c.branch[k] ^= bytes32(uint256(1) << (k * 5));
                _mustFail(c, ": node");
                c.branch[k] ^= bytes32(uint256(1) << (k * 5));
            }
        }
    }

    function test_Published_BalanceUnderItsForkOnly() public {
        Case memory c = _read(0);
        string memory json = vm.readFile("contracts/test/vectors/publishedProofs.json");
        bytes32 chunk = json.readBytes32(".cases[0].balanceChunk");
        bytes32[] memory branch = _join(json.readBytes32Array(".cases[0].balanceBranch"), c.stateBranch);
        uint64 balance = proofs.verifyBalanceBranch(c.blockRoot, c.slot, c.index, chunk, branch);
        assertEq(balance, c.validator.effectiveBalance, "the publisher made both equal");
        // its neighbours in the chunk
        for (uint40 k; k < 4; ++k) {
            uint40 index = c.index / 4 * 4 + k;
            assertGt(proofs.verifyBalanceBranch(c.blockRoot, c.slot, index, chunk, branch), 31e9, "neighbour");
        }
        vm.expectRevert(
            abi.encodeWithSelector(SingleProof.BranchLengthWrong.selector, uint256(47), uint256(48))
        );
        proofs.verifyBalanceBranch(c.blockRoot, ELECTRA_SLOT, c.index, chunk, branch);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyBalanceBranch(c.blockRoot, c.slot, c.index + 4, chunk, branch);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyBalanceBranch(c.blockRoot, c.slot, c.index, chunk ^ bytes32(uint256(1)), branch);
    }

    /// A state root as a leaf one level off, and the leaf of a shorter branch.
    function test_RevertWhen_AStateBranchIsNotAsDeepAsTheStateRoot() public {
        Case memory c = _read(3);
        bytes32[] memory branch = _without(c.stateBranch);
        vm.expectRevert(
            abi.encodeWithSelector(SingleProof.BranchLengthWrong.selector, uint256(2), uint256(3))
        );
        proofs.verifyStateBranch(c.blockRoot, c.stateRoot, branch);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyStateBranch(c.blockRoot, c.stateRoot ^ bytes32(uint256(1)), new bytes32[](3));
    }
}
