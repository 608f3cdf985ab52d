// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "./Multiproof.sol";

/// @notice A strict Merkle multiproof of chunks of one SSZ list: all leaves at one depth. As strict as {Multiproof} and
/// with the same nodes in the same order, but several times cheaper: it goes up layer by layer, in place.
library ListMultiproof {
    /// @param positions Numbers of the chunks, strictly descending, each below 2 ** depth; and one place more than there
    /// are chunks, whose content does not matter. Written over.
    /// @param chunks One for each position, in the same order. Written over.
    /// @param depth Layers below the data root, at most 255.
    /// @param nodes Missing siblings in descending order of their generalized index.
    /// @return result The list's data root, without its length mixed in.
    function root(
        uint256[] memory positions,
        bytes32[] memory chunks,
        uint256 depth,
        bytes32[] calldata nodes
    ) internal view returns (bytes32 result) {
        uint256 count = chunks.length;
        _requireDescending(positions, count, depth);
        uint256 used;
        // memory-safe: only the scratch space and the elements of both arrays are written. A layer's parents are never
        // more than its nodes, so the place written to stays at or behind the one just read, and the mark that ends a
        // layer stands at place `count` at most, the spare one.
        assembly ("memory-safe") {
            let gap := sub(chunks, positions) // from a position to its value
            let first := add(positions, 0x20)
            let end := add(first, shl(5, count))
            let node := nodes.offset
            let hashed := 1
            for { } depth { depth := sub(depth, 1) } {
                // no position minus one equals it, so the last item never finds a sibling behind it
                mstore(end, not(0))
                let write := first
                for { let read := first } lt(read, end) { } {
                    let position := mload(read)
                    let value := mload(add(read, gap))
                    read := add(read, 0x20)
                    switch and(position, 1)
                    case 0 {
                        // a left item: its right sibling would have come just before it and taken it along
                        mstore(0x00, value)
                        // beyond the proof's end this reads other calldata or zeros: found out below, by the count
                        mstore(0x20, calldataload(node))
                        node := add(node, 0x20)
                    }
                    default {
                        mstore(0x20, value)
                        switch eq(mload(read), sub(position, 1))
                        case 0 {
                            mstore(0x00, calldataload(node))
                            node := add(node, 0x20)
                        }
                        default {
                            mstore(0x00, mload(add(read, gap)))
                            read := add(read, 0x20)
                        }
                    }
                    // the sha256 precompile fails only for want of gas: noted, and refused at the end
                    hashed := and(hashed, staticcall(gas(), 0x02, 0x00, 0x40, add(write, gap), 0x20))
                    mstore(write, shr(1, position))
                    write := add(write, 0x20)
                }
                end := write
            }
            if iszero(hashed) { revert(0, 0) }
            result := mload(add(first, gap))
            used := shr(5, sub(node, nodes.offset))
        }
        if (used > nodes.length) revert Multiproof.ProofTooShort(nodes.length);
        if (used < nodes.length) revert Multiproof.ProofTooLong(nodes.length, used);
    }

    /// @dev Strictly descending from below 2 ** depth: then no leaf is repeated, and one node is left at the top.
    function _requireDescending(uint256[] memory positions, uint256 count, uint256 depth) private pure {
        bool failed = count == 0;
        uint256 before = 1 << depth;
        // memory-safe: reads `count` elements of an array that has more
        assembly ("memory-safe") {
            let at := add(positions, 0x20)
            for { let end := add(at, shl(5, count)) } lt(at, end) { at := add(at, 0x20) } {
                let position := mload(at)
                failed := or(failed, iszero(lt(position, before)))
                before := position
                if failed { break }
            }
        }
        if (failed) revert Multiproof.LeavesNotStrict(before);
    }
}
