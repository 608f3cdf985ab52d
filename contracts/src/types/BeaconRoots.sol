// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The EIP-4788 contract: a system contract without code paths of ours, which only reads its ring of roots.
library BeaconRoots {
    address internal constant ADDRESS = 0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02;

    /// @notice The contract holds no root for this time: it isn't a block's, or 8,191 blocks and more have passed.
    error BeaconRootUnavailable(uint256 timestamp);

    /// @return root Parent beacon block root of the block with this timestamp.
    function parentRoot(uint256 blockTime) internal view returns (bytes32 root) {
        address roots = ADDRESS;
        bool found;
        // scratch space only
        assembly ("memory-safe") {
            mstore(0x00, blockTime)
            found := staticcall(gas(), roots, 0x00, 0x20, 0x00, 0x20)
            found := and(found, eq(returndatasize(), 0x20))
            root := mload(0x00)
        }
        if (!found) revert BeaconRootUnavailable(blockTime);
    }
}
