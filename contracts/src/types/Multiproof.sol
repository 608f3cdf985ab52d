// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice A strict Merkle multiproof over SSZ generalized indices.
///
/// Leaves come in strictly descending order of their generalized index and none may lie above another. `nodes` are
/// exactly the missing siblings, also in descending order (`get_helper_indices` of consensus-specs
/// ssz/merkle-proofs.md). Nothing in a proof says where a node belongs: its place follows from the leaves'
/// indices alone, so there is one valid proof for a set of leaves and no freedom to bend it.
library Multiproof {
    /// @notice The leaf or parent at generalized index `index` is out of order, repeated, or above another leaf.
    error LeavesNotStrict(uint256 index);
    /// @notice The proof holds fewer siblings (`nodes`) than the leaves need.
    error ProofTooShort(uint256 nodes);
    /// @notice The proof holds siblings that nothing needs.
    error ProofTooLong(uint256 nodes, uint256 used);

    /// @param indices Generalized indices of the leaves, strictly descending, each at least 1.
    /// @param leaves The leaves, one for each index.
    /// @param nodes Missing siblings in descending order of their generalized index.
    /// @return result The root they hash up to.
    function root(uint256[] memory indices, bytes32[] memory leaves, bytes32[] calldata nodes)
        internal
        view
        returns (bytes32 result)
    {
        uint256 used;
        uint256 index;
        uint256 failure; // 1: not strict, 2: too short
        assembly ("memory-safe") {
            // Two queues, both descending: the leaves, and the parents computed so far. Each step takes the larger
            // front, so siblings meet. Every parent alive stands for at least one leaf taken, so a ring with one
            // place (index, value) a leaf is large enough.
            let indexAt := add(indices, 0x20)
            let leavesEnd := add(indexAt, shl(5, mload(indices)))
            // work area: end of the ring · index taken last · distance from an index to its leaf · the ring
            let work := mload(0x40)
            let head := add(work, 0x60)
            let tail := head
            let alive := 0
            mstore(work, add(head, shl(6, mload(indices))))
            mstore(add(work, 0x20), not(0))
            mstore(add(work, 0x40), sub(leaves, indices))

            for { } 1 { } {
                index := 0
                if lt(indexAt, leavesEnd) { index := mload(indexAt) }
                switch and(gt(alive, 0), gt(mload(head), index))
                case 1 {
                    index := mload(head)
                    result := mload(add(head, 0x20))
                    head := add(head, 0x40)
                    if eq(head, mload(work)) { head := add(work, 0x60) }
                    alive := sub(alive, 1)
                }
                default {
                    result := mload(add(indexAt, mload(add(work, 0x40))))
                    indexAt := add(indexAt, 0x20)
                }
                // must descend: a repeated or unsorted leaf, or one that a computed parent falls on, does not;
                // index 0 means that there was no leaf, or one with an impossible index
                if or(iszero(lt(index, mload(add(work, 0x20)))), iszero(index)) {
                    failure := 1
                    break
                }
                mstore(add(work, 0x20), index)
                if eq(index, 1) {
                    // the root is the last thing left
                    if or(lt(indexAt, leavesEnd), alive) { failure := 1 }
                    break
                }

                // the sibling is the next item if that has the index, else the next node of the proof;
                // in a descending walk only a right node (odd) can have its sibling ahead
                let other
                let found := 0
                if and(index, 1) {
                    if alive {
                        if eq(mload(head), sub(index, 1)) {
                            found := 1
                            other := mload(add(head, 0x20))
                            head := add(head, 0x40)
                            if eq(head, mload(work)) { head := add(work, 0x60) }
                            alive := sub(alive, 1)
                        }
                    }
                    if lt(indexAt, leavesEnd) {
                        if eq(mload(indexAt), sub(index, 1)) {
                            if found {
                                // a leaf stands on a computed parent
                                failure := 1
                                break
                            }
                            found := 1
                            other := mload(add(indexAt, mload(add(work, 0x40))))
                            indexAt := add(indexAt, 0x20)
                        }
                    }
                    if found { mstore(add(work, 0x20), sub(index, 1)) }
                }
                if iszero(found) {
                    if iszero(lt(used, nodes.length)) {
                        failure := 2
                        break
                    }
                    other := calldataload(add(nodes.offset, shl(5, used)))
                    used := add(used, 1)
                }

                // left ‖ right into scratch space
                mstore(shl(5, and(index, 1)), result)
                mstore(shl(5, iszero(and(index, 1))), other)
                // the sha256 precompile fails only for want of gas
                if iszero(staticcall(gas(), 0x02, 0x00, 0x40, add(tail, 0x20), 0x20)) {
                    revert(0, 0)
                }
                mstore(tail, shr(1, index))
                tail := add(tail, 0x40)
                if eq(tail, mload(work)) { tail := add(work, 0x60) }
                alive := add(alive, 1)
            }
        }
        if (failure == 1) revert LeavesNotStrict(index);
        if (failure == 2) revert ProofTooShort(nodes.length);
        if (used != nodes.length) revert ProofTooLong(nodes.length, used);
    }
}
