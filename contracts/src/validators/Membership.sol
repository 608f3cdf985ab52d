// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The set of validators every checkpoint must cover: a bitmap over validator indices, with its count.
/// @dev V5: the count is the popcount of all words.
library Membership {
    struct Set {
        mapping(uint256 word => uint256 bits) words;
        uint32 count;
    }

    error AlreadyMember(uint256 index);

    function add(Set storage self, uint256 index) internal {
        uint256 bit = 1 << (index & 0xff);
        uint256 bits = self.words[index >> 8];
        if (bits & bit != 0) revert AlreadyMember(index);
        self.words[index >> 8] = bits | bit;
        ++self.count;
    }

    function has(Set storage self, uint256 index) internal view returns (bool) {
        return self.words[index >> 8] >> (index & 0xff) & 1 != 0;
    }
}
