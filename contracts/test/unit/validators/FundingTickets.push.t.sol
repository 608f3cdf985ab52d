// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FundingTickets } from "../../../src/validators/FundingTickets.sol";
import { FundingTicketsHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

contract FundingTicketsPushTest is Test {
    FundingTicketsHarness private line = new FundingTicketsHarness();

    function _ticket(uint32 operatorId) private pure returns (FundingTickets.Ticket memory) {
        return FundingTickets.Ticket(keccak256(abi.encode(operatorId)), operatorId, 32e9 + operatorId);
    }

    function test_Push_FirstInFirstOut() public {
        assertEq(line.push(_ticket(5)), 1, "from 1 on");
        assertEq(line.push(_ticket(3)), 2, "next");
        assertEq(line.front().operatorId, 5, "first");
        assertEq(line.openOf(3), 2, "open");
        line.pop();
        assertEq(line.openOf(5), 0, "closed");
        assertEq(line.front().operatorId, 3, "second");
        assertEq(line.front().targetGwei, 32e9 + 3, "its target");
        assertEq(line.front().pubkeyRoot, keccak256(abi.encode(uint32(3))), "its key");
        assertEq(line.push(_ticket(5)), 3, "again, at the back");
    }

    function test_RevertWhen_TheLineIsEmpty() public {
        bytes memory none = abi.encodeWithSelector(FundingTickets.NoTicket.selector);
        vm.expectRevert(none);
        line.front();
        line.push(_ticket(1));
        line.pop();
        vm.expectRevert(none);
        line.front();
    }

    function test_RevertWhen_TheOperatorHasOneOpen() public {
        line.push(_ticket(4));
        line.push(_ticket(9));
        vm.expectRevert(abi.encodeWithSelector(FundingTickets.TicketOpen.selector, uint32(9), uint64(2)));
        line.push(_ticket(9));
    }

    function testFuzz_Push_OrderIsKept(uint32[12] memory operators, uint256 pops) public {
        uint32[] memory waiting = new uint32[](24);
        uint256 head;
        uint256 tail;
        for (uint256 i; i < 12; ++i) {
            uint32 id = 1 + operators[i] % 20;
            if (line.openOf(id) == 0) {
                line.push(_ticket(id));
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
    }
}
