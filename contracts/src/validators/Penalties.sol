// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { Zone } from "../governance/IBraked.sol";
import { Validator } from "../types/Ssz.sol";
import { ChainConstants, IBeaconProofs, ParticipationProof, ValidatorsProof } from "./IBeaconProofs.sol";
import { ICheckpointGate } from "./ICheckpointGate.sol";
import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { IPenalties } from "./IPenalties.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { SlashingLoss } from "./SlashingLoss.sol";

/// Owns: slashings from proof to settlement, idle epochs, what each costs the operator.
/// Does not own: bonds (OperatorRegistry), members (ValidatorManager), the shares taken (the pot).
/// Trusts: BeaconProofs for facts; the token's high-water mark as the rate at which a loss is charged.
contract Penalties is IPenalties {
    struct Config {
        IStakedEther token;
        IBeaconProofs proofs;
        IOperatorRegistry registry;
        IValidatorManager validators;
        ICheckpointGate gate;
    }

    uint64 public constant MAX_EFFECTIVE_GWEI = 2048e9;
    /// @dev Roots of the EIP-4788 contract reach back this many slots.
    uint64 public constant ROOTS_KEPT = 8191;
    uint64 public constant MAX_SLOTS_APART = 64;
    uint256 public constant SLASHING_REWARD = 0.05 ether;
    uint256 public constant IDLE_CHARGE = 0.01 ether;
    uint256 public constant IDLE_LIMIT = 5;
    uint256 public constant IDLE_WINDOW = 30 days;

    IStakedEther public immutable TOKEN;
    IBeaconProofs public immutable PROOFS;
    IOperatorRegistry public immutable REGISTRY;
    IValidatorManager public immutable VALIDATORS;
    /// @dev Receives shares taken from bonds, and hears of losses that bonds don't cover.
    ICheckpointGate public immutable GATE;

    mapping(bytes32 pubkeyRoot => Slashing) private _slashings;
    /// @dev Expected losses of open slashings, and their part beyond the bond, by operator.
    mapping(uint32 operatorId => uint64) private _expectedGwei;
    mapping(uint32 operatorId => uint64) private _uncoveredOf;
    /// @dev Latest withdrawable epoch of its slashed validators.
    mapping(uint32 operatorId => uint64) private _paidOutBy;
    uint64 private _uncoveredGwei;
    uint64 private _slashedGwei; // balances before, of all open slashings
    mapping(bytes32 pubkeyRoot => mapping(uint256 word => uint256 epochs)) private _idle;

    constructor(Config memory config) {
        if (
            address(config.token) == address(0) || address(config.proofs) == address(0)
                || address(config.registry) == address(0) || address(config.validators) == address(0)
                || address(config.gate) == address(0)
        ) revert PenaltiesConfigZero();
        TOKEN = config.token;
        PROOFS = config.proofs;
        REGISTRY = config.registry;
        VALIDATORS = config.validators;
        GATE = config.gate;
    }

    modifier released() {
        _requireReleased();
        _;
    }

    function _requireReleased() private view {
        TOKEN.requireReleased(Zone.Validators);
    }

    // ---------------------------------------------------------------- slashing

    /// @inheritdoc IPenalties
    /// @dev Goes on while the zone is stopped, and so does the late one: a slashing nobody may prove would hide its loss
    /// from the safeguard and let bonds go. It opens the case; nothing is charged but the prover's reward.
    function proveSlashing(ValidatorsProof calldata before, ValidatorsProof calldata afterwards) external {
        (Validator calldata v0,) = _single(before);
        (Validator calldata v1, uint64 balanceAfter) = _single(afterwards);
        if (v0.pubkeyRoot != v1.pubkeyRoot) revert SlashingProofsMismatch(v0.pubkeyRoot, v1.pubkeyRoot);
        if (afterwards.slot <= before.slot || afterwards.slot - before.slot > MAX_SLOTS_APART) {
            revert SlashingProofsApart(before.slot, afterwards.slot, MAX_SLOTS_APART);
        }
        if (v0.slashed) revert SlashedBefore(v0.pubkeyRoot);
        _openSlashing(v1, balanceAfter);
    }

    /// @inheritdoc IPenalties
    function proveSlashingLate(ValidatorsProof calldata afterwards) external {
        (Validator calldata v, uint64 balanceAfter) = _single(afterwards);
        if (!v.slashed) revert NotSlashed(v.pubkeyRoot);
        ChainConstants memory c = PROOFS.chainConstants();
        // slashed in the epoch withdrawable − vector, or earlier
        uint64 lateFrom = v.withdrawableEpoch - c.slashingsVector + ROOTS_KEPT / c.slotsPerEpoch + 1;
        if (PROOFS.currentEpoch() < lateFrom) revert SlashingStillFresh(v.pubkeyRoot, lateFrom);
        _openSlashing(v, balanceAfter);
    }

    /// @dev The balance before is what is there + the initial penalty. Read from a state before the slashing it would count
    /// as loss what was withdrawn in between, and hide as much as landed.
    function _openSlashing(Validator calldata v, uint64 balanceAfter) private {
        bytes32 root = v.pubkeyRoot;
        if (!v.slashed) revert NotSlashed(root);
        if (_slashings[root].phase != Phase.None) revert SlashingKnown(root);
        IValidatorManager.ValidatorRecord memory record = VALIDATORS.validator(root);
        if (
            record.status < IValidatorManager.Status.Member
                || record.status > IValidatorManager.Status.Slashed
        ) revert NotSlashable(root);
        uint64 balanceBefore = balanceAfter + SlashingLoss.initialGwei(v.effectiveBalance);
        if (balanceBefore > MAX_EFFECTIVE_GWEI) balanceBefore = MAX_EFFECTIVE_GWEI;
        uint64 expected = SlashingLoss.expectedGwei(balanceBefore, _slashedGwei);
        _slashedGwei += balanceBefore;
        _slashings[root] =
            Slashing(Phase.Open, record.operatorId, balanceBefore, v.withdrawableEpoch, 0, expected);

        VALIDATORS.noteLeaving(root, true);
        REGISTRY.noteSlashing(record.operatorId, true);
        uint256 reward = REGISTRY.takeBond(record.operatorId, _sharesAtMark(SLASHING_REWARD), msg.sender);
        emit SlashingProven(
            root, record.operatorId, balanceBefore, v.withdrawableEpoch, expected, msg.sender, reward
        );
        _expectedGwei[record.operatorId] += expected;
        if (v.withdrawableEpoch > _paidOutBy[record.operatorId]) {
            _paidOutBy[record.operatorId] = v.withdrawableEpoch;
        }
        _updateUncovered(record.operatorId);
    }

    /// @inheritdoc IPenalties
    function settleSlashing(ValidatorsProof calldata proof) external released {
        uint64[] memory balances = PROOFS.verifyValidators(proof, ROOTS_KEPT);
        ChainConstants memory c = PROOFS.chainConstants();
        if (balances.length != proof.indices.length) {
            revert SingleValidatorExpected(proof.indices.length, balances.length);
        }
        bool charged;
        for (uint256 i; i < balances.length; ++i) {
            uint64 epoch = proof.slot / c.slotsPerEpoch;
            if (_settle(proof.validators[i].pubkeyRoot, balances[i], epoch, c.slashingsVector / 2)) {
                charged = true;
            }
        }
        if (!charged) revert NothingToCharge();
    }

    /// @return charged False when this balance adds nothing: somebody may have shown it a moment ago, and that spoils
    /// nobody's batch.
    function _settle(bytes32 root, uint64 balanceGwei, uint64 epoch, uint64 half)
        private
        returns (bool charged)
    {
        Slashing memory s = _slashings[root];
        if (s.phase != Phase.Open && s.phase != Phase.Settled) revert SlashingUnknown(root);
        // the correlation penalty falls in the transition out of epoch withdrawable − half (process_slashings)
        uint64 first = s.withdrawableEpoch - half + 1;
        uint64 last = s.withdrawableEpoch - 1;
        if (epoch < first || epoch > last) revert SlashingOutsideWindow(root, epoch, first, last);
        uint64 loss = s.balanceBeforeGwei > balanceGwei ? s.balanceBeforeGwei - balanceGwei : 0;
        if (s.phase == Phase.Settled && loss <= s.lossGwei) return false;
        uint64 added = loss - s.lossGwei; // before it is settled nothing is charged
        _slashings[root].lossGwei = loss;
        if (s.phase == Phase.Open) _closeSlashing(root, s, Phase.Settled);
        uint256 shares =
            REGISTRY.takeBond(s.operatorId, _sharesAtMark(uint256(added) * 1 gwei), address(GATE));
        _updateUncovered(s.operatorId);
        emit SlashingSettled(root, s.operatorId, loss, added, shares, _gweiAtMark(shares, added));
        return true;
    }

    /// @inheritdoc IPenalties
    function forfeitBond(bytes32 pubkeyRoot) external released {
        Slashing memory s = _slashings[pubkeyRoot];
        if (s.phase != Phase.Open) revert SlashingUnknown(pubkeyRoot);
        uint64 from = s.withdrawableEpoch + ROOTS_KEPT / PROOFS.chainConstants().slotsPerEpoch + 1;
        if (PROOFS.currentEpoch() < from) revert ForfeitTooEarly(pubkeyRoot, from);
        _closeSlashing(pubkeyRoot, s, Phase.Forfeited);
        uint256 shares = REGISTRY.takeBond(s.operatorId, type(uint256).max, address(GATE));
        _updateUncovered(s.operatorId);
        emit BondForfeited(pubkeyRoot, s.operatorId, shares);
    }

    function _closeSlashing(bytes32 root, Slashing memory s, Phase phase) private {
        _slashings[root].phase = phase;
        _slashings[root].expectedGwei = 0;
        _slashedGwei -= s.balanceBeforeGwei;
        _expectedGwei[s.operatorId] -= s.expectedGwei;
        REGISTRY.noteSlashing(s.operatorId, false);
    }

    /// @dev What an operator's open slashings may cost beyond its bond of now; the gate decides whether exits wait for it.
    function _updateUncovered(uint32 operatorId) private {
        uint256 bond = REGISTRY.bondEther(operatorId) / 1 gwei;
        uint64 expected = _expectedGwei[operatorId];
        // at most `expected`
        uint64 uncovered = expected > bond ? uint64(expected - bond) : 0;
        uint64 before = _uncoveredOf[operatorId];
        if (uncovered == before) return;
        _uncoveredOf[operatorId] = uncovered;
        uint64 all = _uncoveredGwei = _uncoveredGwei + uncovered - before;
        emit UncoveredLossChanged(all);
        ChainConstants memory c = PROOFS.chainConstants();
        uint256 paidOutAt =
            c.genesisTime + uint256(_paidOutBy[operatorId]) * c.slotsPerEpoch * c.secondsPerSlot;
        GATE.noteUncoveredLoss(all, uncovered > before ? paidOutAt : 0);
    }

    // ---------------------------------------------------------------- idle

    /// @inheritdoc IPenalties
    function proveIdle(ParticipationProof calldata proof) external released {
        (uint8[] memory flags, uint64 epoch) = PROOFS.verifyParticipation(proof, ROOTS_KEPT);
        uint256 charge = _sharesAtMark(IDLE_CHARGE);
        bool charged;
        for (uint256 i; i < flags.length; ++i) {
            bytes32 root = proof.validators[i].pubkeyRoot;
            IValidatorManager.ValidatorRecord memory record = VALIDATORS.validator(root);
            if (
                record.status < IValidatorManager.Status.Member
                    || record.status > IValidatorManager.Status.Exiting
            ) revert IdleNotMember(root);
            if (flags[i] != 0) revert NotIdle(root, flags[i]);
            // somebody else may have proven it a moment ago: that spoils nobody's batch
            if (wasIdle(root, epoch)) continue;
            charged = true;
            _idle[root][epoch >> 8] |= 1 << (epoch & 0xff);
            uint256 shares = REGISTRY.takeBond(record.operatorId, charge, address(GATE));
            emit IdleProven(root, record.operatorId, epoch, shares);
        }
        if (!charged) revert NothingToCharge();
    }

    /// @inheritdoc IPenalties
    function condemnIdle(bytes32 pubkeyRoot, uint64[] calldata epochs) external released {
        if (epochs.length != IDLE_LIMIT) revert IdleEpochsWrong(epochs.length, IDLE_LIMIT);
        for (uint256 i; i < epochs.length; ++i) {
            bool ascending = i == 0 || epochs[i] > epochs[i - 1];
            if (!ascending || !wasIdle(pubkeyRoot, epochs[i])) {
                revert IdleEpochNotProven(pubkeyRoot, epochs[i]);
            }
        }
        ChainConstants memory c = PROOFS.chainConstants();
        // a window of 30 days is far below 2^64 epochs
        uint64 window = uint64(IDLE_WINDOW / (uint256(c.slotsPerEpoch) * c.secondsPerSlot));
        uint64 last = epochs[IDLE_LIMIT - 1];
        bool old = PROOFS.currentEpoch() > epochs[0] + window;
        if (old || last - epochs[0] > window) revert IdleWindowExceeded(epochs[0], last, window);
        (uint32 operatorId,) = VALIDATORS.markToExit(pubkeyRoot);
        emit IdleCondemned(pubkeyRoot, operatorId, epochs[0], last);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IPenalties
    function slashing(bytes32 pubkeyRoot) external view returns (Slashing memory) {
        return _slashings[pubkeyRoot];
    }

    /// @inheritdoc IPenalties
    function isSettled(bytes32 pubkeyRoot) external view returns (bool) {
        return _slashings[pubkeyRoot].phase > Phase.Open;
    }

    /// @inheritdoc IPenalties
    function wasIdle(bytes32 pubkeyRoot, uint64 epoch) public view returns (bool) {
        return _idle[pubkeyRoot][epoch >> 8] >> (epoch & 0xff) & 1 != 0;
    }

    /// @inheritdoc IPenalties
    function uncoveredLossGwei() external view returns (uint64) {
        return _uncoveredGwei;
    }

    // ---------------------------------------------------------------- inside

    /// @dev One validator with its balance, at a root the EIP-4788 contract still holds.
    function _single(ValidatorsProof calldata proof)
        private
        view
        returns (Validator calldata v, uint64 balanceGwei)
    {
        uint64[] memory balances = PROOFS.verifyValidators(proof, ROOTS_KEPT);
        if (proof.indices.length != 1 || balances.length != 1) {
            revert SingleValidatorExpected(proof.indices.length, balances.length);
        }
        return (proof.validators[0], balances[0]);
    }

    /// @return Shares of `amount` wei at the high-water mark, rounded down: the mark is never below the rate before a
    /// loss, so never more is taken than was lost (protocol §3).
    function _sharesAtMark(uint256 amount) private view returns (uint256) {
        (uint128 etherValue, uint128 shares) = TOKEN.mark();
        return amount * shares / etherValue;
    }

    function _gweiAtMark(uint256 shares, uint256 most) private view returns (uint256) {
        (uint128 etherValue, uint128 poolShares) = TOKEN.mark();
        uint256 value = (shares * etherValue / poolShares + 1 gwei - 1) / 1 gwei;
        return value < most ? value : most;
    }
}
