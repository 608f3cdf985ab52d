// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalancesProof, IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../../support/BeaconProofsFixture.sol";
import { MultiproofHarness } from "../../support/TypesHarness.sol";

/// Both walks against a consensus client's own trees, over lists of 1 to 1,000,000 balances: every power of two with its
/// neighbours, and random sizes (packages/beacon/test/multiproofVectors.ts).
contract BeaconProofsListsTest is BeaconProofsFixture {
    struct Case {
        bytes32 root;
        uint256[] bitmaps;
        uint256[] positions;
        uint64 sumGwei;
        uint32 count;
        BalancesProof proof;
    }

    MultiproofHarness private general = new MultiproofHarness();

    function _cases() private view returns (Case[] memory) {
        return abi.decode(vm.parseBytes(vm.readFile("contracts/out/multiproofVectors.txt")), (Case[]));
    }

    function test_Lists_OfEverySize() public view {
        Case[] memory cases = _cases();
        assertGe(cases.length, 95, "sizes");
        assertEq(cases[0].proof.length, 1, "from one");
        assertEq(cases[cases.length - 1].proof.length, 1_000_000, "to a million");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            string memory what = vm.toString(uint256(c.proof.length));
            (uint64 sum, uint32 count) = proofs.verifyBalances(c.root, c.proof, c.bitmaps);
            assertEq(sum, c.sumGwei, what);
            assertEq(count, c.count, what);
            assertEq(_generalRoot(c), c.root, what);
        }
    }

    /// The general walk, from the chunks and the length up to the list's root.
    function _generalRoot(Case memory c) private view returns (bytes32) {
        uint256 n = c.positions.length;
        uint256[] memory indices = new uint256[](n + 1);
        bytes32[] memory leaves = new bytes32[](n + 1);
        for (uint256 i; i < n; ++i) {
            (indices[i], leaves[i]) = ((1 << 39) + c.positions[n - 1 - i], c.proof.chunks[n - 1 - i]);
        }
        uint256 length = c.proof.length;
        bytes memory little = new bytes(32);
        for (uint256 i; i < 8; ++i) {
            little[i] = bytes1(uint8(length >> (8 * i)));
        }
        (indices[n], leaves[n]) = (3, bytes32(little));
        return general.root(indices, leaves, c.proof.nodes);
    }

    /// One length off, one size on: the neighbour's list is another list.
    function test_RevertWhen_TheLengthIsAnothers() public {
        Case[] memory cases = _cases();
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            c.proof.length += 1;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            proofs.verifyBalances(c.root, c.proof, c.bitmaps);
            c.proof.length -= 1;
            if (i == 0) continue;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            proofs.verifyBalances(cases[i - 1].root, c.proof, c.bitmaps);
        }
    }
}
