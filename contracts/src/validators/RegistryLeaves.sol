// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Leaves } from "../types/Leaves.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { IBeaconProofs } from "./IBeaconProofs.sol";

/// @notice The leaves of a state's per-validator lists (consensus-specs, phase0 and altair, "BeaconState").
library RegistryLeaves {
    using Leaves for Leaves.List;

    /// @dev Lists have room for 2^40 validators: 2^40 roots, 2^38 chunks of four balances, 2^35 of 32 flag bytes.
    uint256 internal constant VALIDATORS_DEPTH = 40;
    uint256 internal constant BALANCES_DEPTH = 38;
    uint256 internal constant PARTICIPATION_DEPTH = 35;
    uint256 internal constant BALANCES_PER_CHUNK = 4;
    uint256 internal constant FLAGS_PER_CHUNK = 32;

    /// @return Generalized index of a list's chunk: below its data root, the list's left child.
    function elementOf(uint256 list, uint256 depth, uint256 position) internal pure returns (uint256) {
        return (list * 2 << depth) + position;
    }

    /// @return Generalized index of a list's length: its right child.
    function lengthOf(uint256 list) internal pure returns (uint256) {
        return list * 2 + 1;
    }

    /// @notice Containers, and the list's length.
    /// @param list Generalized index of the validators list.
    /// @param indices At least one, strictly ascending, each below `validatorCount`; else this reverts.
    function addValidators(
        Leaves.List memory leaves,
        uint256 list,
        uint40[] calldata indices,
        Validator[] calldata validators,
        uint64 validatorCount
    ) internal view {
        uint256 count = indices.length;
        if (count == 0) revert IBeaconProofs.ProofEmpty();
        if (validators.length != count) revert IBeaconProofs.ProofLengthsDiffer(validators.length, count);
        for (uint256 i = count; i != 0;) {
            --i;
            uint256 index = indices[i];
            if (index >= validatorCount) revert IBeaconProofs.ValidatorIndexInvalid(index, validatorCount);
            if (i != 0 && index <= indices[i - 1]) revert IBeaconProofs.IndicesNotAscending(i);
            leaves.add(elementOf(list, VALIDATORS_DEPTH, index), Ssz.validatorRoot(validators[i]));
        }
        leaves.add(lengthOf(list), Ssz.leaf(validatorCount));
    }

    /// @notice The chunks of four balances that the indices, checked before, lie in.
    /// @return balancesGwei One for each index.
    function addBalances(
        Leaves.List memory leaves,
        uint256 list,
        uint40[] calldata indices,
        bytes32[] calldata chunks
    ) internal pure returns (uint64[] memory balancesGwei) {
        balancesGwei = new uint64[](indices.length);
        uint256[] memory at = _addChunks(leaves, list << BALANCES_DEPTH, BALANCES_PER_CHUNK, indices, chunks);
        for (uint256 i; i < at.length; ++i) {
            balancesGwei[i] = Ssz.balanceAt(chunks[at[i]], indices[i] % BALANCES_PER_CHUNK);
        }
    }

    /// @notice The chunks of 32 participation flags that the indices, checked before, lie in.
    /// @return flags One byte for each index.
    function addFlags(
        Leaves.List memory leaves,
        uint256 list,
        uint40[] calldata indices,
        bytes32[] calldata chunks
    ) internal pure returns (uint8[] memory flags) {
        flags = new uint8[](indices.length);
        uint256[] memory at =
            _addChunks(leaves, list << PARTICIPATION_DEPTH, FLAGS_PER_CHUNK, indices, chunks);
        for (uint256 i; i < at.length; ++i) {
            flags[i] = uint8(chunks[at[i]][indices[i] % FLAGS_PER_CHUNK]);
        }
    }

    /// @param row Generalized index of the list, moved down by the depth of its data.
    /// @return at For each index the number of its chunk.
    function _addChunks(
        Leaves.List memory leaves,
        uint256 row,
        uint256 perChunk,
        uint40[] calldata indices,
        bytes32[] calldata chunks
    ) private pure returns (uint256[] memory at) {
        at = new uint256[](indices.length);
        uint256 left = chunks.length;
        for (uint256 i = indices.length; i != 0;) {
            --i;
            uint256 position = indices[i] / perChunk;
            if (i + 1 == indices.length || position != indices[i + 1] / perChunk) {
                if (left == 0) revert IBeaconProofs.ProofLengthsDiffer(chunks.length, chunks.length + 1);
                --left;
                leaves.add(row * 2 + position, chunks[left]);
            }
            at[i] = left;
        }
        if (left != 0) revert IBeaconProofs.ProofLengthsDiffer(chunks.length, chunks.length - left);
    }
}
