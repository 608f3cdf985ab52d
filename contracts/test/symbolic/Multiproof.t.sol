// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../../src/types/Multiproof.sol";
import { Ssz } from "../../src/types/Ssz.sol";

/// The strictness of multiproofs, proven for every value of every leaf and every node (`npm run analyse -- halmos`), and for
/// every choice of generalized indices of a small tree. sha256 is a function that nothing is known of: what is proven is
/// which hashes are taken of what, so that another leaf or node under the same root would be a collision of sha256.
contract MultiproofLaws {
    /// A call of its own, so that a refusal has something to end.
    function root(uint256[] memory indices, bytes32[] memory leaves, bytes32[] calldata nodes)
        external
        view
        returns (bytes32)
    {
        return Multiproof.root(indices, leaves, nodes);
    }

    /// One leaf anywhere in a tree of depth 3: the root is the hash of exactly this leaf at its place, with one node a
    /// layer; one node fewer or more is refused.
    function check_OneLeaf_StandsAtItsPlace(bytes32 leaf, bytes32[4] calldata nodes) external view {
        for (uint256 i = 1; i < 16; ++i) {
            _tryAll(_list(i), _values(leaf, 0, 1), nodes);
        }
    }

    /// Two leaves with any two indices of a tree of depth 2, in any order, repeated or above one another too: accepted are
    /// strictly descending ones, neither above the other, with exactly the missing siblings, and the root is theirs.
    function check_TwoLeaves_AreStrict(bytes32 a, bytes32 b, bytes32[4] calldata nodes) external view {
        for (uint256 i; i < 8; ++i) {
            for (uint256 j; j < 8; ++j) {
                _tryAll(_list(i, j), _values(a, b, 2), nodes);
            }
        }
    }

    /// With 0 to 3 nodes: accepted if and only if the leaves are strict and the nodes as many as are missing.
    function _tryAll(uint256[] memory indices, bytes32[] memory leaves, bytes32[4] calldata nodes)
        private
        view
    {
        bool strict = _isStrict(indices);
        uint256 needed = strict ? _missing(indices, 1) : 0;
        for (uint256 count; count < 4; ++count) {
            bytes32[] memory given = new bytes32[](count);
            for (uint256 n; n < count; ++n) {
                given[n] = nodes[n];
            }
            try this.root(indices, leaves, given) returns (bytes32 result) {
                assert(strict && count == needed);
                assert(result == _expected(indices, leaves, given, 1));
            } catch {
                assert(!strict || count != needed);
            }
        }
    }

    /// Strictly descending, from 1 up, and no leaf above another.
    function _isStrict(uint256[] memory indices) private pure returns (bool) {
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] == 0) return false;
            if (i != 0 && indices[i] >= indices[i - 1]) return false;
            for (uint256 j; j < indices.length; ++j) {
                if (j != i && _isAbove(indices[i], indices[j])) return false;
            }
        }
        return true;
    }

    function _isAbove(uint256 ancestor, uint256 index) private pure returns (bool) {
        while (index > ancestor) index >>= 1;
        return index == ancestor;
    }

    /// How many siblings are missing below `at`: the tree's own definition, by recursion from the root.
    function _missing(uint256[] memory indices, uint256 at) private pure returns (uint256) {
        bool holds;
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] == at) return 0;
            holds = holds || _isAbove(at, indices[i]);
        }
        return holds ? _missing(indices, 2 * at) + _missing(indices, 2 * at + 1) : 1;
    }

    /// The node at `at` by recursion from the root. Missing nodes come from the proof, the largest index first.
    function _expected(uint256[] memory indices, bytes32[] memory leaves, bytes32[] memory nodes, uint256 at)
        private
        view
        returns (bytes32)
    {
        bool holds;
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] == at) return leaves[i];
            holds = holds || _isAbove(at, indices[i]);
        }
        if (!holds) return nodes[_rank(indices, at)];
        bytes32 left = _expected(indices, leaves, nodes, 2 * at);
        return Ssz.hashPair(left, _expected(indices, leaves, nodes, 2 * at + 1));
    }

    /// How many missing nodes have a larger index than `at`.
    function _rank(uint256[] memory indices, uint256 at) private pure returns (uint256 rank) {
        for (uint256 other = 15; other > at; --other) {
            if (_isMissing(indices, other)) ++rank;
        }
    }

    /// A node is missing if no leaf is at, below or above it, and one is below its parent.
    function _isMissing(uint256[] memory indices, uint256 at) private pure returns (bool) {
        bool needed;
        for (uint256 i; i < indices.length; ++i) {
            if (_isAbove(at, indices[i]) || _isAbove(indices[i], at)) return false;
            needed = needed || _isAbove(at >> 1, indices[i]);
        }
        return needed;
    }

    function _list(uint256 a) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = a;
    }

    function _list(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _values(bytes32 a, bytes32 b, uint256 count) private pure returns (bytes32[] memory list) {
        list = new bytes32[](count);
        list[0] = a;
        if (count == 2) list[1] = b;
    }
}
