// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FundingTickets } from "../../../src/validators/FundingTickets.sol";
import { FundingTicketsHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

/// push, front, pop.
contract FundingTicketsPushTest is Test {
    FundingTicketsHarness private line = new FundingTicketsHarness();

    function _ticket(uint32 operatorId) private pure returns (FundingTickets.Ticket memory) {
        return FundingTickets.Ticket(uint40(uint256(keccak256(abi.encode(operatorId)))), operatorId);
    }

    function test_Push_FirstInFirstOut() public {
        assertTrue(line.isEmpty(), "empty");
        assertEq(line.push(_ticket(5)), 1, "from 1 on");
        assertEq(line.push(_ticket(3)), 2, "next");
        assertFalse(line.isEmpty(), "not empty");
        assertEq(line.front().operatorId, 5, "first");
        assertEq(line.front().index, _ticket(5).index, "its validator");
        assertTrue(line.isOpen(3), "open");
        line.pop();
        assertEq(line.head(), 1, "served");
        assertFalse(line.isOpen(5), "closed");
        assertTrue(line.isOpen(3), "still open");
        assertEq(line.front().operatorId, 3, "second");
        assertEq(line.push(_ticket(5)), 3, "again, at the back");
        line.pop();
        line.pop();
        assertTrue(line.isEmpty(), "empty again");
        assertFalse(line.isOpen(5), "closed again");
    }

    /// Packed three a slot: extremes of one do not spill into its neighbours.
    function test_Push_PacksThreeASlot() public {
        FundingTickets.Ticket[7] memory tickets;
        for (uint32 i; i < 7; ++i) {
            tickets[i] = i % 2 == 0
                ? FundingTickets.Ticket(type(uint40).max, type(uint32).max - i)
                : FundingTickets.Ticket(0, i);
            line.push(tickets[i]);
        }
        assertEq(uint256(vm.load(address(line), 0)), 7, "length of the array");
        uint256 data = uint256(keccak256(abi.encode(0)));
        for (uint256 s; s < 3; ++s) {
            assertTrue(vm.load(address(line), bytes32(data + s)) != 0, "three slots are used");
        }
        assertEq(vm.load(address(line), bytes32(data + 3)), 0, "and no fourth");
        for (uint256 i; i < 7; ++i) {
            FundingTickets.Ticket memory t = line.front();
            assertEq(t.index, tickets[i].index, "index");
            assertEq(t.operatorId, tickets[i].operatorId, "operator");
            line.pop();
        }
    }

    function test_RevertWhen_TheLineIsEmpty() public {
        bytes memory none = abi.encodeWithSelector(FundingTickets.NoTicket.selector);
        vm.expectRevert(none);
        line.front();
        vm.expectRevert(none);
        line.pop();
        line.push(_ticket(1));
        line.pop();
        vm.expectRevert(none);
        line.front();
        vm.expectRevert(none);
        line.pop();
    }

    function test_RevertWhen_TheOperatorHasOneOpen() public {
        line.push(_ticket(4));
        line.push(_ticket(9));
        vm.expectRevert(abi.encodeWithSelector(FundingTickets.TicketOpen.selector, uint32(9), uint64(2)));
        line.push(FundingTickets.Ticket(1, 9));
        line.pop();
        vm.expectRevert(abi.encodeWithSelector(FundingTickets.TicketOpen.selector, uint32(9), uint64(2)));
        line.push(_ticket(9));
        line.pop();
        assertEq(line.push(_ticket(9)), 3, "once it is served");
    }

    function testFuzz_Push_OrderIsKept(uint32[20] memory operators, uint256 pops) public {
        uint32[] memory waiting = new uint32[](20);
        uint256 head;
        uint256 tail;
        for (uint256 i; i < 20; ++i) {
            uint32 id = 1 + operators[i] % 8;
            bool open;
            for (uint256 j = head; j < tail; ++j) {
                open = open || waiting[j] == id;
            }
            assertEq(line.isOpen(id), open, "one open ticket an operator");
            if (!open) {
                assertEq(line.push(_ticket(id)), tail + 1, "number");
                waiting[tail++] = id;
            }
            if (pops >> i & 1 == 1 && head < tail) {
                assertEq(line.front().operatorId, waiting[head], "front");
                line.pop();
                ++head;
            }
        }
        for (; head < tail; ++head) {
            assertEq(line.front().operatorId, waiting[head], "front");
            line.pop();
        }
        assertTrue(line.isEmpty(), "all served");
    }
}
