// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../../../src/types/Multiproof.sol";
import { MultiproofHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

/// Against a naive tree: all 2^DEPTH leaves hashed level by level, siblings found by marking paths.
/// forge-config: default.fuzz.runs = 48
/// forge-config: nightly.fuzz.runs = 10000
contract MultiproofRootTest is Test {
    uint256 private constant DEPTH = 9;
    uint256 private constant SIZE = 1 << DEPTH;

    struct Proof {
        bytes32 root;
        uint256[] indices;
        bytes32[] leaves;
        bytes32[] nodes;
    }

    MultiproofHarness private multiproof = new MultiproofHarness();

    // ------------------------------------------------------------ naive

    function _tree(uint256 seed) private pure returns (bytes32[] memory t) {
        t = new bytes32[](2 * SIZE);
        for (uint256 i = SIZE; i < 2 * SIZE; ++i) {
            t[i] = keccak256(abi.encode(seed, i));
        }
        for (uint256 i = SIZE - 1; i > 0; --i) {
            t[i] = sha256(abi.encodePacked(t[2 * i], t[2 * i + 1]));
        }
    }

    function _related(uint256 a, uint256 b) private pure returns (bool) {
        while (a > b) a >>= 1;
        while (b > a) b >>= 1;
        return a == b;
    }

    /// Up to `want` leaves at mixed depths, none above another.
    function _pick(uint256 seed, uint256 want, uint256 minDepth) private pure returns (bool[] memory chosen) {
        chosen = new bool[](2 * SIZE);
        for (uint256 i; i < want; ++i) {
            uint256 r = uint256(keccak256(abi.encode(seed, "pick", i)));
            uint256 depth = minDepth + r % (DEPTH + 1 - minDepth);
            uint256 g = (1 << depth) + (r >> 64) % (1 << depth);
            bool free = true;
            for (uint256 k = 1; k < 2 * SIZE; ++k) {
                if (chosen[k] && _related(k, g)) {
                    free = false;
                    break;
                }
            }
            if (free) chosen[g] = true;
        }
    }

    function _prove(uint256 seed, uint256 want, uint256 minDepth) private pure returns (Proof memory p) {
        bytes32[] memory t = _tree(seed);
        bool[] memory chosen = _pick(seed, want, minDepth);
        bool[] memory onPath = new bool[](2 * SIZE);
        uint256 count;
        for (uint256 g = 1; g < 2 * SIZE; ++g) {
            if (!chosen[g]) continue;
            ++count;
            for (uint256 a = g; a > 0; a >>= 1) {
                onPath[a] = true;
            }
        }
        p.root = t[1];
        p.indices = new uint256[](count);
        p.leaves = new bytes32[](count);
        bytes32[] memory nodes = new bytes32[](2 * SIZE);
        uint256 n;
        uint256 m;
        for (uint256 g = 2 * SIZE - 1; g > 0; --g) {
            if (chosen[g]) (p.indices[n], p.leaves[n++]) = (g, t[g]);
            if (g > 1 && !onPath[g] && onPath[g ^ 1]) nodes[m++] = t[g];
        }
        assembly {
            mstore(nodes, m)
        }
        p.nodes = nodes;
    }

    function _root(Proof memory p) private view returns (bytes32) {
        return multiproof.root(p.indices, p.leaves, p.nodes);
    }

    // ------------------------------------------------------------ accepted

    function testFuzz_Root_EqualsNaiveTree(uint256 seed, uint8 want) public view {
        Proof memory p = _prove(seed, bound(want, 1, 24), 1);
        assertEq(_root(p), p.root, "any set of leaves at mixed depths");
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Root_EqualsNaiveTreeForManyDeepLeaves(uint256 seed) public view {
        Proof memory p = _prove(seed, 60, DEPTH - 2);
        assertEq(_root(p), p.root, "dense set");
    }

    function test_Root_AllLeavesNeedNoNode() public view {
        bytes32[] memory t = _tree(1);
        Proof memory p;
        p.indices = new uint256[](SIZE);
        p.leaves = new bytes32[](SIZE);
        for (uint256 i; i < SIZE; ++i) {
            (p.indices[i], p.leaves[i]) = (2 * SIZE - 1 - i, t[2 * SIZE - 1 - i]);
        }
        assertEq(_root(p), t[1], "the whole tree");
    }

    function test_Root_TheRootItselfIsALeaf() public view {
        Proof memory p;
        p.indices = new uint256[](1);
        p.leaves = new bytes32[](1);
        (p.indices[0], p.leaves[0]) = (1, keccak256("root"));
        assertEq(_root(p), keccak256("root"), "index 1");
    }

    /// Generalized indices as deep as a validator's in a beacon block.
    function testFuzz_Root_OneDeepBranch(uint256 index, bytes32 leaf, uint256 seed) public view {
        uint256 depth = 51;
        index = bound(index, 1 << depth, (2 << depth) - 1);
        Proof memory p;
        p.indices = new uint256[](1);
        p.leaves = new bytes32[](1);
        (p.indices[0], p.leaves[0]) = (index, leaf);
        p.nodes = new bytes32[](depth);
        bytes32 value = leaf;
        for (uint256 i; i < depth; ++i) {
            p.nodes[i] = keccak256(abi.encode(seed, i));
            value = index >> i & 1 == 0
                ? sha256(abi.encodePacked(value, p.nodes[i]))
                : sha256(abi.encodePacked(p.nodes[i], value));
        }
        assertEq(_root(p), value, "branch");
    }

    // ------------------------------------------------------------ refused

    function testFuzz_Root_AnyFlippedBitOfANodeChangesTheRoot(uint256 seed, uint8 at, uint8 bit) public view {
        Proof memory p = _prove(seed, 6, 2);
        p.nodes[at % p.nodes.length] ^= bytes32(uint256(1) << bit);
        assertTrue(_root(p) != p.root, "flipped node");
    }

    function testFuzz_Root_AnyFlippedBitOfALeafChangesTheRoot(uint256 seed, uint8 at, uint8 bit) public view {
        Proof memory p = _prove(seed, 6, 2);
        p.leaves[at % p.leaves.length] ^= bytes32(uint256(1) << bit);
        assertTrue(_root(p) != p.root, "flipped leaf");
    }

    function testFuzz_Root_SwappedNodesChangeTheRoot(uint256 seed, uint8 a, uint8 b) public view {
        Proof memory p = _prove(seed, 4, 3);
        uint256 i = a % p.nodes.length;
        uint256 j = b % p.nodes.length;
        vm.assume(i != j);
        (p.nodes[i], p.nodes[j]) = (p.nodes[j], p.nodes[i]);
        assertTrue(_root(p) != p.root, "swapped nodes");
    }

    function testFuzz_Root_AnotherIndexChangesTheRootOrReverts(uint256 seed, uint8 at, uint16 index)
        public
        view
    {
        Proof memory p = _prove(seed, 5, 2);
        uint256 i = at % p.indices.length;
        uint256 other = bound(index, 1, 2 * SIZE - 1);
        vm.assume(other != p.indices[i]);
        p.indices[i] = other;
        try multiproof.root(p.indices, p.leaves, p.nodes) returns (bytes32 result) {
            assertTrue(result != p.root, "a leaf in another place");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == Multiproof.LeavesNotStrict.selector
                    || selector == Multiproof.ProofTooShort.selector
                    || selector == Multiproof.ProofTooLong.selector,
                "refused for its shape"
            );
        }
    }

    function testFuzz_RevertWhen_ANodeIsMissing(uint256 seed, uint8 at) public {
        Proof memory p = _prove(seed, 6, 2);
        uint256 n = p.nodes.length;
        for (uint256 i = at % n; i + 1 < n; ++i) {
            p.nodes[i] = p.nodes[i + 1];
        }
        bytes32[] memory nodes = p.nodes;
        assembly {
            mstore(nodes, sub(n, 1))
        }
        vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - 1));
        multiproof.root(p.indices, p.leaves, nodes);
    }

    function testFuzz_RevertWhen_ANodeIsLeftOver(uint256 seed, bytes32 extra) public {
        Proof memory p = _prove(seed, 6, 2);
        uint256 n = p.nodes.length;
        bytes32[] memory nodes = new bytes32[](n + 1);
        for (uint256 i; i < n; ++i) {
            nodes[i] = p.nodes[i];
        }
        nodes[n] = extra;
        vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooLong.selector, n + 1, n));
        multiproof.root(p.indices, p.leaves, nodes);
    }

    function testFuzz_RevertWhen_LeavesAreNotDescending(uint256 seed, uint8 at) public view {
        Proof memory p = _prove(seed, 12, 5);
        vm.assume(p.indices.length > 1);
        uint256 i = at % (p.indices.length - 1);
        (p.indices[i], p.indices[i + 1]) = (p.indices[i + 1], p.indices[i]);
        (p.leaves[i], p.leaves[i + 1]) = (p.leaves[i + 1], p.leaves[i]);
        _expectLeavesNotStrictOrShort(p);
    }

    function testFuzz_RevertWhen_ALeafIsRepeated(uint256 seed, uint8 at) public view {
        Proof memory p = _prove(seed, 5, 2);
        _expectLeavesNotStrictOrShort(_with(p, p.indices[at % p.indices.length], 0));
    }

    function testFuzz_RevertWhen_ALeafStandsAboveAnother(uint256 seed, uint8 at, uint8 up) public view {
        Proof memory p = _prove(seed, 5, 2);
        uint256 g = p.indices[at % p.indices.length];
        uint256 height = 1 + up % 10;
        while (g >> height == 0) --height;
        _expectLeavesNotStrictOrShort(_with(p, g >> height, keccak256("above")));
    }

    /// The same proof with one leaf more, in its place.
    function _with(Proof memory p, uint256 g, bytes32 leaf) private pure returns (Proof memory q) {
        uint256 n = p.indices.length;
        q.indices = new uint256[](n + 1);
        q.leaves = new bytes32[](n + 1);
        (q.root, q.nodes) = (p.root, p.nodes);
        uint256 k;
        for (uint256 i; i < n; ++i) {
            if (k == i && g >= p.indices[i]) (q.indices[k], q.leaves[k++]) = (g, leaf);
            (q.indices[k], q.leaves[k++]) = (p.indices[i], p.leaves[i]);
        }
        if (k == n) (q.indices[k], q.leaves[k]) = (g, leaf);
    }

    function _expectLeavesNotStrictOrShort(Proof memory p) private view {
        try multiproof.root(p.indices, p.leaves, p.nodes) {
            assertTrue(false, "accepted");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == Multiproof.LeavesNotStrict.selector
                    || selector == Multiproof.ProofTooShort.selector
                    || selector == Multiproof.ProofTooLong.selector,
                "refused for its shape"
            );
        }
    }

    // ------------------------------------------------------------ small trees, exact values

    function _small(uint256 a, uint256 b, uint256 nodes) private pure returns (Proof memory p) {
        p.indices = new uint256[](2);
        p.leaves = new bytes32[](2);
        (p.indices[0], p.indices[1]) = (a, b);
        (p.leaves[0], p.leaves[1]) = (keccak256("a"), keccak256("b"));
        p.nodes = new bytes32[](nodes);
    }

    function _expectNotStrict(Proof memory p, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(Multiproof.LeavesNotStrict.selector, index));
        multiproof.root(p.indices, p.leaves, p.nodes);
    }

    function test_RevertWhen_TheOrderOfTwoLeavesIsWrong() public {
        _expectNotStrict(_small(4, 7, 9), 7);
        _expectNotStrict(_small(6, 6, 9), 6);
        _expectNotStrict(_small(7, 7, 9), 7);
    }

    function test_RevertWhen_TheSecondLeafIsTheParentOfTheFirst() public {
        _expectNotStrict(_small(7, 3, 9), 3);
        _expectNotStrict(_small(4, 2, 9), 2);
        _expectNotStrict(_small(4, 1, 9), 1);
        _expectNotStrict(_small(2, 1, 9), 1);
    }

    function test_RevertWhen_ALeafStandsOnAComputedParentBesideItsSibling() public {
        // 12 and 13 make 6; leaf 6 is there too, and 7 looks for its sibling: found twice
        Proof memory p;
        p.indices = new uint256[](4);
        p.leaves = new bytes32[](4);
        (p.indices[0], p.indices[1], p.indices[2], p.indices[3]) = (13, 12, 7, 6);
        p.nodes = new bytes32[](1);
        _expectNotStrict(p, 7);
    }

    function test_RevertWhen_ThereIsNoLeafOrIndexZero() public {
        Proof memory p;
        _expectNotStrict(p, 0);
        _expectNotStrict(_small(0, 0, 0), 0);
    }

    function test_RevertWhen_TheRootComesBeforeAnotherLeaf() public {
        _expectNotStrict(_small(1, 1, 0), 1);
        _expectNotStrict(_small(1, 2, 9), 1);
    }

    function test_RevertWhen_NothingIsGivenForADeepLeaf() public {
        vm.expectRevert(abi.encodeWithSelector(Multiproof.ProofTooShort.selector, uint256(0)));
        this.deepLeafWithoutNodes();
    }

    function deepLeafWithoutNodes() external view {
        Proof memory p = _small(12, 5, 0);
        multiproof.root(p.indices, p.leaves, p.nodes);
    }
}
