// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ListMultiproof } from "../types/ListMultiproof.sol";
import { Multiproof } from "../types/Multiproof.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { IBeaconProofs } from "./IBeaconProofs.sol";
import { ContainersProof, PendingDeposit, PendingProof } from "./IDepositsInFlight.sol";
import { RegistryLeaves } from "./RegistryLeaves.sol";

/// @notice Elements of two lists of a state, against the lists' own roots, which were proven before.
library StateLists {
    /// @dev PENDING_DEPOSITS_LIMIT = 2^27 (consensus-specs, electra/beacon-chain.md).
    uint256 internal constant PENDING_DEPOSITS_DEPTH = 27;

    /// @notice Reverts unless the proof's elements are where they say in the list, and it has that length.
    function requirePending(PendingProof calldata proof, bytes32 listRoot) internal view {
        uint256 count = proof.positions.length;
        if (proof.elements.length != count) {
            revert IBeaconProofs.ProofLengthsDiffer(proof.elements.length, count);
        }
        uint256[] memory positions = new uint256[](count + 1);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            positions[count - 1 - i] = proof.positions[i];
            leaves[count - 1 - i] = _elementRoot(proof.elements[i]);
        }
        if (count != 0 && positions[0] >= proof.length) {
            revert IBeaconProofs.ValidatorIndexInvalid(positions[0], proof.length);
        }
        _requireList(positions, leaves, PENDING_DEPOSITS_DEPTH, proof.nodes, proof.length, listRoot);
    }

    /// @notice Reverts unless the proof's validators are where they say in the registry.
    function requireContainers(ContainersProof calldata proof, bytes32 listRoot) internal view {
        uint256 count = proof.indices.length;
        if (count == 0) revert IBeaconProofs.ProofEmpty();
        if (proof.validators.length != count) {
            revert IBeaconProofs.ProofLengthsDiffer(proof.validators.length, count);
        }
        uint256[] memory positions = new uint256[](count + 1);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            positions[count - 1 - i] = proof.indices[i];
            leaves[count - 1 - i] = Ssz.validatorRoot(proof.validators[i]);
        }
        if (positions[0] >= proof.length) {
            revert IBeaconProofs.ValidatorIndexInvalid(positions[0], proof.length);
        }
        _requireList(positions, leaves, RegistryLeaves.VALIDATORS_DEPTH, proof.nodes, proof.length, listRoot);
    }

    /// @return position Of the validator among the proof's.
    function find(ContainersProof calldata proof, uint40 index) internal pure returns (uint256 position) {
        // ascending, as the multiproof has checked
        uint256 end = proof.indices.length;
        while (position < end) {
            uint256 middle = (position + end) / 2;
            if (proof.indices[middle] < index) position = middle + 1;
            else end = middle;
        }
        return position;
    }

    /// @dev Without leaves the one node is the data root: what is shown is the length.
    function _requireList(
        uint256[] memory positions,
        bytes32[] memory leaves,
        uint256 depth,
        bytes32[] calldata nodes,
        uint64 length,
        bytes32 listRoot
    ) private view {
        bytes32 data;
        if (leaves.length != 0) data = ListMultiproof.root(positions, leaves, depth, nodes);
        else if (nodes.length == 1) data = nodes[0];
        else if (nodes.length == 0) revert Multiproof.ProofTooShort(0);
        else revert Multiproof.ProofTooLong(nodes.length, 1);
        bytes32 computed = Ssz.hashPair(data, Ssz.leaf(length));
        if (computed != listRoot) revert IBeaconProofs.ProofRootMismatch(listRoot, computed);
    }

    /// @return Hash tree root of a PendingDeposit: five fields, eight leaves.
    function _elementRoot(PendingDeposit calldata d) private view returns (bytes32) {
        bytes32 left = Ssz.hashPair(
            Ssz.hashPair(d.pubkeyRoot, d.withdrawalCredentials),
            Ssz.hashPair(Ssz.leaf(d.amountGwei), d.signatureRoot)
        );
        // two pairs of absent fields: the root of two zero leaves
        bytes32 right = Ssz.hashPair(Ssz.hashPair(Ssz.leaf(d.slot), 0), Ssz.hashPair(0, 0));
        return Ssz.hashPair(left, right);
    }
}
