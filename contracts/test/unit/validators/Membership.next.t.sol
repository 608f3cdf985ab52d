// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Membership } from "../../../src/validators/Membership.sol";
import { MembershipHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

/// add, remove, next.
contract MembershipNextTest is Test {
    MembershipHarness private set = new MembershipHarness();
    uint256 private constant GROUP = 65_536; // validators
    uint256 private constant LAST = 2 ** 40 - 1;

    function test_Add_SetsTheBitOfItsWordAndOfItsGroup() public {
        set.add(0);
        set.add(255);
        set.add(256);
        set.add(GROUP + 512);
        assertEq(set.word(0), 1 | 1 << 255, "first word");
        assertEq(set.word(1), 1, "second word");
        assertEq(set.group(0), 3, "two words of the first group");
        assertEq(set.group(1), 4, "the third word of the second");
        assertEq(set.count(), 4, "count");
        assertTrue(set.has(255), "has");
        assertFalse(set.has(254), "has not");
        assertFalse(set.has(LAST), "nor far away");
    }

    function test_Remove_ClearsTheGroupWithTheLastOfItsWord() public {
        set.add(300);
        set.add(301);
        set.remove(300);
        assertEq(set.word(1), 1 << 45, "one is left");
        assertEq(set.group(0), 2, "the word is not empty");
        assertEq(set.count(), 1, "count");
        set.remove(301);
        assertEq(set.word(1), 0, "none");
        assertEq(set.group(0), 0, "nor in the group");
        assertEq(set.count(), 0, "count");
        set.add(300);
        assertTrue(set.has(300), "may come back");
        assertEq(set.group(0), 2, "and is found");
    }

    function test_RevertWhen_AlreadyMember() public {
        set.add(77);
        vm.expectRevert(abi.encodeWithSelector(Membership.AlreadyMember.selector, uint256(77)));
        set.add(77);
    }

    function test_RevertWhen_RemovedIsNotMember() public {
        set.add(77);
        vm.expectRevert(abi.encodeWithSelector(Membership.NotMember.selector, uint256(78)));
        set.remove(78);
        set.remove(77);
        vm.expectRevert(abi.encodeWithSelector(Membership.NotMember.selector, uint256(77)));
        set.remove(77);
    }

    function test_RevertWhen_NextOfNone() public {
        vm.expectRevert(abi.encodeWithSelector(Membership.NotMember.selector, uint256(9)));
        set.next(9);
        set.add(4);
        set.remove(4);
        vm.expectRevert(abi.encodeWithSelector(Membership.NotMember.selector, uint256(4)));
        set.next(4);
    }

    function test_Next_CrossesWordsAndGroups() public {
        uint256[7] memory indices = [uint256(0), 255, 256, GROUP - 1, GROUP, 3 * GROUP + 4464, 5 * GROUP - 1];
        for (uint256 i; i < 7; ++i) {
            set.add(indices[i]);
        }
        for (uint256 i; i < 7; ++i) {
            uint256 after_ = indices[(i + 1) % 7];
            assertEq(set.next(indices[i]), indices[i], "a member is its own next");
            assertEq(set.next(indices[i] + 1), after_, "the one after it, around the end");
        }
        assertEq(set.next(LAST), 0, "around from the far end");
    }

    function test_Next_OfOneIsAlwaysThatOne() public {
        uint256[5] memory at = [uint256(0), 255, 256, GROUP + 3, LAST / 100_000];
        for (uint256 i; i < 5; ++i) {
            set.add(at[i]);
            assertEq(set.next(at[i]), at[i], "from itself");
            assertEq(set.next(at[i] + 1), at[i], "from behind it");
            assertEq(set.next(0), at[i], "from the start");
            assertEq(set.next(LAST), at[i], "from the end");
            set.remove(at[i]);
        }
    }

    function test_Next_PassesOverEmptiedGroups() public {
        set.add(9 * GROUP);
        set.add(2 * GROUP + 1);
        set.add(7);
        set.remove(9 * GROUP);
        assertEq(set.next(2 * GROUP + 2), 7, "around, through groups that hold nothing any more");
        set.remove(7);
        assertEq(set.next(2 * GROUP + 2), 2 * GROUP + 1, "around to the only one left");
    }

    /// V5: count = popcount of all words; has and next against a naive list.
    function testFuzz_AddRemoveNext_AgreeWithANaiveList(uint40[30] memory seeds, uint40[8] memory froms)
        public
    {
        uint256[] memory list = new uint256[](30);
        uint256 count;
        for (uint256 i; i < 30; ++i) {
            uint256 index = _near(seeds[i]);
            uint256 at = _find(list, count, index);
            if (at == count) {
                set.add(index);
                list[count++] = index;
            } else {
                set.remove(index);
                list[at] = list[--count];
            }
        }
        assertEq(set.count(), count, "count");
        uint256 bits;
        for (uint256 g; g < 4; ++g) {
            for (uint256 w; w < 3; ++w) {
                bits += _popcount(set.word(g * 256 + _wordOf(w)));
            }
        }
        assertEq(bits, count, "popcount");
        for (uint256 i; i < 8 && count != 0; ++i) {
            uint256 from = i < 4 ? _near(froms[i]) : froms[i];
            assertEq(set.has(from), _find(list, count, from) != count, "has");
            assertEq(set.next(from), _naiveNext(list, count, from), "next");
        }
    }

    /// Few words, so that indices meet: words 0, 1 and 255 of four groups, eight bits of each.
    function _near(uint256 seed) private pure returns (uint256) {
        uint256 word = (seed % 4) * 256 + _wordOf(seed / 4 % 3);
        uint256 bit = seed / 12 % 8;
        return word * 256 + (bit < 4 ? bit : 248 + bit);
    }

    function _wordOf(uint256 w) private pure returns (uint256) {
        return w == 2 ? 255 : w;
    }

    function _find(uint256[] memory list, uint256 count, uint256 index) private pure returns (uint256 at) {
        while (at < count && list[at] != index) ++at;
    }

    function _naiveNext(uint256[] memory list, uint256 count, uint256 from) private pure returns (uint256) {
        uint256 least = type(uint256).max;
        uint256 next = type(uint256).max;
        for (uint256 i; i < count; ++i) {
            if (list[i] < least) least = list[i];
            if (list[i] >= from && list[i] < next) next = list[i];
        }
        return next == type(uint256).max ? least : next;
    }

    function _popcount(uint256 x) private pure returns (uint256 bits) {
        for (; x != 0; x &= x - 1) {
            ++bits;
        }
    }
}
