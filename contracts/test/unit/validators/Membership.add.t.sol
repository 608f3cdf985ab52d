// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Membership } from "../../../src/validators/Membership.sol";
import { MembershipHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

contract MembershipAddTest is Test {
    MembershipHarness private set = new MembershipHarness();

    function test_Add_SetsTheBitOfItsWord() public {
        set.add(0);
        set.add(255);
        set.add(256);
        assertEq(set.word(0), 1 | 1 << 255, "first word");
        assertEq(set.word(1), 1, "second word");
        assertEq(set.count(), 3, "count");
        assertTrue(set.has(255), "has");
        assertFalse(set.has(254), "has not");
    }

    function test_RevertWhen_AlreadyMember() public {
        set.add(77);
        vm.expectRevert(abi.encodeWithSelector(Membership.AlreadyMember.selector, uint256(77)));
        set.add(77);
    }

    /// V5: count = popcount of all words.
    function testFuzz_Add_CountIsThePopcount(uint16[24] memory indices) public {
        uint256 distinct;
        for (uint256 i; i < 24; ++i) {
            uint256 index = indices[i] % 1024;
            if (set.has(index)) continue;
            set.add(index);
            ++distinct;
        }
        uint256 bits;
        for (uint256 w; w < 4; ++w) {
            for (uint256 x = set.word(w); x != 0; x &= x - 1) {
                ++bits;
            }
        }
        assertEq(bits, distinct, "popcount");
        assertEq(set.count(), distinct, "count");
    }
}
