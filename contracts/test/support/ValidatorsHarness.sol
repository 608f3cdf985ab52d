// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { DepositLine } from "../../src/validators/DepositLine.sol";
import { FundingTickets } from "../../src/validators/FundingTickets.sol";
import { Membership } from "../../src/validators/Membership.sol";

contract MembershipHarness {
    using Membership for Membership.Set;

    Membership.Set private _set;

    function add(uint256 index) external {
        _set.add(index);
    }

    function has(uint256 index) external view returns (bool) {
        return _set.has(index);
    }

    function count() external view returns (uint32) {
        return _set.count;
    }

    function word(uint256 w) external view returns (uint256) {
        return _set.words[w];
    }
}

contract DepositLineHarness {
    using DepositLine for DepositLine.Line;

    DepositLine.Line private _line;

    function push(uint40 validatorIndex, uint64 amountGwei, uint48 slot) external returns (uint32) {
        return _line.push(validatorIndex, amountGwei, slot);
    }

    function land(uint64 upTo, uint64 slot) external {
        _line.land(upTo, slot);
    }

    function inFlightGwei() external view returns (uint64) {
        return _line.inFlightGwei();
    }

    function landed() external view returns (uint64 count, uint64 gwei_, uint64 slot) {
        return (_line.landed, _line.landedGwei, _line.landedSlot);
    }

    function deposit(uint256 number) external view returns (DepositLine.Deposit memory) {
        return _line.deposits[number - 1];
    }
}

contract FundingTicketsHarness {
    using FundingTickets for FundingTickets.Line;

    FundingTickets.Line private _line;

    function push(FundingTickets.Ticket memory ticket) external returns (uint64) {
        return _line.push(ticket);
    }

    function front() external view returns (FundingTickets.Ticket memory) {
        return _line.front();
    }

    function pop() external {
        _line.pop();
    }

    function openOf(uint32 operatorId) external view returns (uint64) {
        return _line.open[operatorId];
    }
}
