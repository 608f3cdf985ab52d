// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice First-in-first-out line of wishes for pool ether: one open ticket an operator.
library FundingTickets {
    struct Ticket {
        bytes32 pubkeyRoot;
        uint32 operatorId;
        uint64 targetGwei;
    }

    struct Line {
        mapping(uint64 number => Ticket) tickets;
        mapping(uint32 operatorId => uint64 number) open;
        uint64 head; // number of the next to be served, if below tail
        uint64 tail;
    }

    error TicketOpen(uint32 operatorId, uint64 number);
    error NoTicket();

    function push(Line storage self, Ticket memory ticket) internal returns (uint64 number) {
        if (self.open[ticket.operatorId] != 0) {
            revert TicketOpen(ticket.operatorId, self.open[ticket.operatorId]);
        }
        if (self.tail == 0) (self.head, self.tail) = (1, 1);
        number = self.tail++;
        self.tickets[number] = ticket;
        self.open[ticket.operatorId] = number;
    }

    function front(Line storage self) internal view returns (Ticket memory) {
        if (self.head == self.tail) revert NoTicket();
        return self.tickets[self.head];
    }

    function pop(Line storage self) internal {
        delete self.open[self.tickets[self.head].operatorId];
        delete self.tickets[self.head];
        ++self.head;
    }
}
