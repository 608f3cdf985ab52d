// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SingleProof } from "../../../src/types/SingleProof.sol";
import { MultiproofHarness, SingleProofHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

contract SingleProofRootTest is Test {
    SingleProofHarness private single = new SingleProofHarness();
    MultiproofHarness private multi = new MultiproofHarness();

    function _branch(uint256 seed, uint256 length) private pure returns (bytes32[] memory branch) {
        branch = new bytes32[](length);
        for (uint256 i; i < length; ++i) {
            branch[i] = keccak256(abi.encode(seed, i));
        }
    }

    function test_Root_ByHand() public view {
        bytes32[] memory branch = _branch(1, 2);
        bytes32 leaf = bytes32(uint256(7));
        // index 6: left of its pair, which is the root's right child
        bytes32 pair = sha256(abi.encode(leaf, branch[0]));
        assertEq(single.root(6, leaf, branch), sha256(abi.encode(branch[1], pair)), "left, then right");
        pair = sha256(abi.encode(branch[0], leaf));
        assertEq(single.root(5, leaf, branch), sha256(abi.encode(pair, branch[1])), "right, then left");
        assertEq(single.root(1, leaf, new bytes32[](0)), leaf, "the root is its own proof");
    }

    /// A multiproof of one leaf is the same branch: siblings from the leaf's up are in descending order.
    function testFuzz_Root_EqualsAMultiproofOfOneLeaf(uint256 index, bytes32 leaf, uint256 seed) public view {
        index = bound(index, 2, type(uint64).max);
        uint256 depth;
        while (index >> depth > 1) ++depth;
        (uint256[] memory indices, bytes32[] memory leaves) = (new uint256[](1), new bytes32[](1));
        (indices[0], leaves[0]) = (index, leaf);
        bytes32[] memory branch = _branch(seed, depth);
        assertEq(single.root(index, leaf, branch), multi.root(indices, leaves, branch), "one root");
    }

    function testFuzz_RevertWhen_TheBranchHasAnotherLength(uint64 index, uint8 length) public {
        vm.assume(index != 0);
        uint256 depth;
        while (index >> depth > 1) ++depth;
        vm.assume(length != depth);
        bytes32[] memory branch = _branch(2, length);
        vm.expectRevert(
            abi.encodeWithSelector(SingleProof.BranchLengthWrong.selector, uint256(length), depth)
        );
        single.root(index, 0, branch);
    }

    function test_RevertWhen_TheIndexIsZero() public {
        vm.expectRevert(SingleProof.BranchIndexZero.selector);
        single.root(0, 0, new bytes32[](0));
    }
}
