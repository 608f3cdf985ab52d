// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "./IBeaconProofs.sol";

/// @notice What the pool asks its validators to pay: partial withdrawals for the queue, and full exits (EIP-7002).
/// The caller pays the fee of the EIP-7002 contract under his own maximum; what is not needed is returned.
interface IWithdrawals {
    /// @notice Open partial requests of one validator.
    /// @param amountGwei Asked for and not yet seen paid; 0 when none is open.
    /// @param dueGwei Balance, with what is in flight, at which all of it is paid.
    /// @param slot Slot in which the newest was asked, or of the newest proof that settled.
    /// @param expiresAt Unix time after which they no longer count.
    struct PartialRequest {
        uint64 amountGwei;
        uint64 dueGwei;
        uint48 slot;
        uint40 expiresAt;
    }

    event PartialRequested(
        bytes32 indexed pubkeyRoot,
        uint64 amountGwei,
        uint64 openGwei,
        uint64 dueGwei,
        uint40 expiresAt,
        uint64 totalOpenGweiAfter
    );
    /// @notice A proof, an exit or the clock ended part of what was open; `openGwei` is left.
    event PartialSettled(bytes32 indexed pubkeyRoot, uint64 openGwei, uint64 totalOpenGweiAfter);
    /// @notice The rotation goes on: `cursor` is the validator index from which the next to pay is looked for.
    event RotationMoved(uint40 cursor);
    event ExitRequested(bytes32 indexed pubkeyRoot, address indexed caller);
    /// @notice Governance wants a validator to exit: from now on anybody may send the request.
    event ExitOrdered(bytes32 indexed pubkeyRoot);

    error WithdrawalsConfigZero();
    error WithdrawalsCallerNotAllowed(address caller);
    error NotNextInRotation(uint40 index, uint40 expected);
    error ProofWithoutBalances(uint256 balances, uint256 validators);
    error PubkeysMissing(uint256 pubkeys, uint256 validators);
    error PubkeyNotProven(bytes32 computed, bytes32 proven);
    error NoUncoveredDemand();
    error BalanceNotNewer(uint64 proofSlot, uint64 neededSlot);
    error NothingToSettle();
    error ExitNotAllowed(bytes32 pubkeyRoot, address caller);
    error WithdrawalFeeTooHigh(uint256 fee, uint256 maximum);
    error WithdrawalPaymentTooLow(uint256 paid, uint256 needed);
    error RefundFailed(address receiver, uint256 amount);

    // ---------------------------------------------------------------- partial withdrawals

    /// @notice Asks validators for the queue's uncovered demand, in rotation: the first validator of the proof must be
    /// {nextInRotation}, each further one the next after it. A validator that can't pay now (fresh balance at most 33 ETH
    /// beyond what is open, active for less than 256 epochs, leaving) is passed over. The rotation stays at a validator
    /// until it was asked for one chunk (256 ETH) or down to 32 ETH.
    /// @param proof The validators with balances, root at most 64 slots old.
    /// @param pubkeys Their keys, in the same order.
    /// @param maxFee Wei the caller pays for one request at most.
    /// @return askedGwei Sum of the requests made.
    function withdraw(ValidatorsProof calldata proof, bytes[] calldata pubkeys, uint256 maxFee)
        external
        payable
        returns (uint64 askedGwei);

    /// @notice Ends requests as far as a newer proof shows them paid (to 1 ETH) or the validator leaving.
    function settleWithdrawals(ValidatorsProof calldata proof) external;

    /// @notice Ends requests that have expired.
    function endExpired(bytes32[] calldata pubkeyRoots) external;

    // ---------------------------------------------------------------- exits

    /// @notice Asks validators to exit. The operator's manager; anybody, if the operator has an open slashing or a bond far
    /// too small ({IOperatorRegistry.isEjectable}), or if the exit was ordered ({orderExits}) or asked for before: the
    /// consensus layer ignores a request while a partial withdrawal is pending, so it is repeated until it is seen.
    /// @param pubkeys 48-byte keys of members.
    /// @param maxFee Wei the caller pays for one request at most.
    function requestExits(bytes[] calldata pubkeys, uint256 maxFee) external payable;

    /// @notice Orders members to exit, for cause. Governance only. It pays no fee: anybody may then {requestExits}. Keys that
    /// are leaving or have left are passed over; one that was never funded is refused.
    function orderExits(bytes32[] calldata pubkeyRoots) external;

    // ---------------------------------------------------------------- ValidatorManager only

    /// @notice Notes a deposit to a validator with open requests: what lands is not unpaid.
    function noteDeposit(bytes32 pubkeyRoot, uint64 amountGwei) external;
    /// @notice Ends the requests of a validator that has left.
    function noteLeft(bytes32 pubkeyRoot) external;

    // ---------------------------------------------------------------- readers

    /// @return Wei that the queue needs beyond own ether, open requests and the principals of exiting members.
    function uncoveredDemand() external view returns (uint256);
    function partialRequest(bytes32 pubkeyRoot) external view returns (PartialRequest memory);
    /// @return Sum in gwei of open partial requests.
    function openPartialsGwei() external view returns (uint64);
    /// @return index Validator index that {withdraw} must begin with. Reverts without members.
    function nextInRotation() external view returns (uint40 index);
    /// @return cursor Validator index from which the rotation goes on.
    /// @return turnGwei What the validator at the cursor was asked for in its turn.
    function turn() external view returns (uint40 cursor, uint64 turnGwei);
}
