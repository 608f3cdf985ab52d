// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice First-in-first-out line of wishes for pool ether: one open ticket an operator. Tickets are numbered from 1
/// on; those up to `head` are served.
library FundingTickets {
    /// @param index Validator index.
    struct Ticket {
        uint40 index;
        uint32 operatorId;
    }

    struct Line {
        uint72[] packed; // index and operator, three tickets a slot
        uint64 head;
        mapping(uint32 operatorId => uint64 number) newest; // open while above `head`
    }

    error TicketOpen(uint32 operatorId, uint64 number);
    error NoTicket();

    function push(Line storage self, Ticket memory ticket) internal returns (uint64 number) {
        if (isOpen(self, ticket.operatorId)) {
            revert TicketOpen(ticket.operatorId, self.newest[ticket.operatorId]);
        }
        self.packed.push(uint72(ticket.index) << 32 | ticket.operatorId);
        // a ticket costs gas: there will never be 2^64 of them
        number = uint64(self.packed.length);
        self.newest[ticket.operatorId] = number;
    }

    /// @return ticket The one to be served next.
    function front(Line storage self) internal view returns (Ticket memory ticket) {
        if (isEmpty(self)) revert NoTicket();
        uint72 packed = self.packed[self.head];
        // 40 bits of index stand above 32 bits of operator
        ticket = Ticket(uint40(packed >> 32), uint32(packed));
    }

    function pop(Line storage self) internal {
        if (isEmpty(self)) revert NoTicket();
        ++self.head;
    }

    function isOpen(Line storage self, uint32 operatorId) internal view returns (bool) {
        return self.newest[operatorId] > self.head;
    }

    function isEmpty(Line storage self) internal view returns (bool) {
        return self.head == self.packed.length;
    }
}
