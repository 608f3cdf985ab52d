// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { LibBit } from "solady/utils/LibBit.sol";

/// @notice The set of validators every checkpoint must cover: a bitmap over validator indices, with its count, and
/// above it one bit for each word that is not empty, so that the next member is found in a few reads.
/// @dev V5: the count is the popcount of all words.
library Membership {
    struct Set {
        mapping(uint256 word => uint256 bits) words;
        mapping(uint256 group => uint256 bits) groups; // bit w of group g: word 256g + w is not empty
        uint32 count;
        uint32 lastGroup; // the highest that ever held a member
    }

    error AlreadyMember(uint256 index);
    error NotMember(uint256 index);

    /// @param index Validator index, below 2^40.
    function add(Set storage self, uint256 index) internal {
        uint256 word = index >> 8;
        uint256 bits = self.words[word];
        uint256 bit = 1 << (index & 0xff);
        if (bits & bit != 0) revert AlreadyMember(index);
        self.words[word] = bits | bit;
        if (bits == 0) {
            self.groups[word >> 8] |= 1 << (word & 0xff);
            // an index below 2^40 has a group below 2^24
            if (word >> 8 > self.lastGroup) self.lastGroup = uint32(word >> 8);
        }
        ++self.count;
    }

    function remove(Set storage self, uint256 index) internal {
        uint256 word = index >> 8;
        uint256 bits = self.words[word];
        uint256 bit = 1 << (index & 0xff);
        if (bits & bit == 0) revert NotMember(index);
        self.words[word] = bits ^ bit;
        if (bits == bit) self.groups[word >> 8] ^= 1 << (word & 0xff);
        --self.count;
    }

    function has(Set storage self, uint256 index) internal view returns (bool) {
        return self.words[index >> 8] >> (index & 0xff) & 1 != 0;
    }

    /// @notice The first member at or after `from`, going on at index 0 after the last.
    /// @dev Reads one group for every 65,536 validators of the registry at most.
    /// @return index Validator index. Reverts if there is no member.
    function next(Set storage self, uint256 from) internal view returns (uint256 index) {
        if (self.count == 0) revert NotMember(from);
        uint256 rest = self.words[from >> 8] >> (from & 0xff);
        if (rest != 0) return from + LibBit.ffs(rest);
        uint256 word = (from >> 8) + 1;
        uint256 last = self.lastGroup;
        uint256 group = word >> 8;
        if (group <= last) {
            rest = self.groups[group] >> (word & 0xff) << (word & 0xff);
            while (rest == 0 && group < last) {
                rest = self.groups[++group];
            }
        }
        if (rest == 0) {
            // around: some group holds a member, for the count is not 0
            group = 0;
            rest = self.groups[0];
            while (rest == 0) {
                rest = self.groups[++group];
            }
        }
        word = group << 8 | LibBit.ffs(rest);
        return word << 8 | LibBit.ffs(self.words[word]);
    }
}
