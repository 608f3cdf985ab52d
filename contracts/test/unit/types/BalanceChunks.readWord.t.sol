// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalanceChunksHarness, SszHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

/// Against the plain way: bit by bit, balance by balance.
contract BalanceChunksReadWordTest is Test {
    BalanceChunksHarness private chunksOf = new BalanceChunksHarness();
    SszHarness private ssz = new SszHarness();

    function _check(uint256 members, uint256 word, uint256 seed, uint256 before) private view {
        uint256 n;
        for (uint256 c; c < 64; ++c) {
            if (members >> (c * 4) & 0xf != 0) ++n;
        }
        bytes32[] memory chunks = new bytes32[](n + before);
        uint256 expected;
        uint256 at = before;
        for (uint256 c; c < 64; ++c) {
            uint256 nibble = members >> (c * 4) & 0xf;
            if (nibble == 0) continue;
            chunks[at] = seed == 0 ? bytes32(type(uint256).max) : keccak256(abi.encode(seed, c));
            for (uint256 k; k < 4; ++k) {
                if (nibble >> k & 1 == 1) expected += ssz.balanceAt(chunks[at], k);
            }
            ++at;
        }
        _compare(chunks, members, word, expected, before);
    }

    function _compare(
        bytes32[] memory chunks,
        uint256 members,
        uint256 word,
        uint256 expected,
        uint256 before
    ) private view {
        (uint256 sum, uint256 left, uint256[] memory positions, bytes32[] memory values) =
            chunksOf.read(chunks, members, word);
        assertEq(sum, expected, "sum");
        assertEq(left, before, "chunks of other words are left");
        uint256 n = chunks.length;
        for (uint256 c = 64; c != 0;) {
            --c;
            if (members >> (c * 4) & 0xf == 0) continue;
            --n;
            assertEq(positions[chunks.length - 1 - n], word * 64 + c, "position");
            assertEq(values[chunks.length - 1 - n], chunks[n], "value");
        }
        assertEq(n, before, "one for each chunk");
    }

    function testFuzz_ReadWord_EqualsThePlainWay(uint256 members, uint32 word, uint256 seed) public view {
        vm.assume(members != 0);
        _check(members, word, seed, seed % 3);
    }

    /// Few members: what a scattered pool looks like.
    function testFuzz_ReadWord_SparseWords(uint8 a, uint8 b, uint8 c, uint256 seed) public view {
        _check(1 << a | 1 << b | 1 << c, 7, seed, 0);
    }

    function test_ReadWord_EveryMemberAloneAndAllTogether() public view {
        for (uint256 b; b < 256; ++b) {
            _check(1 << b, b, b + 1, 1);
        }
        _check(type(uint256).max, type(uint32).max, 0, 0); // largest balances: no lane overflows
    }
}
