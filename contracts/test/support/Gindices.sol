// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Arithmetic of generalized indices, as plain as the specification has it.
library Gindices {
    function under(uint256 g, uint256 top) internal pure returns (bool) {
        while (g > top) {
            g >>= 1;
        }
        return g == top;
    }

    function log2(uint256 g) internal pure returns (uint256 n) {
        while (g > 1) {
            g >>= 1;
            ++n;
        }
    }

    /// get_helper_indices of consensus-specs ssz/merkle-proofs.md: all siblings of the leaves' paths that are not on
    /// a path themselves.
    function helpers(uint256[] memory leaves) internal pure returns (uint256[] memory) {
        uint256[] memory known = new uint256[](leaves.length * 60);
        uint256 n;
        for (uint256 i; i < leaves.length; ++i) {
            for (uint256 g = leaves[i]; g > 1; g >>= 1) {
                if (contains(known, n, g)) break;
                known[n++] = g;
            }
        }
        uint256[] memory found = new uint256[](n);
        uint256 m;
        for (uint256 i; i < n; ++i) {
            if (!contains(known, n, known[i] ^ 1)) found[m++] = known[i] ^ 1;
        }
        for (uint256 i = 1; i < m; ++i) {
            for (uint256 j = i; j > 0 && found[j] > found[j - 1]; --j) {
                (found[j], found[j - 1]) = (found[j - 1], found[j]);
            }
        }
        assembly {
            mstore(found, m)
        }
        return found;
    }

    function contains(uint256[] memory set, uint256 n, uint256 value) internal pure returns (bool) {
        for (uint256 i; i < n; ++i) {
            if (set[i] == value) return true;
        }
        return false;
    }

    /// Sorts, in place.
    function descending(uint256[] memory g) internal pure returns (uint256[] memory) {
        for (uint256 i = 1; i < g.length; ++i) {
            for (uint256 j = i; j > 0 && g[j] > g[j - 1]; --j) {
                (g[j], g[j - 1]) = (g[j - 1], g[j]);
            }
        }
        return g;
    }
}
