// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked, Zone } from "../governance/IBraked.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { DepositLine } from "./DepositLine.sol";
import { IBeaconProofs } from "./IBeaconProofs.sol";
import { ICheckpointGate } from "./ICheckpointGate.sol";
import { ContainersProof, IDepositsInFlight, InFlightProof, PendingDeposit } from "./IDepositsInFlight.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { StateLists } from "./StateLists.sol";

/// Owns: the line of the pool's deposits, which of them have landed, what was shown of that at the open checkpoint.
/// Does not own: who is funded (ValidatorManager), what the totals are (Checkpoints).
/// Trusts: ValidatorManager to note every deposit and to know keys; the gate for the state that proofs are made against.
contract DepositsInFlight is IDepositsInFlight {
    using DepositLine for DepositLine.Line;
    using StateLists for ContainersProof;

    /// @dev `facts` packed: the sums are only touched when a deposit is taken one by one.
    struct Progress {
        uint64 checkpoint;
        uint48 slot;
        uint32 newest;
        uint32 walkedTo;
        uint40 absentSince;
        bool isComplete;
        bool anyShown;
    }

    struct Sums {
        uint64 passedGwei;
        uint64 shownGwei;
    }

    /// @dev How far one caller has shown the list's head for one deposit.
    struct Scan {
        uint64 checkpoint;
        uint32 newest;
        uint32 scanned;
    }

    /// @dev Ids of the checkpoints at which a deposit was shown pending; was taken one by one by the walk; and was counted as
    /// pending for it. The last makes the short list.
    struct Mark {
        uint64 shownAt;
        uint64 passedAt;
        uint64 heldAt;
    }

    /// @dev What a call works on.
    struct Work {
        uint64 id;
        uint64 slot;
        uint32 count;
        uint32 landed;
        bool changed;
    }

    uint256 public constant DISPUTE_DELAY = 1 hours;

    IBraked public immutable TOKEN;
    IBeaconProofs public immutable PROOFS;
    IValidatorManager public immutable VALIDATORS;
    ICheckpointGate public immutable GATE;

    DepositLine.Line private _line;
    uint64 private _closed; // id of the checkpoint that moved the line last
    uint48 private _landedSlot; // slot of its state
    Progress private _progress;
    Sums private _sums;
    mapping(uint32 number => Mark) private _marks;
    mapping(uint40 validatorIndex => uint64 checkpoint) private _shownFor;
    mapping(address prover => Scan) private _scans;

    constructor(IBraked token, IBeaconProofs proofs, IValidatorManager validators, ICheckpointGate gate) {
        if (
            address(token) == address(0) || address(proofs) == address(0) || address(validators) == address(0)
                || address(gate) == address(0)
        ) revert InFlightConfigZero();
        TOKEN = token;
        PROOFS = proofs;
        VALIDATORS = validators;
        GATE = gate;
    }

    /// @inheritdoc IDepositsInFlight
    function push(bytes32 pubkeyRoot, uint32 previous, uint40 index, uint32 operatorId, uint64 amountGwei)
        external
        returns (uint32 number)
    {
        if (msg.sender != address(VALIDATORS)) revert InFlightCallerNotAllowed(msg.sender);
        // slots since genesis fit 48 bits
        uint48 slot = uint48(PROOFS.currentSlot());
        if (previous != 0 && _line.deposits[previous].slot >= slot) {
            revert SecondDepositInSlot(pubkeyRoot, slot);
        }
        uint64 flyingGwei;
        (number, flyingGwei) = _line.push(DepositLine.Deposit(index, operatorId, slot, amountGwei, 0));
        emit DepositInFlight(number, pubkeyRoot, amountGwei, slot, flyingGwei);
    }

    // ---------------------------------------------------------------- prove

    /// @inheritdoc IDepositsInFlight
    function prove(InFlightProof calldata proof) external {
        // it serves the checkpoint alone, and stops with it
        TOKEN.requireReleased(Zone.Accounting);
        (uint64 id, uint64 slot, bytes32 validatorsRoot, bytes32 pendingRoot) = GATE.provenState();
        if (id == 0) revert InFlightStateMissing();
        DepositLine.Head memory head = _line.head;
        Work memory w = Work(id, slot, head.count, head.landed, false);
        Progress memory p = _begin(w, head.shortGwei);
        Sums memory sums = _sums;
        if (proof.containers.indices.length != 0) {
            StateLists.requireContainers(proof.containers, validatorsRoot);
        }
        bool hasList = proof.pending.positions.length != 0 || proof.pending.nodes.length != 0;
        if (hasList || proof.pending.elements.length != 0) {
            StateLists.requirePending(proof.pending, pendingRoot);
        }
        _show(proof, w, p, sums);
        if (!p.isComplete) {
            if (proof.newest > p.newest) _scan(proof, w, p, hasList);
            _walk(proof, w, p, sums);
            _bound(proof, w, p);
        }
        if (!w.changed) revert NothingShown();
        _progress = p;
        _sums = sums;
        emit InFlightProven(id, p.newest, p.walkedTo, p.isComplete);
    }

    /// @dev For a new checkpoint nothing is known, and whoever is on the short list may be shown from now on.
    function _begin(Work memory w, uint64 short_) private returns (Progress memory p) {
        p = _progress;
        if (p.checkpoint == w.id) return p;
        // Unix times fit 40 bits, slots 48
        p = Progress(
            w.id, uint48(w.slot), 0, w.landed, short_ != 0 ? uint40(block.timestamp) : 0, false, false
        );
        _sums = Sums(0, 0);
        w.changed = true;
    }

    function _show(InFlightProof calldata proof, Work memory w, Progress memory p, Sums memory sums) private {
        uint256 count = proof.shown.length;
        if (proof.shownAt.length != count) revert InFlightPlacesDiffer(proof.shownAt.length, count);
        for (uint256 i; i < count; ++i) {
            uint32 number = proof.shown[i];
            DepositLine.Deposit memory d = _requireElement(proof, w, number, proof.shownAt[i]);
            Mark memory mark = _marks[number];
            // somebody else may have shown it a moment ago: that spoils nobody's batch
            if (mark.shownAt == w.id) continue;
            bool onShortList = number <= w.landed && _isShort(mark);
            bool isPassed = number > w.landed && mark.passedAt == w.id;
            // what was walked over as landed is somebody else's, just like it: that is said for nothing
            if (!onShortList && !isPassed && number <= p.walkedTo) continue;
            mark.shownAt = w.id;
            (p.anyShown, w.changed) = (true, true);
            emit DepositShownPending(w.id, number);
            // any other is counted when the walk comes to it
            if (onShortList || isPassed) _hold(w, sums, number, mark, d);
            else _marks[number] = mark;
        }
    }

    /// @dev Counts a deposit taken one by one as pending.
    function _hold(
        Work memory w,
        Sums memory sums,
        uint32 number,
        Mark memory mark,
        DepositLine.Deposit memory d
    ) private {
        sums.shownGwei += d.amountGwei;
        mark.heldAt = w.id;
        _marks[number] = mark;
        _shownFor[d.validatorIndex] = w.id;
    }

    /// @dev The list is in the order of the blocks, postponed deposits at its end aside: what would stand behind an element
    /// of a later slot doesn't stand there at all.
    function _scan(InFlightProof calldata proof, Work memory w, Progress memory p, bool hasList) private {
        uint32 newest = proof.newest;
        DepositLine.Deposit memory d = _requireKnown(w, newest);
        Validator calldata v = _container(proof, d.validatorIndex);
        if (v.exitEpoch != Ssz.FAR_FUTURE_EPOCH) revert AnchorInvalid(newest);
        Scan memory scan = _scans[msg.sender];
        if (scan.checkpoint != w.id || scan.newest != newest || _beginsAtHead(proof)) {
            scan = Scan(w.id, newest, 0);
        }
        uint32 before = scan.scanned;
        bool isOver;
        for (uint256 i; i < proof.pending.positions.length && !isOver; ++i) {
            if (proof.pending.positions[i] != scan.scanned) continue;
            PendingDeposit calldata element = proof.pending.elements[i];
            if (element.pubkeyRoot == v.pubkeyRoot && _isLike(element, d)) {
                revert DepositStillPending(newest, scan.scanned);
            }
            ++scan.scanned;
            isOver = element.slot > d.slot;
        }
        if (isOver || (hasList && scan.scanned == proof.pending.length)) {
            p.newest = newest;
            w.changed = true;
        } else if (scan.scanned != before) {
            _scans[msg.sender] = scan;
            w.changed = true;
        }
    }

    /// @dev Whoever shows the head starts over: it may have forgotten how far it had come.
    function _beginsAtHead(InFlightProof calldata proof) private pure returns (bool) {
        return proof.pending.positions.length != 0 && proof.pending.positions[0] == 0;
    }

    function _walk(InFlightProof calldata proof, Work memory w, Progress memory p, Sums memory sums) private {
        for (uint32 number = p.walkedTo + 1; number <= proof.walkTo; ++number) {
            DepositLine.Deposit memory d = _requireKnown(w, number);
            p.walkedTo = number;
            w.changed = true;
            if (_container(proof, d.validatorIndex).exitEpoch == Ssz.FAR_FUTURE_EPOCH) {
                if (number <= p.newest) continue; // landed, whatever looks like it
                if (!_isBeforeExiting(proof, w, number, d.slot)) revert DepositUnaccounted(number);
                if (!p.anyShown || _marks[number].shownAt != w.id) revert DepositUnaccounted(number);
            }
            Mark memory mark = _marks[number];
            mark.passedAt = w.id;
            sums.passedGwei += d.amountGwei;
            if (mark.shownAt == w.id) {
                _hold(w, sums, number, mark, d);
            } else {
                _marks[number] = mark;
                // Unix times fit 40 bits
                p.absentSince = uint40(block.timestamp);
                emit DepositPassedAbsent(w.id, number);
            }
        }
    }

    /// @dev Whether a later deposit of the slot goes to an exiting validator. Only then may one to a working validator have to
    /// be taken singly: it has landed, a look-alike hides that, and so has the later one, which no boundary could show.
    function _isBeforeExiting(InFlightProof calldata proof, Work memory w, uint32 number, uint48 slot)
        private
        view
        returns (bool)
    {
        for (++number; number <= w.count && _line.deposits[number].slot == slot; ++number) {
            uint40 index = _line.deposits[number].validatorIndex;
            uint256 at = proof.containers.find(index);
            if (at == proof.containers.indices.length || proof.containers.indices[at] != index) continue;
            if (proof.containers.validators[at].exitEpoch != Ssz.FAR_FUTURE_EPOCH) return true;
        }
        return false;
    }

    function _bound(InFlightProof calldata proof, Work memory w, Progress memory p) private view {
        uint32 number = p.walkedTo + 1;
        uint48 slot = _line.deposits[number].slot;
        if (number <= w.count && slot <= w.slot) {
            if (proof.boundary.length == 0) return;
            bool isAnchored;
            uint256 i;
            for (; number <= w.count && _line.deposits[number].slot == slot; ++number) {
                if (i == proof.boundary.length) revert InFlightPlacesDiffer(i, i + 1);
                DepositLine.Deposit memory d = _requireElement(proof, w, number, proof.boundary[i]);
                ++i;
                if (number != proof.anchor) continue;
                isAnchored = _container(proof, d.validatorIndex).exitEpoch == Ssz.FAR_FUTURE_EPOCH;
            }
            if (i != proof.boundary.length) revert InFlightPlacesDiffer(proof.boundary.length, i);
            if (!isAnchored) revert AnchorInvalid(proof.anchor);
        }
        (p.isComplete, w.changed) = (true, true);
    }

    // ---------------------------------------------------------------- settle

    /// @inheritdoc IDepositsInFlight
    function settle(uint64 checkpoint, uint32 lastDeposit) external returns (uint64 inFlightGwei) {
        if (msg.sender != address(GATE)) revert InFlightCallerNotAllowed(msg.sender);
        Progress memory p;
        uint64 shown;
        (inFlightGwei, p, shown) = _settled(checkpoint, lastDeposit);
        (_closed, _landedSlot) = (checkpoint, p.slot);
        emit DepositsLanded(checkpoint, p.walkedTo, shown, _line.land(p.walkedTo, shown));
    }

    /// @inheritdoc IDepositsInFlight
    function previewSettle(uint64 checkpoint, uint32 lastDeposit)
        external
        view
        returns (uint64 inFlightGwei)
    {
        (inFlightGwei,,) = _settled(checkpoint, lastDeposit);
    }

    function _settled(uint64 checkpoint, uint32 lastDeposit)
        private
        view
        returns (uint64 inFlightGwei, Progress memory p, uint64 shown)
    {
        p = _progress;
        if (p.checkpoint != checkpoint || !p.isComplete) {
            revert InFlightIncomplete(checkpoint, p.checkpoint == checkpoint ? p.walkedTo : 0);
        }
        shown = _sums.shownGwei;
        // while the brake stops proofs nobody can contradict: the hour begins after it
        uint256 stopped = TOKEN.brakedUntil(Zone.Accounting);
        uint256 until = (stopped > p.absentSince ? stopped : p.absentSince) + DISPUTE_DELAY;
        if (shown != _line.head.shortGwei + _sums.passedGwei && block.timestamp < until) {
            revert InFlightDisputable(until);
        }
        // walkedTo ≤ lastDeposit: what was walked is of the state's slot at the latest, the open came after it
        inFlightGwei = _line.between(p.walkedTo, lastDeposit) + shown;
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IDepositsInFlight
    function inFlight() external view returns (uint32 count, uint32 landed, uint64 gwei_) {
        DepositLine.Head memory head = _line.head;
        return (head.count, head.landed, DepositLine.inFlightGwei(head));
    }

    /// @inheritdoc IDepositsInFlight
    function shortGwei() external view returns (uint64) {
        return _line.head.shortGwei;
    }

    /// @inheritdoc IDepositsInFlight
    function isShort(uint32 number) external view returns (bool) {
        return number <= _line.head.landed && _isShort(_marks[number]);
    }

    /// @inheritdoc IDepositsInFlight
    function landedSlot() external view returns (uint64) {
        return _landedSlot;
    }

    /// @inheritdoc IDepositsInFlight
    function flying(uint32 lastDeposit, uint40 index) external view returns (bool) {
        DepositLine.Head memory head = _line.head;
        return lastDeposit > head.landed || (head.shortGwei != 0 && _shownFor[index] >= _closed);
    }

    /// @inheritdoc IDepositsInFlight
    function deposit(uint32 number) external view returns (DepositLine.Deposit memory) {
        return _line.deposits[number];
    }

    /// @inheritdoc IDepositsInFlight
    function facts() external view returns (Facts memory) {
        Progress memory p = _progress;
        return Facts(
            p.checkpoint, p.newest, p.walkedTo, p.isComplete, p.absentSince, _sums.passedGwei, _sums.shownGwei
        );
    }

    /// @inheritdoc IDepositsInFlight
    function inFlightOf(uint32[] calldata operatorIds) external view returns (uint64[] memory gweiOf) {
        gweiOf = new uint64[](operatorIds.length);
        uint32 count = _line.head.count;
        for (uint32 number = _line.head.landed + 1; number <= count; ++number) {
            DepositLine.Deposit memory flying_ = _line.deposits[number];
            for (uint256 i; i < operatorIds.length; ++i) {
                if (operatorIds[i] == flying_.operatorId) gweiOf[i] += flying_.amountGwei;
            }
        }
    }

    // ---------------------------------------------------------------- inside

    /// @dev Held by the last close, or at a later checkpoint, which was then given up.
    function _isShort(Mark memory mark) private view returns (bool) {
        return mark.heldAt != 0 && mark.heldAt >= _closed;
    }

    /// @dev A deposit of a later slot than the state's is pending, whatever is shown.
    function _requireKnown(Work memory w, uint32 number) private view returns (DepositLine.Deposit memory d) {
        if (number == 0 || number > w.count) revert DepositUnknown(number, w.count);
        d = _line.deposits[number];
        if (d.slot > w.slot) revert DepositTooYoung(number, d.slot, w.slot);
    }

    /// @dev The element is this deposit, or one that can't be told from it, which is as good: somebody else's ether for
    /// the same validator. No key of ours gets two deposits in one slot, so none stands for two.
    function _requireElement(InFlightProof calldata proof, Work memory w, uint32 number, uint256 place)
        private
        view
        returns (DepositLine.Deposit memory d)
    {
        d = _requireKnown(w, number);
        if (place >= proof.pending.elements.length) revert DepositNotElement(number, place);
        PendingDeposit calldata element = proof.pending.elements[place];
        IValidatorManager.ValidatorRecord memory record = VALIDATORS.validator(element.pubkeyRoot);
        bool isOurs = record.index == d.validatorIndex && record.status >= IValidatorManager.Status.Member
            && record.status <= IValidatorManager.Status.Left;
        if (!isOurs || !_isLike(element, d)) revert DepositNotElement(number, place);
    }

    function _isLike(PendingDeposit calldata element, DepositLine.Deposit memory d)
        private
        pure
        returns (bool)
    {
        return element.amountGwei == d.amountGwei && element.slot == d.slot;
    }

    function _container(InFlightProof calldata proof, uint40 index)
        private
        pure
        returns (Validator calldata)
    {
        uint256 position = proof.containers.find(index);
        if (position == proof.containers.indices.length || proof.containers.indices[position] != index) {
            revert ValidatorNotShown(index);
        }
        return proof.containers.validators[position];
    }
}
