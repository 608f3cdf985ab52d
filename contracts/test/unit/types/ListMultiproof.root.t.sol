// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ListMultiproof } from "../../../src/types/ListMultiproof.sol";
import { Multiproof } from "../../../src/types/Multiproof.sol";
import { ListMultiproofHarness, MultiproofHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

contract ListMultiproofRootTest is Test {
    ListMultiproofHarness private list = new ListMultiproofHarness();
    MultiproofHarness private multi = new MultiproofHarness();

    /// Chunks of a full tree of `depth` by the bits of `set`, descending, with the siblings they need.
    function _proof(uint256 set, uint256 depth)
        private
        pure
        returns (uint256[] memory positions, bytes32[] memory chunks, bytes32[] memory nodes)
    {
        uint256 width = 1 << depth;
        positions = new uint256[](width + 1);
        chunks = new bytes32[](width);
        nodes = new bytes32[](width * 2);
        bytes32[] memory layer = new bytes32[](width);
        uint256 n;
        for (uint256 i = width; i != 0;) {
            --i;
            layer[i] = keccak256(abi.encode("chunk", i));
            if (set >> i & 1 == 1) (positions[n], chunks[n]) = (i, layer[i]);
            if (set >> i & 1 == 1) ++n;
        }
        uint256 m;
        for (uint256 w = width; w > 1; w /= 2) {
            uint256 next;
            for (uint256 i = w; i != 0;) {
                --i;
                bool known = set >> i & 1 == 1;
                if (known) next |= 1 << i / 2;
                if (known && set >> (i ^ 1) & 1 == 0) nodes[m++] = layer[i ^ 1];
            }
            for (uint256 i; i < w / 2; ++i) {
                layer[i] = sha256(abi.encode(layer[2 * i], layer[2 * i + 1]));
            }
            set = next;
        }
        assembly {
            mstore(positions, add(n, 1))
            mstore(chunks, n)
            mstore(nodes, m)
        }
        positions[n] = width > 1 ? uint256(layer[0]) : 7; // what the spare place holds does not matter
    }

    function _full(uint256 depth) private pure returns (bytes32) {
        bytes32[] memory layer = new bytes32[](1 << depth);
        for (uint256 i; i < layer.length; ++i) {
            layer[i] = keccak256(abi.encode("chunk", i));
        }
        for (uint256 w = layer.length; w > 1; w /= 2) {
            for (uint256 i; i < w / 2; ++i) {
                layer[i] = sha256(abi.encode(layer[2 * i], layer[2 * i + 1]));
            }
        }
        return layer[0];
    }

    function testFuzz_Root_EqualsTheNaiveTree(uint256 set, uint256 depth) public view {
        depth = bound(depth, 0, 7);
        set &= (1 << (1 << depth)) - 1;
        if (set == 0) set = 1;
        (uint256[] memory positions, bytes32[] memory chunks, bytes32[] memory nodes) = _proof(set, depth);
        assertEq(list.root(positions, chunks, depth, nodes), _full(depth), "root");
    }

    /// The general walk over the same leaves and nodes ends the same way, whatever they are.
    function testFuzz_Root_EqualsTheGeneralWalk(uint256 seed, uint256 count, uint256 depth, uint256 nodeCount)
        public
        view
    {
        depth = bound(depth, 1, 38);
        count = bound(count, 1, 12);
        nodeCount = bound(nodeCount, 0, count * depth);
        (uint256[] memory positions, uint256[] memory indices) =
            (new uint256[](count + 1), new uint256[](count));
        bytes32[] memory chunks = new bytes32[](count);
        bytes32[] memory nodes = new bytes32[](nodeCount);
        for (uint256 i; i < nodeCount; ++i) {
            nodes[i] = keccak256(abi.encode("node", seed, i));
        }
        uint256 position = seed % (1 << depth);
        for (uint256 i; i < count; ++i) {
            (positions[i], indices[i]) = (position, (1 << depth) + position);
            chunks[i] = keccak256(abi.encode("leaf", seed, i));
            // mostly close together, now and then repeated
            uint256 step = uint256(keccak256(abi.encode("step", seed, i))) % 5;
            position = position > step ? position - step : 0;
        }
        (bool okList, bytes memory a) =
            address(list).staticcall(abi.encodeCall(list.root, (positions, chunks, depth, nodes)));
        (bool okMulti, bytes memory b) =
            address(multi).staticcall(abi.encodeCall(multi.root, (indices, chunks, nodes)));
        assertEq(okList, okMulti, "accepted by both or by neither");
        if (okList) assertEq(a, b, "one root");
        // the errors are the same too; the index of a leaf out of order is told as a position
        else if (bytes4(a) != Multiproof.LeavesNotStrict.selector) assertEq(bytes4(a), bytes4(b), "error");
    }

    function testFuzz_RevertWhen_NodesAreTooManyOrTooFew(uint256 set, uint256 depth, uint256 extra) public {
        depth = bound(depth, 1, 7);
        extra = bound(extra, 1, 3);
        set &= (1 << (1 << depth)) - 1;
        if (set == 0) set = 1;
        (uint256[] memory positions, bytes32[] memory chunks, bytes32[] memory nodes) = _proof(set, depth);
        uint256 n = nodes.length;
        bytes32[] memory longer = new bytes32[](n + extra);
        for (uint256 i; i < n; ++i) {
            longer[i] = nodes[i];
        }
        vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooLong.selector, n + extra, n));
        list.root(positions, chunks, depth, longer);
        if (n < extra) return;
        assembly {
            mstore(longer, sub(n, extra))
        }
        vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - extra));
        list.root(positions, chunks, depth, longer);
    }

    function _expectNotStrict(uint256 a, uint256 b, uint256 wrong) private {
        uint256[] memory positions = new uint256[](3);
        (positions[0], positions[1]) = (a, b);
        vm.expectRevert(abi.encodeWithSelector(Multiproof.LeavesNotStrict.selector, wrong));
        list.root(positions, new bytes32[](2), 3, new bytes32[](9));
    }

    function test_RevertWhen_PositionsAreNotStrictlyDescendingWithinTheList() public {
        _expectNotStrict(8, 1, 8);
        _expectNotStrict(type(uint256).max, 1, type(uint256).max);
        _expectNotStrict(4, 4, 4);
        _expectNotStrict(4, 5, 5);
        vm.expectRevert(abi.encodeWithSelector(Multiproof.LeavesNotStrict.selector, uint256(8)));
        list.root(new uint256[](1), new bytes32[](0), 3, new bytes32[](0));
    }
}
