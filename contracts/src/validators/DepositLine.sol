// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The pool's deposits to the consensus layer, in order, and which of them have landed.
/// In flight = everything past the landed pointer, and the short list: some before it that were shown pending one by one.
library DepositLine {
    /// @param cumulativeGwei Sum of this and all deposits before it.
    struct Deposit {
        uint40 validatorIndex;
        uint32 operatorId;
        uint48 slot;
        uint64 amountGwei;
        uint64 cumulativeGwei;
    }

    /// @dev `head` is one slot: what every open and every deposit reads.
    struct Line {
        Head head;
        mapping(uint32 number => Deposit) deposits;
    }

    /// @param count Deposits made.
    /// @param landed How many lie before the pointer.
    /// @param pushedGwei Sum of all.
    /// @param landedGwei Sum of those before the pointer.
    /// @param shortGwei Sum of the short list.
    struct Head {
        uint32 count;
        uint32 landed;
        uint64 pushedGwei;
        uint64 landedGwei;
        uint64 shortGwei;
    }

    /// @param next The deposit; its running sum is filled in here.
    /// @return number 1 for the first deposit.
    /// @return flyingGwei In flight after it.
    function push(Line storage self, Deposit memory next)
        internal
        returns (uint32 number, uint64 flyingGwei)
    {
        Head memory head = self.head;
        // a deposit moves at least 1 ETH and all ether there is stays below 2^64 gwei, so their number stays below 2^32
        number = ++head.count;
        head.pushedGwei += next.amountGwei;
        next.cumulativeGwei = head.pushedGwei;
        self.deposits[number] = next;
        self.head = head;
        flyingGwei = inFlightGwei(head);
    }

    /// @notice Moves the pointer and replaces the short list.
    function land(Line storage self, uint32 upTo, uint64 shortGwei) internal returns (uint64 flyingGwei) {
        Head memory head = self.head;
        if (upTo != head.landed) {
            head.landed = upTo;
            head.landedGwei = self.deposits[upTo].cumulativeGwei;
        }
        head.shortGwei = shortGwei;
        self.head = head;
        return inFlightGwei(head);
    }

    /// @return Sum of the deposits after `upTo` through `last`.
    function between(Line storage self, uint32 upTo, uint32 last) internal view returns (uint64) {
        return self.deposits[last].cumulativeGwei - self.deposits[upTo].cumulativeGwei;
    }

    function inFlightGwei(Head memory head) internal pure returns (uint64) {
        return head.pushedGwei - head.landedGwei + head.shortGwei;
    }
}
