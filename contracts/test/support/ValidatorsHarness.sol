// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BondCurve } from "../../src/validators/BondCurve.sol";
import { DepositLine } from "../../src/validators/DepositLine.sol";
import { FundingTickets } from "../../src/validators/FundingTickets.sol";
import { ContainersProof, PendingProof } from "../../src/validators/IDepositsInFlight.sol";
import { TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { Membership } from "../../src/validators/Membership.sol";
import { SlashingLoss } from "../../src/validators/SlashingLoss.sol";
import { StateLists } from "../../src/validators/StateLists.sol";

contract MembershipHarness {
    using Membership for Membership.Set;

    Membership.Set private _set;

    function add(uint256 index) external {
        _set.add(index);
    }

    function remove(uint256 index) external {
        _set.remove(index);
    }

    function has(uint256 index) external view returns (bool) {
        return _set.has(index);
    }

    function next(uint256 from) external view returns (uint256) {
        return _set.next(from);
    }

    function count() external view returns (uint32) {
        return _set.count;
    }

    function word(uint256 w) external view returns (uint256) {
        return _set.words[w];
    }

    function group(uint256 g) external view returns (uint256) {
        return _set.groups[g];
    }
}

contract DepositLineHarness {
    using DepositLine for DepositLine.Line;

    DepositLine.Line private _line;

    function push(DepositLine.Deposit memory next) external returns (uint32 number, uint64 flyingGwei) {
        return _line.push(next);
    }

    function land(uint32 upTo, uint64 shortGwei) external returns (uint64 flyingGwei) {
        return _line.land(upTo, shortGwei);
    }

    function head() external view returns (DepositLine.Head memory) {
        return _line.head;
    }

    function inFlightGwei() external view returns (uint64) {
        return DepositLine.inFlightGwei(_line.head);
    }

    function between(uint32 upTo, uint32 last) external view returns (uint64) {
        return _line.between(upTo, last);
    }

    function deposit(uint32 number) external view returns (DepositLine.Deposit memory) {
        return _line.deposits[number];
    }
}

contract StateListsHarness {
    function requirePending(PendingProof calldata proof, bytes32 listRoot) external view {
        StateLists.requirePending(proof, listRoot);
    }

    function requireContainers(ContainersProof calldata proof, bytes32 listRoot) external view {
        StateLists.requireContainers(proof, listRoot);
    }

    function find(ContainersProof calldata proof, uint40 index) external pure returns (uint256) {
        return StateLists.find(proof, index);
    }
}

contract FundingTicketsHarness {
    using FundingTickets for FundingTickets.Line;

    FundingTickets.Line private _line; // from slot 0 on

    function push(FundingTickets.Ticket memory ticket) external returns (uint64) {
        return _line.push(ticket);
    }

    function front() external view returns (FundingTickets.Ticket memory) {
        return _line.front();
    }

    function pop() external {
        _line.pop();
    }

    function isOpen(uint32 operatorId) external view returns (bool) {
        return _line.isOpen(operatorId);
    }

    function isEmpty() external view returns (bool) {
        return _line.isEmpty();
    }

    function head() external view returns (uint64) {
        return _line.head;
    }
}

contract BondMathHarness {
    function required(TierTerms memory terms, uint256 stakeGwei) external pure returns (uint256) {
        return BondCurve.required(terms, stakeGwei);
    }

    function covered(TierTerms memory terms, uint256 bondGwei) external pure returns (uint256) {
        return BondCurve.covered(terms, bondGwei);
    }

    function initialGwei(uint64 effectiveGwei) external pure returns (uint64) {
        return SlashingLoss.initialGwei(effectiveGwei);
    }

    function expectedGwei(uint64 effectiveGwei, uint256 slashedGwei) external pure returns (uint64) {
        return SlashingLoss.expectedGwei(effectiveGwei, slashedGwei);
    }
}
