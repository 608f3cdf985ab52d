// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { ValidatorsProof } from "./IBeaconProofs.sol";

/// @notice Why an operator gets no pool ether now.
enum FundingRefusal {
    None,
    Leaving, // the operator has said that it leaves
    SlashingOpen, // a slashing is not settled
    OthersUnfilled, // a member of it holds less than the fill target: no further key
    BondShort, // the bond covers no more stake, or less than 1 ETH a validator
    OperatorLimit, // its share of the pool is used up
    TierLimit // the tier's is
}

/// @notice A validator's life: predeposit → prove → fund → (exit) → leave. Each step but the first is anybody's.
/// A validator is named by the hash tree root of its BLS public key.
interface IValidatorManager {
    /// @dev Predeposited: the operator's 1 ETH is sent. Eligible: proven ours. Member: funded by the pool. ToExit: its
    /// exit was asked for. Exiting: proven to have an exit epoch. Slashed: proven slashed. Left: proven empty, no longer
    /// a member. Lost: proven to have foreign credentials. Dropped: slashed or exiting before its first funding.
    enum Status {
        Unknown,
        Predeposited,
        Eligible,
        Member,
        ToExit,
        Exiting,
        Slashed,
        Left,
        Lost,
        Dropped
    }

    /// @param targetEth Stake it is to be funded to, in whole ETH (32 to 2,048); 0 when nobody has said.
    /// @param principalGwei What the pool has in it: deposited − proven withdrawn, its bond of 1 ETH included.
    /// @param inFlightGwei Deposited since the last time nothing was in flight to it.
    /// @param lastDeposit Number of its last deposit, 0 for none.
    struct ValidatorRecord {
        Status status;
        uint16 targetEth;
        uint32 operatorId;
        uint40 index;
        uint64 principalGwei;
        uint64 inFlightGwei;
        uint32 lastDeposit;
    }

    event Predeposited(uint32 indexed operatorId, bytes32 indexed pubkeyRoot, bytes pubkey);
    event ValidatorProven(bytes32 indexed pubkeyRoot, uint40 index);
    event ValidatorLost(bytes32 indexed pubkeyRoot, uint40 index, bytes32 withdrawalCredentials);
    event ValidatorDropped(bytes32 indexed pubkeyRoot, uint40 index);
    /// @notice A member's exit was asked for, or proven, or it was proven slashed.
    event ValidatorMoved(bytes32 indexed pubkeyRoot, Status from, Status to);
    event FundingRequested(
        uint64 indexed ticket, uint32 indexed operatorId, bytes32 indexed pubkeyRoot, uint64 targetGwei
    );
    event FundingTicketClosed(uint64 indexed ticket, uint32 indexed operatorId);
    event FundingTicketMoved(uint64 indexed from, uint64 indexed to, FundingRefusal reason);
    event MemberAdded(bytes32 indexed pubkeyRoot, uint40 index, uint32 memberCount);
    event MemberRemoved(bytes32 indexed pubkeyRoot, uint40 index, uint32 memberCount);
    event PrincipalChanged(bytes32 indexed pubkeyRoot, uint64 principalGwei);

    error ManagerConfigZero(string field);
    error ManagerCallerNotAllowed(address caller);
    error OperatorTakesNoKeys(uint32 operatorId);
    error PredepositPaymentWrong(uint256 paid, uint256 needed);
    error PredepositLengthsDiffer(uint256 pubkeys, uint256 signatures);
    error KeyAlreadyKnown(bytes32 pubkeyRoot);
    error KeyStatusWrong(bytes32 pubkeyRoot, Status status);
    error NothingToProve();
    error TargetOutOfRange(uint64 targetGwei, uint64 minimumGwei, uint64 maximumGwei);
    error TargetNotWholeEther(uint64 targetGwei);
    error KeysMissing(uint256 pubkeys, uint256 validators);
    error BalancesMissing(uint256 balances, uint256 validators);
    error PubkeyMismatch(bytes32 computed, bytes32 proven);
    error TicketNotProven(uint64 ticket, uint40 index);
    error TicketUnfundable(uint64 ticket, FundingRefusal reason);
    error TicketFundable(uint64 ticket, uint64 roomGwei);
    error PieceTooSmall(uint256 availableGwei, uint256 neededGwei);
    error ProofNotNewer(uint64 proofSlot, uint64 neededSlot);
    error NotEmptyYet(bytes32 pubkeyRoot, uint64 balanceGwei);
    error NotWithdrawnYet(bytes32 pubkeyRoot, uint64 withdrawableEpoch);
    error StillInFlight(bytes32 pubkeyRoot, uint64 inFlightGwei);
    error SlashingNotSettled(bytes32 pubkeyRoot);

    // ---------------------------------------------------------------- onboarding

    /// @notice Deposits 1 ETH of the operator's own for each key, with the pool's withdrawal credentials. The
    /// operator's manager only.
    /// @param pubkeys 48-byte BLS keys, none known yet.
    /// @param signatures 96-byte deposit signatures over (key, credentials, 1 ETH).
    /// @param targetGwei Stake each is to be funded to, whole ETH, 32 to 2,048: a ticket is drawn when it is proven, if
    /// the operator has none open then. 0 to ask by {requestFunding}.
    function predeposit(
        uint32 operatorId,
        bytes[] calldata pubkeys,
        bytes[] calldata signatures,
        uint64 targetGwei
    ) external payable;

    /// @notice Proves predeposited keys at a root at most 64 slots old: ours → eligible; foreign credentials → lost;
    /// slashed or exiting → dropped. Keys already proven are passed over.
    function prove(ValidatorsProof calldata proof) external;

    /// @notice Asks for pool ether up to `targetGwei` (whole ETH, 32 to 2,048, the bond included). The operator's
    /// manager only, one open ticket an operator.
    function requestFunding(uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei)
        external
        returns (uint64 ticket);

    /// @notice Serves tickets from the head of the line, in order, as far as the proof reaches: 31 ETH first, then
    /// pieces of at least 32 ETH from free ether. Reverts if it cannot serve the first.
    /// @param proof Validators of the first tickets with their balances, root at most 64 slots old.
    /// @param pubkeys Their keys, in the proof's order.
    /// @return totalGwei Deposited; 0 when tickets were only closed, because a proof shows slashing or exit.
    function fund(ValidatorsProof calldata proof, bytes[] calldata pubkeys)
        external
        returns (uint64 totalGwei);

    /// @notice {prove} and {fund} with one proof.
    function proveAndFund(ValidatorsProof calldata proof, bytes[] calldata pubkeys)
        external
        returns (uint64 totalGwei);

    /// @notice Moves the ticket at the head to the back (or out, if its validator is to exit), when storage alone shows
    /// that it can't be served: limits, bond, an open slashing, a leaving operator. Lack of free ether is no reason.
    /// @param pubkeyRoot The head's validator.
    function requeueTicket(bytes32 pubkeyRoot) external;

    // ---------------------------------------------------------------- members

    /// @notice Shows what became of members, root at most 64 slots old: an exit or a slashing stops funding and partials;
    /// a balance lowers the principal to what is there. Members with nothing new are passed over.
    function observe(ValidatorsProof calldata proof) external;

    /// @notice Removes members whose balance is zero, whose withdrawable epoch has passed, to whom nothing is in flight
    /// and whose slashing, if any, is settled. Only while no checkpoint can still be closed.
    function leave(ValidatorsProof calldata proof) external;

    // ---------------------------------------------------------------- withdrawals and penalties only

    /// @notice Marks a member to exit. Withdrawals and Penalties only.
    /// @return operatorId Its operator.
    /// @return already Whether it was marked before.
    function markToExit(bytes32 pubkeyRoot) external returns (uint32 operatorId, bool already);
    /// @notice Notes a proven exit or slashing. Withdrawals and Penalties only.
    function noteLeaving(bytes32 pubkeyRoot, bool slashed) external;
    /// @notice Notes a member's proven balance: principal = min(principal, balance + in flight). Withdrawals only.
    /// @param slot Slot of the proof.
    function noteBalance(bytes32 pubkeyRoot, uint64 balanceGwei, uint64 slot) external;

    // ---------------------------------------------------------------- readers

    /// @return The token whose ether it puts to work.
    function TOKEN() external view returns (IStakedEther);
    function validator(bytes32 pubkeyRoot) external view returns (ValidatorRecord memory);
    /// @return number Of the ticket at the head, 0 for none.
    /// @return operatorId Its operator.
    /// @return index Its validator.
    /// @return waiting Open tickets, this one included.
    function nextTicket()
        external
        view
        returns (uint64 number, uint32 operatorId, uint40 index, uint64 waiting);
    /// @return number Of the operator's open ticket, 0 for none.
    function ticketOf(uint32 operatorId) external view returns (uint64 number);
    function memberCount() external view returns (uint32);
    /// @param words Word numbers, 4 bytes big-endian each.
    /// @return bitmaps Members of each word; word w covers validators 256w to 256w + 255.
    function memberWords(bytes calldata words) external view returns (uint256[] memory bitmaps);
    /// @return index The first member at or after validator `from`, around the end. Reverts without members.
    function nextMember(uint40 from) external view returns (uint40 index);
    /// @return Sum in gwei of principals of members proven exiting and not slashed: on its way back.
    function exitingGwei() external view returns (uint64);
}
