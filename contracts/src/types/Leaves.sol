// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "./Multiproof.sol";

/// @notice The leaves of one multiproof in the making, kept in descending order of their generalized index whatever the
/// order they are added in: that of fields of different depths changes from fork to fork.
library Leaves {
    struct List {
        uint256[] indices;
        bytes32[] values;
        uint256 count;
    }

    /// @param most Leaves it has room for.
    function withRoom(uint256 most) internal pure returns (List memory list) {
        list.indices = new uint256[](most);
        list.values = new bytes32[](most);
    }

    /// @dev Cheap where leaves come in descending order, or nearly so.
    function add(List memory self, uint256 index, bytes32 value) internal pure {
        uint256 i = self.count++;
        for (; i != 0 && self.indices[i - 1] < index; --i) {
            (self.indices[i], self.values[i]) = (self.indices[i - 1], self.values[i - 1]);
        }
        (self.indices[i], self.values[i]) = (index, value);
    }

    /// @return The root they and the missing siblings hash up to; errors of {Multiproof}.
    function root(List memory self, bytes32[] calldata nodes) internal view returns (bytes32) {
        (uint256[] memory indices, bytes32[] memory values, uint256 count) =
            (self.indices, self.values, self.count);
        // memory-safe: `count` places at most were filled, so neither array grows
        assembly ("memory-safe") {
            mstore(indices, count)
            mstore(values, count)
        }
        return Multiproof.root(indices, values, nodes);
    }
}
