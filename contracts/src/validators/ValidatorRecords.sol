// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { Zone } from "../governance/IBraked.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { IBeaconProofs, ValidatorsProof } from "./IBeaconProofs.sol";
import { ICheckpointGate } from "./ICheckpointGate.sol";
import { IDepositsInFlight } from "./IDepositsInFlight.sol";
import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { IPenalties } from "./IPenalties.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { IWithdrawals } from "./IWithdrawals.sol";
import { Membership } from "./Membership.sol";

/// Owns: the record of every key, membership; how a member's status and principal change.
/// Does not own: how a key becomes a member (ValidatorManager, which is this), the line of deposits (DepositsInFlight).
/// Trusts: BeaconProofs for facts; the consensus rules for what follows from them.
abstract contract ValidatorRecords is IValidatorManager {
    using Membership for Membership.Set;

    struct Config {
        IStakedEther token;
        IBeaconProofs proofs;
        IOperatorRegistry registry;
        IWithdrawals withdrawals;
        IPenalties penalties;
        IDepositsInFlight inFlight;
        ICheckpointGate gate;
    }

    uint64 public constant MAX_PROOF_AGE = 64; // slots

    IStakedEther public immutable TOKEN;
    IBeaconProofs public immutable PROOFS;
    IOperatorRegistry public immutable REGISTRY;
    IWithdrawals public immutable WITHDRAWALS;
    IPenalties public immutable PENALTIES;
    IDepositsInFlight public immutable IN_FLIGHT;
    ICheckpointGate public immutable GATE;

    mapping(bytes32 pubkeyRoot => ValidatorRecord) internal _validators;
    Membership.Set internal _members;
    uint64 private _exitingGwei;

    constructor(Config memory config) {
        if (address(config.token) == address(0)) revert ManagerConfigZero("token");
        if (address(config.proofs) == address(0)) revert ManagerConfigZero("proofs");
        if (address(config.registry) == address(0)) revert ManagerConfigZero("registry");
        if (address(config.withdrawals) == address(0)) revert ManagerConfigZero("withdrawals");
        if (address(config.penalties) == address(0)) revert ManagerConfigZero("penalties");
        if (address(config.inFlight) == address(0)) revert ManagerConfigZero("inFlight");
        if (address(config.gate) == address(0)) revert ManagerConfigZero("gate");
        TOKEN = config.token;
        PROOFS = config.proofs;
        REGISTRY = config.registry;
        WITHDRAWALS = config.withdrawals;
        PENALTIES = config.penalties;
        IN_FLIGHT = config.inFlight;
        GATE = config.gate;
    }

    modifier locked() {
        TOKEN.acquireLock();
        _;
        TOKEN.releaseLock();
    }

    modifier released() {
        _requireReleased();
        _;
    }

    modifier onlySiblings() {
        if (msg.sender != address(WITHDRAWALS) && msg.sender != address(PENALTIES)) {
            revert ManagerCallerNotAllowed(msg.sender);
        }
        _;
    }

    /// @dev What enters through the lock is held by the token itself.
    function _requireReleased() private view {
        TOKEN.requireReleased(Zone.Validators);
    }

    // ---------------------------------------------------------------- members

    /// @inheritdoc IValidatorManager
    function observe(ValidatorsProof calldata proof) external released {
        uint64[] memory balances = _verifyBalances(proof);
        for (uint256 i; i < balances.length; ++i) {
            Validator calldata v = proof.validators[i];
            ValidatorRecord memory record = _validators[v.pubkeyRoot];
            if (!v.slashed) _lowerPrincipal(v.pubkeyRoot, record, balances[i], proof.slot);
            if (_leaving(v)) _markLeaving(v.pubkeyRoot, record, v.slashed);
        }
    }

    /// @inheritdoc IValidatorManager
    function leave(ValidatorsProof calldata proof) external locked {
        uint64[] memory balances = _verifyBalances(proof);
        GATE.beforeRemoval();
        uint64 epoch = proof.slot / PROOFS.chainConstants().slotsPerEpoch;
        uint64 landedSlot = IN_FLIGHT.landedSlot();
        if (proof.slot < landedSlot) revert ProofNotNewer(proof.slot, landedSlot);
        for (uint256 i; i < balances.length; ++i) {
            Validator calldata v = proof.validators[i];
            bytes32 root = v.pubkeyRoot;
            ValidatorRecord memory record = _validators[root];
            if (!_isMember(record.status)) revert KeyStatusWrong(root, record.status);
            if (balances[i] != 0) revert NotEmptyYet(root, balances[i]);
            if (epoch < v.withdrawableEpoch) revert NotWithdrawnYet(root, v.withdrawableEpoch);
            uint64 flying = _flying(record);
            if (flying != 0) revert StillInFlight(root, flying);
            if (v.slashed && !PENALTIES.isSettled(root)) revert SlashingNotSettled(root);
            _move(root, record, Status.Left);
            _validators[root].principalGwei = 0;
            emit PrincipalChanged(root, 0);
            _members.remove(record.index);
            emit MemberRemoved(root, record.index, _members.count);
            WITHDRAWALS.noteLeft(root);
        }
    }

    // ---------------------------------------------------------------- siblings

    /// @inheritdoc IValidatorManager
    function markToExit(bytes32 pubkeyRoot) external onlySiblings returns (uint32 operatorId, bool already) {
        ValidatorRecord memory record = _validators[pubkeyRoot];
        if (record.status == Status.ToExit) return (record.operatorId, true);
        if (record.status != Status.Member) revert KeyStatusWrong(pubkeyRoot, record.status);
        _move(pubkeyRoot, record, Status.ToExit);
        return (record.operatorId, false);
    }

    /// @inheritdoc IValidatorManager
    function noteLeaving(bytes32 pubkeyRoot, bool slashed) external onlySiblings {
        _markLeaving(pubkeyRoot, _validators[pubkeyRoot], slashed);
    }

    /// @inheritdoc IValidatorManager
    function noteBalance(bytes32 pubkeyRoot, uint64 balanceGwei, uint64 slot) external onlySiblings {
        _lowerPrincipal(pubkeyRoot, _validators[pubkeyRoot], balanceGwei, slot);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IValidatorManager
    function validator(bytes32 pubkeyRoot) external view returns (ValidatorRecord memory record) {
        record = _validators[pubkeyRoot];
        record.inFlightGwei = _flying(record);
    }

    /// @inheritdoc IValidatorManager
    function memberCount() external view returns (uint32) {
        return _members.count;
    }

    /// @inheritdoc IValidatorManager
    function memberWords(bytes calldata words) external view returns (uint256[] memory bitmaps) {
        bitmaps = new uint256[](words.length / 4);
        for (uint256 i; i < bitmaps.length; ++i) {
            uint256 word;
            // reads four bytes of `words`: 4 × i + 4 is at most its length
            assembly ("memory-safe") {
                word := shr(224, calldataload(add(words.offset, shl(2, i))))
            }
            bitmaps[i] = _members.words[word];
        }
    }

    /// @inheritdoc IValidatorManager
    function nextMember(uint40 from) external view returns (uint40 index) {
        // members' indices are 40 bits
        return uint40(_members.next(from));
    }

    /// @inheritdoc IValidatorManager
    function exitingGwei() external view returns (uint64) {
        return _exitingGwei;
    }

    // ---------------------------------------------------------------- inside

    function _verifyBalances(ValidatorsProof calldata proof)
        internal
        view
        returns (uint64[] memory balances)
    {
        balances = PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        if (balances.length != proof.indices.length) {
            revert BalancesMissing(balances.length, proof.indices.length);
        }
    }

    function _leaving(Validator calldata v) internal pure returns (bool) {
        return v.slashed || v.exitEpoch != Ssz.FAR_FUTURE_EPOCH;
    }

    function _isMember(Status status) internal pure returns (bool) {
        return status >= Status.Member && status <= Status.Slashed;
    }

    /// @dev A member is marked; a key not yet funded is dropped, and what it holds will reach the vault as gain. Nothing
    /// happens to others, and nothing twice.
    function _markLeaving(bytes32 root, ValidatorRecord memory record, bool slashed) internal {
        if (record.status == Status.Eligible) {
            _validators[root].status = Status.Dropped;
            emit ValidatorDropped(root, record.index);
            return;
        }
        Status to = slashed ? Status.Slashed : Status.Exiting;
        if (_isMember(record.status) && record.status < to) _move(root, record, to);
    }

    function _move(bytes32 root, ValidatorRecord memory record, Status to) private {
        Status from = record.status;
        if (from == Status.Exiting) _exitingGwei -= record.principalGwei;
        if (to == Status.Exiting) _exitingGwei += record.principalGwei;
        _validators[root].status = to;
        emit ValidatorMoved(root, from, to);
        REGISTRY.noteMoved(record.operatorId, from, to, record.principalGwei);
    }

    /// @dev principal = min(principal, balance + in flight) of a member not slashed: what was withdrawn no longer counts. A
    /// balance older than the proof that moved the landed pointer says nothing: it may lack a deposit that no longer
    /// counts as in flight.
    function _lowerPrincipal(bytes32 root, ValidatorRecord memory record, uint64 balanceGwei, uint64 slot)
        internal
    {
        if (record.status < Status.Member || record.status > Status.Exiting) return;
        if (slot < IN_FLIGHT.landedSlot()) return;
        uint64 present = balanceGwei + _flying(record);
        uint64 before = record.principalGwei;
        if (present >= before) return;
        record.principalGwei = present;
        _validators[root].principalGwei = present;
        if (record.status == Status.Exiting) _exitingGwei -= before - present;
        emit PrincipalChanged(root, present);
        REGISTRY.noteLowered(record.operatorId, record.status, before, present);
    }

    /// @return flyingGwei What of the pool's deposits is in flight to this validator, at most: while one flies, those that
    /// flew when it was made count too.
    function _flying(ValidatorRecord memory record) internal view returns (uint64 flyingGwei) {
        if (IN_FLIGHT.flying(record.lastDeposit, record.index)) flyingGwei = record.inFlightGwei;
    }
}
