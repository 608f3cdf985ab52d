// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz } from "./Ssz.sol";

/// @notice The ordinary Merkle branch of one leaf (consensus-specs, ssz/merkle-proofs.md, `calculate_merkle_root`).
library SingleProof {
    /// @notice A branch has exactly as many nodes as its leaf is deep: another length would prove another depth.
    error BranchLengthWrong(uint256 given, uint256 needed);
    /// @notice No leaf has this generalized index.
    error BranchIndexZero();

    /// @param index Generalized index of the leaf, at least 1.
    /// @param branch Siblings from the leaf's up to the root's child.
    /// @return result The root they hash up to.
    function root(uint256 index, bytes32 leaf, bytes32[] calldata branch)
        internal
        view
        returns (bytes32 result)
    {
        if (index == 0) revert BranchIndexZero();
        uint256 depth;
        for (uint256 rest = index; rest != 1; rest >>= 1) {
            ++depth;
        }
        if (branch.length != depth) revert BranchLengthWrong(branch.length, depth);
        result = leaf;
        for (uint256 i; i < depth; ++i) {
            result = index >> i & 1 == 0 ? Ssz.hashPair(result, branch[i]) : Ssz.hashPair(branch[i], result);
        }
    }
}
