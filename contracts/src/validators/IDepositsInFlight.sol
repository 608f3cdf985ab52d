// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { DepositLine } from "./DepositLine.sol";
import { PendingDepositsProof } from "./IBeaconProofs.sol";

/// @notice The pool's deposits on their way to a validator's balance: in order, and which have landed.
interface IDepositsInFlight {
    event DepositInFlight(
        uint32 indexed deposit,
        bytes32 indexed pubkeyRoot,
        uint64 amountGwei,
        uint64 slot,
        uint64 inFlightGweiAfter
    );
    event DepositsLanded(uint64 landed, uint64 slot, uint64 inFlightGweiAfter);

    error InFlightConfigZero();
    error InFlightCallerNotAllowed(address caller);
    error SecondDepositInSlot(bytes32 pubkeyRoot, uint64 slot);

    /// @notice Notes a deposit made in this transaction. ValidatorManager only; no key gets two in one slot.
    /// @param previous Number of the validator's last deposit, 0 for none.
    /// @return number Of the deposit, from 1 on.
    function push(bytes32 pubkeyRoot, uint32 previous, uint40 index, uint32 operatorId, uint64 amountGwei)
        external
        returns (uint32 number);

    /// @notice Counts the first `upTo` deposits as landed, by showing that nothing was pending in a later state.
    function proveLanded(PendingDepositsProof calldata proof, uint64 upTo) external;

    /// @return count Deposits made.
    /// @return landed Deposits landed.
    /// @return gwei_ Sum of those in flight.
    function inFlight() external view returns (uint64 count, uint64 landed, uint64 gwei_);
    /// @return landed Deposits landed.
    /// @return slot Slot of the state that showed it: older balances may lack what no longer flies.
    function landing() external view returns (uint64 landed, uint64 slot);
    /// @param number From 1 on.
    function deposit(uint32 number) external view returns (DepositLine.Deposit memory);
    /// @return gweiOf For each operator the deposits in flight to its validators. For views: walks all in flight.
    function inFlightOf(uint32[] calldata operatorIds) external view returns (uint64[] memory gweiOf);
}
