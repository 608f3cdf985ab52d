// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Validator } from "../types/Ssz.sol";
import { DepositLine } from "./DepositLine.sol";

/// @notice The consensus layer's `PendingDeposit` (consensus-specs, electra/beacon-chain.md), with its 48-byte public key
/// and its 96-byte signature replaced by their hash tree roots.
struct PendingDeposit {
    bytes32 pubkeyRoot;
    bytes32 withdrawalCredentials;
    uint64 amountGwei;
    bytes32 signatureRoot;
    uint64 slot;
}

/// @notice Some elements of `pending_deposits`, against the list's root.
/// @param length Length of the list.
/// @param positions Places in the list, strictly ascending; none shows the length alone.
/// @param elements One for each position.
/// @param nodes Missing siblings below the list's data root, in descending order of their generalized index; without
/// positions the data root itself.
struct PendingProof {
    uint64 length;
    uint32[] positions;
    PendingDeposit[] elements;
    bytes32[] nodes;
}

/// @notice Some validators, against the root of the list `validators`.
/// @param length Length of the list.
/// @param indices Validator indices, strictly ascending, at least one.
/// @param nodes As in {PendingProof}.
struct ContainersProof {
    uint64 length;
    uint40[] indices;
    Validator[] validators;
    bytes32[] nodes;
}

/// @notice What is shown about the pool's deposits at the open checkpoint's state. All parts may be left out: an empty
/// list means that nothing of its kind is shown.
/// @param containers Validators of the deposits below, each once.
/// @param pending Elements that the numbers below refer to.
/// @param shown Numbers of deposits that are still in the list, each an element: `shownAt` is its place in
/// `pending.elements`.
/// @param newest Number of a deposit that isn't in the list any more, its validator not exiting: the list is shown from
/// its head (or from where the caller stopped) to the first element of a later slot, or to its end. 0 for none.
/// @param walkTo All deposits up to this number are then accounted for. At most the last one.
/// @param boundary If the deposit after `walkTo` is of the state's slot or an earlier one: for it and all after it of the
/// same slot the places in `pending.elements` that show them pending.
/// @param anchor Number of one of those whose validator isn't exiting.
struct InFlightProof {
    ContainersProof containers;
    PendingProof pending;
    uint32[] shown;
    uint32[] shownAt;
    uint32 newest;
    uint32 walkTo;
    uint32[] boundary;
    uint32 anchor;
}

/// @notice The pool's deposits on their way to a validator's balance: in order, and which have landed. Each is counted
/// exactly once at every checkpoint (A2), by what the checkpoint's own state says of `pending_deposits`.
///
/// The consensus layer applies deposits in order, save those to an exiting validator, which it postpones
/// (consensus-specs, electra/beacon-chain.md, `process_pending_deposits`). So at a state:
/// 1. a deposit that isn't in the list, its validator not exiting, has landed, and so have all before it whose validators
///    aren't exiting;
/// 2. a deposit that is in the list, its validator not exiting, is pending, and so are all of later slots. Those of its
///    own slot are shown one by one, for anybody may send a deposit just like ours in the same block, which stands
///    elsewhere in the list;
/// 3. a deposit of a later slot than the state's is pending;
/// 4. one to an exiting validator is taken singly: shown in the list it is pending; else it counts as landed after
///    `DISPUTE_DELAY`, unless somebody shows it. So is one to a working validator that is shown in the list, if a later one
///    of its slot goes to an exiting validator: a look-alike may hide that both have landed.
/// Those taken singly and pending form the short list, and are looked at again at each checkpoint in the fourth way.
///
/// Every fact shown is true whoever shows it, so all provers add to the same facts, and none can lead another astray.
interface IDepositsInFlight {
    /// @param checkpoint Whose state they are about.
    /// @param newest Newest deposit shown landed (1.).
    /// @param walkedTo Deposits accounted for.
    /// @param isComplete Whether all after `walkedTo` are known to be pending.
    /// @param absentSince When something was last counted as landed for not being shown (4.).
    /// @param passedGwei Deposits that came to be taken one by one at this checkpoint.
    /// @param shownGwei Of those and of the short list, what was shown pending.
    struct Facts {
        uint64 checkpoint;
        uint32 newest;
        uint32 walkedTo;
        bool isComplete;
        uint40 absentSince;
        uint64 passedGwei;
        uint64 shownGwei;
    }

    event DepositInFlight(
        uint32 indexed deposit,
        bytes32 indexed pubkeyRoot,
        uint64 amountGwei,
        uint64 slot,
        uint64 inFlightGweiAfter
    );
    /// @notice Something was shown about the checkpoint's state.
    event InFlightProven(uint64 indexed checkpoint, uint32 newest, uint32 walkedTo, bool isComplete);
    /// @notice A deposit is in the list at the checkpoint's state.
    event DepositShownPending(uint64 indexed checkpoint, uint32 indexed deposit);
    /// @notice A deposit to an exiting validator wasn't shown: it counts as landed unless somebody shows it.
    event DepositPassedAbsent(uint64 indexed checkpoint, uint32 indexed deposit);
    /// @notice A close took it over. In flight at its state: all after `landed`, and the short list.
    event DepositsLanded(
        uint64 indexed checkpoint, uint32 landed, uint64 shortGwei, uint64 inFlightGweiAfter
    );

    error InFlightConfigZero();
    error InFlightCallerNotAllowed(address caller);
    error SecondDepositInSlot(bytes32 pubkeyRoot, uint64 slot);
    error InFlightStateMissing();
    error InFlightPlacesDiffer(uint256 given, uint256 needed);
    error DepositNotElement(uint32 number, uint256 place);
    error DepositStillPending(uint32 number, uint256 position);
    error DepositTooYoung(uint32 number, uint64 depositSlot, uint64 stateSlot);
    error DepositUnknown(uint32 number, uint32 count);
    error DepositUnaccounted(uint32 number);
    error ValidatorNotShown(uint40 index);
    error AnchorInvalid(uint32 anchor);
    error InFlightIncomplete(uint64 checkpoint, uint32 walkedTo);
    error InFlightDisputable(uint256 until);
    error NothingShown();

    /// @notice Notes a deposit made in this transaction. ValidatorManager only; no key gets two in one slot.
    /// @param previous Number of the validator's last deposit, 0 for none.
    /// @return number Of the deposit, from 1 on.
    function push(bytes32 pubkeyRoot, uint32 previous, uint40 index, uint32 operatorId, uint64 amountGwei)
        external
        returns (uint32 number);

    /// @notice Shows what has landed, at the state of the open checkpoint, once that is proven. Anybody's, in any number of
    /// calls.
    function prove(InFlightProof calldata proof) external;

    /// @notice Takes over what was shown. The gate only, at a close.
    /// @param lastDeposit Number of the last deposit made before the checkpoint was opened.
    /// @return inFlightGwei Of the deposits up to `lastDeposit`, what was in flight at the checkpoint's state.
    function settle(uint64 checkpoint, uint32 lastDeposit) external returns (uint64 inFlightGwei);

    /// @notice What {settle} would say.
    function previewSettle(uint64 checkpoint, uint32 lastDeposit) external view returns (uint64 inFlightGwei);

    /// @return count Deposits made.
    /// @return landed Deposits before the first that is in flight, those on the short list aside.
    /// @return gwei_ Sum of those in flight, the short list included.
    function inFlight() external view returns (uint32 count, uint32 landed, uint64 gwei_);
    /// @return gwei_ Sum of the short list.
    function shortGwei() external view returns (uint64 gwei_);
    /// @return Whether the deposit was on the short list at the last close.
    function isShort(uint32 number) external view returns (bool);
    /// @return Slot of the state that last showed what has landed: older balances may lack what no longer flies.
    function landedSlot() external view returns (uint64);
    /// @param lastDeposit Number of the validator's last deposit.
    /// @return isFlying Whether something is in flight to the validator.
    function flying(uint32 lastDeposit, uint40 index) external view returns (bool isFlying);
    /// @param number From 1 on.
    function deposit(uint32 number) external view returns (DepositLine.Deposit memory);
    /// @return What was shown about the open checkpoint's state so far.
    function facts() external view returns (Facts memory);
    /// @return gweiOf For each operator the deposits in flight to its validators, the short list aside. For views: walks
    /// all in flight.
    function inFlightOf(uint32[] calldata operatorIds) external view returns (uint64[] memory gweiOf);
}
