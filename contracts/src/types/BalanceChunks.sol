// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { LibBit } from "solady/utils/LibBit.sol";

/// @notice Reads the chunks of a balances list (four little-endian uint64 of gwei each) that a word of the membership
/// bitmap names, and adds up the members' balances.
library BalanceChunks {
    /// @param chunkAt Calldata offset right behind the next chunk: the list is read from its end.
    /// @param write Memory offset that takes the next chunk's position; its value goes to `gap` behind it.
    /// @param lanes Two sums of 128 bits side by side, each of fewer than 2^39 balances below 2^64: neither can overflow.
    /// @param count Members read so far.
    struct Reader {
        uint256 chunkAt;
        uint256 write;
        uint256 gap;
        uint256 lanes;
        uint256 count;
    }

    uint256 private constant LANE = 1 << 128;

    /// @return The sum so far.
    function total(Reader memory self) internal pure returns (uint256) {
        return self.lanes / LANE + self.lanes % LANE;
    }

    /// @notice Walks one word from its highest member down. There must be room for all its chunks, or the caller must
    /// revert where `chunkAt` shows that there was not.
    /// @param members Bitmap of the word, not 0. Bit b stands for validator 256 * word + b.
    /// @param word Number of the word.
    function readWord(Reader memory self, uint256 members, uint256 word) internal pure {
        (uint256 chunkAt, uint256 written, uint256 gap, uint256 lanes) =
            (self.chunkAt, self.write, self.gap, self.lanes);
        // below 2^40 in all
        unchecked {
            self.count += LibBit.popCount(members);
        }
        // memory-safe while there is room, which the caller answers for. Calldata before the chunks may be read when
        // there are too few; the caller refuses that by `chunkAt`.
        assembly ("memory-safe") {
            let base := shl(6, word) // chunks a word
            let shift := 0
            let nibble := 0 // members in the chunk: bit k for its balance k
            for { } members { } {
                // nibbles next to each other are the common case; else find the highest one left (binary search)
                if iszero(nibble) {
                    shift := shl(7, lt(0xffffffffffffffffffffffffffffffff, members))
                    shift := or(shift, shl(6, lt(0xffffffffffffffff, shr(shift, members))))
                    shift := or(shift, shl(5, lt(0xffffffff, shr(shift, members))))
                    shift := or(shift, shl(4, lt(0xffff, shr(shift, members))))
                    shift := or(shift, shl(3, lt(0xff, shr(shift, members))))
                    shift := or(shift, shl(2, lt(0xf, shr(shift, members))))
                    nibble := shr(shift, members)
                }
                members := xor(members, shl(shift, nibble))
                chunkAt := sub(chunkAt, 0x20)
                let chunk := calldataload(chunkAt)
                mstore(written, add(base, shr(2, shift)))
                mstore(add(written, gap), chunk)
                written := add(written, 0x20)
                // keep the members' 64 bits: balance 0 stands on top
                if lt(nibble, 0xf) {
                    let low := or(shl(62, and(nibble, 4)), shr(3, nibble))
                    let high := or(shl(192, and(nibble, 1)), shl(127, and(nibble, 2)))
                    chunk := and(chunk, mul(or(high, low), 0xffffffffffffffff))
                }
                // reverse the bytes of all four at once: neighbours, pairs, halves
                let mask := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
                chunk := or(and(shr(8, chunk), mask), shl(8, and(chunk, mask)))
                mask := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
                chunk := or(and(shr(16, chunk), mask), shl(16, and(chunk, mask)))
                mask := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
                chunk := or(and(shr(32, chunk), mask), shl(32, and(chunk, mask)))
                // balances 1 and 3, then 0 and 2: one of each lane
                mask := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
                lanes := add(lanes, add(and(chunk, mask), and(shr(64, chunk), mask)))
                // the next nibble down; below shift 0 there are no members left and the loop ends
                shift := sub(shift, 4)
                nibble := shr(shift, members)
            }
        }
        (self.chunkAt, self.write, self.lanes) = (chunkAt, written, lanes);
    }
}
