// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { PendingDepositsProof, ValidatorsProof } from "./IBeaconProofs.sol";

/// @notice A validator's life: predeposit → prove → fund → withdraw. Each step but the first is anybody's.
/// A validator is named by the hash tree root of its BLS public key.
interface IValidatorManager {
    /// @dev Lost: proven to have foreign credentials. Dropped: slashed or exiting before its first funding.
    enum Status {
        Unknown,
        Predeposited,
        Eligible,
        Member,
        Lost,
        Dropped
    }

    /// @param principalGwei What the pool has in it: deposited − proven withdrawn, its bond of 1 ETH included.
    /// @param inFlightGwei Deposited since the last time nothing was in flight to it.
    /// @param lastDeposit Number of its last deposit, 0 for none.
    /// @param exiting Proven slashed or exiting: no funding, no partial withdrawals.
    struct ValidatorRecord {
        Status status;
        bool exiting;
        uint32 operatorId;
        uint40 index;
        uint64 principalGwei;
        uint64 inFlightGwei;
        uint32 lastDeposit;
    }

    /// @param amountGwei 0 when none is open.
    /// @param balanceGwei Proven balance when it was asked, with what was in flight to the validator then or since.
    /// @param slot Slot in which it was asked; once it is settled, slot of the proof that settled it.
    /// @param expiresAt Unix time after which it no longer counts.
    struct PartialRequest {
        uint64 amountGwei;
        uint64 balanceGwei;
        uint48 slot;
        uint40 expiresAt;
    }

    event Predeposited(uint32 indexed operatorId, bytes32 indexed pubkeyRoot, bytes pubkey);
    event ValidatorProven(bytes32 indexed pubkeyRoot, uint40 index);
    event ValidatorLost(bytes32 indexed pubkeyRoot, uint40 index, bytes32 withdrawalCredentials);
    event ValidatorDropped(bytes32 indexed pubkeyRoot, uint40 index);
    event ValidatorExiting(bytes32 indexed pubkeyRoot, bool slashed, uint64 exitEpoch);
    event FundingRequested(
        uint64 indexed ticket, uint32 indexed operatorId, bytes32 indexed pubkeyRoot, uint64 targetGwei
    );
    event FundingTicketClosed(uint64 indexed ticket, bytes32 indexed pubkeyRoot);
    event MemberAdded(bytes32 indexed pubkeyRoot, uint40 index, uint32 memberCount);
    event PrincipalChanged(bytes32 indexed pubkeyRoot, uint64 principalGwei);
    event DepositInFlight(
        uint32 indexed deposit,
        bytes32 indexed pubkeyRoot,
        uint64 amountGwei,
        uint64 slot,
        uint64 inFlightGweiAfter
    );
    event DepositsLanded(uint64 landed, uint64 slot, uint64 inFlightGweiAfter);
    event PartialRequested(
        bytes32 indexed pubkeyRoot,
        uint64 amountGwei,
        uint64 balanceGwei,
        uint40 expiresAt,
        uint64 openGweiAfter
    );
    event PartialSettled(
        bytes32 indexed pubkeyRoot, uint64 amountGwei, uint64 balanceGwei, uint64 openGweiAfter
    );

    error ManagerConfigZero(string field);
    error OperatorManagerOnly(uint32 operatorId, address caller);
    error PredepositPaymentWrong(uint256 paid, uint256 needed);
    error PredepositLengthsDiffer(uint256 pubkeys, uint256 signatures);
    error KeyAlreadyKnown(bytes32 pubkeyRoot);
    error KeyStatusWrong(bytes32 pubkeyRoot, Status status);
    error KeyNotNext(bytes32 pubkeyRoot, bytes32 expected);
    error PubkeyMismatch(bytes32 computed, bytes32 proven);
    error TargetOutOfRange(uint64 targetGwei, uint64 minimumGwei, uint64 maximumGwei);
    error OneValidatorExpected(uint256 validators, uint256 balances);
    error BalancesMissing(uint256 balances, uint256 validators);
    error BalanceBelowPredeposit(uint64 balanceGwei);
    error SecondDepositInSlot(bytes32 pubkeyRoot, uint64 slot);
    error PieceTooSmall(uint256 availableGwei, uint256 neededGwei);
    error NoUncoveredDemand();
    error PartialOpen(bytes32 pubkeyRoot, uint40 expiresAt);
    error PartialNotOpen(bytes32 pubkeyRoot);
    error PartialStillOpen(bytes32 pubkeyRoot, uint64 balanceGwei, uint64 settledAtGwei);
    error PartialTooSmall(bytes32 pubkeyRoot, uint64 amountGwei, uint64 minimumGwei);
    error NotWithdrawableYet(bytes32 pubkeyRoot, uint64 fromEpoch);
    error ProofNotNewer(uint64 proofSlot, uint64 requestSlot);
    error WithdrawalFeeTooHigh(uint256 fee, uint256 maximum);
    error WithdrawalPaymentTooLow(uint256 paid, uint256 needed);
    error RefundFailed(address receiver, uint256 amount);

    // ---------------------------------------------------------------- onboarding

    /// @notice Deposits 1 ETH of the operator's own for each key, with the pool's withdrawal credentials.
    /// @param pubkeys 48-byte BLS keys, none known yet.
    /// @param signatures 96-byte deposit signatures over (key, credentials, 1 ETH).
    function predeposit(uint32 operatorId, bytes[] calldata pubkeys, bytes[] calldata signatures)
        external
        payable;

    /// @notice Proves predeposited keys at a root at most 64 slots old: ours → eligible; foreign credentials → lost;
    /// slashed or exiting → dropped.
    function prove(ValidatorsProof calldata proof) external;

    /// @notice Asks for pool ether up to `targetGwei` (32 to 2,048 ETH, the bond included). Operator's manager only.
    function requestFunding(uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei)
        external
        returns (uint64 ticket);

    /// @notice Serves the ticket at the head of the line from free ether: 31 ETH first, then pieces of at least 32 ETH.
    /// @param proof Exactly the head's validator with its balance, root at most 64 slots old.
    /// @return amountGwei Deposited; 0 when the proof shows it slashed or exiting and closes its ticket.
    function fund(ValidatorsProof calldata proof, bytes calldata pubkey) external returns (uint64 amountGwei);

    /// @notice Counts the first `upTo` deposits as landed, by showing that nothing was pending in a later state.
    function proveLanded(PendingDepositsProof calldata proof, uint64 upTo) external;

    // ---------------------------------------------------------------- withdrawals

    /// @notice Asks validators for the queue's uncovered demand (EIP-7002), up to 256 ETH each, down to 32 ETH.
    /// @param proof The validators with balances, root at most 64 slots old.
    /// @param pubkeys Their keys, in the same order.
    /// @param maxFee Wei the caller pays for one request at most. What is not needed of `msg.value` is returned.
    function withdraw(ValidatorsProof calldata proof, bytes[] calldata pubkeys, uint256 maxFee)
        external
        payable;

    /// @notice Ends requests that a newer proof shows paid, exiting, or that have expired.
    function settleWithdrawals(ValidatorsProof calldata proof) external;

    /// @return Wei that the queue needs beyond own ether and open requests.
    function uncoveredDemand() external view returns (uint256);

    // ---------------------------------------------------------------- readers

    function validator(bytes32 pubkeyRoot) external view returns (ValidatorRecord memory);
    function partialRequest(bytes32 pubkeyRoot) external view returns (PartialRequest memory);
    /// @return number Of the ticket at the head, 0 for none.
    /// @return operatorId Its operator.
    /// @return pubkeyRoot Its validator.
    /// @return targetGwei Its target.
    function nextTicket()
        external
        view
        returns (uint64 number, uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei);
    function memberCount() external view returns (uint32);
    /// @return bitmaps Members of each word; word w covers validators 256w to 256w + 255.
    function memberWords(uint256[] calldata words) external view returns (uint256[] memory bitmaps);
    /// @return count Deposits made.
    /// @return landed Deposits landed.
    /// @return gwei_ Sum of those in flight.
    function inFlight() external view returns (uint64 count, uint64 landed, uint64 gwei_);
    /// @return Sum in gwei of open partial requests.
    function openPartialsGwei() external view returns (uint64);
}
