// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The pool's deposits to the consensus layer, in order, and how many of them have landed.
/// In flight = everything past the landed pointer.
library DepositLine {
    /// @param cumulativeGwei Sum of this and all deposits before it.
    struct Deposit {
        uint40 validatorIndex;
        uint32 operatorId;
        uint48 slot;
        uint64 amountGwei;
        uint64 cumulativeGwei;
    }

    struct Line {
        Deposit[] deposits;
        uint64 landed; // how many
        uint64 landedGwei;
        uint64 landedSlot; // slot of the state that showed it
    }

    error LandedOutOfRange(uint256 upTo, uint256 landed, uint256 count);
    error DepositNewerThanProof(uint256 number, uint256 depositSlot, uint256 proofSlot);

    /// @param next The deposit; its running sum is filled in here.
    /// @return number 1 for the first deposit.
    function push(Line storage self, Deposit memory next) internal returns (uint32 number) {
        uint256 count = self.deposits.length;
        uint64 before = count == 0 ? 0 : self.deposits[count - 1].cumulativeGwei;
        // all ether there is stays below 2^64 gwei
        next.cumulativeGwei = before + next.amountGwei;
        self.deposits.push(next);
        // a deposit moves at least 1 ETH, so their number stays far below 2^32 for any supply of ether
        number = uint32(count + 1);
    }

    /// @notice Counts the first `upTo` deposits as landed: the caller has proven that nothing was pending at `slot`.
    function land(Line storage self, uint64 upTo, uint64 slot) internal {
        if (upTo <= self.landed || upTo > self.deposits.length) {
            revert LandedOutOfRange(upTo, self.landed, self.deposits.length);
        }
        Deposit memory last = self.deposits[upTo - 1];
        if (last.slot > slot) revert DepositNewerThanProof(upTo, last.slot, slot);
        self.landed = upTo;
        self.landedGwei = last.cumulativeGwei;
        self.landedSlot = slot;
    }

    function inFlightGwei(Line storage self) internal view returns (uint64) {
        uint256 count = self.deposits.length;
        return count == self.landed ? 0 : self.deposits[count - 1].cumulativeGwei - self.landedGwei;
    }
}
