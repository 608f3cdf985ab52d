// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../deposit/IWithdrawalQueue.sol";
import { Zone } from "../governance/IBraked.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { IBeaconProofs, ValidatorsProof } from "./IBeaconProofs.sol";
import { IDepositsInFlight } from "./IDepositsInFlight.sol";
import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { IWithdrawalVault } from "./IWithdrawalVault.sol";
import { IWithdrawals } from "./IWithdrawals.sol";

/// Owns: open partial requests, the rotation among members, requests to exit.
/// Does not own: members and their status (ValidatorManager), the ether that comes back (WithdrawalVault).
/// Trusts: BeaconProofs for balances; the EIP-7002 contract for its fee.
contract Withdrawals is IWithdrawals {
    struct Config {
        IStakedEther token;
        IWithdrawalQueue queue;
        IBeaconProofs proofs;
        IOperatorRegistry registry;
        IValidatorManager validators;
        IDepositsInFlight inFlight;
        IWithdrawalVault vault;
        address governance;
    }

    uint64 public constant MAX_PROOF_AGE = 64; // slots
    uint64 public constant MIN_ACTIVATION_GWEI = 32e9;
    uint64 public constant MIN_PARTIAL_GWEI = 1e9;
    uint64 public constant PARTIAL_CHUNK_GWEI = 256e9;
    /// @dev Rewards that come in until a partial withdrawal is paid must not hide that it was.
    uint64 public constant PARTIAL_TOLERANCE_GWEI = 1e9;
    uint40 public constant REQUEST_TIMEOUT = 21 days;

    IStakedEther public immutable TOKEN;
    IWithdrawalQueue public immutable QUEUE;
    IBeaconProofs public immutable PROOFS;
    IOperatorRegistry public immutable REGISTRY;
    IValidatorManager public immutable VALIDATORS;
    IDepositsInFlight public immutable IN_FLIGHT;
    IWithdrawalVault public immutable VAULT;
    address public immutable GOVERNANCE;

    mapping(bytes32 pubkeyRoot => PartialRequest) private _partials;
    uint64 private _openPartialsGwei;
    uint40 private _cursor;
    uint64 private _turnGwei;

    constructor(Config memory config) {
        if (
            address(config.token) == address(0) || address(config.queue) == address(0)
                || address(config.proofs) == address(0) || address(config.registry) == address(0)
                || address(config.validators) == address(0) || address(config.inFlight) == address(0)
                || address(config.vault) == address(0) || config.governance == address(0)
        ) revert WithdrawalsConfigZero();
        TOKEN = config.token;
        QUEUE = config.queue;
        PROOFS = config.proofs;
        REGISTRY = config.registry;
        VALIDATORS = config.validators;
        IN_FLIGHT = config.inFlight;
        VAULT = config.vault;
        GOVERNANCE = config.governance;
    }

    modifier released() {
        TOKEN.requireReleased(Zone.Validators);
        _;
    }

    modifier onlyManager() {
        if (msg.sender != address(VALIDATORS)) revert WithdrawalsCallerNotAllowed(msg.sender);
        _;
    }

    // ---------------------------------------------------------------- partial withdrawals

    /// @inheritdoc IWithdrawals
    function withdraw(ValidatorsProof calldata proof, bytes[] calldata pubkeys, uint256 maxFee)
        external
        payable
        released
        returns (uint64 askedGwei)
    {
        uint64[] memory balances = _verifyBalances(proof);
        if (pubkeys.length != balances.length) revert PubkeysMissing(pubkeys.length, balances.length);
        if (uncoveredDemand() == 0) revert NoUncoveredDemand();
        uint64[] memory amounts = new uint64[](balances.length);
        bytes[] memory keys = new bytes[](balances.length);
        uint256 count;
        for (uint256 i; i < balances.length; ++i) {
            bytes32 root = proof.validators[i].pubkeyRoot;
            if (Ssz.pubkeyRoot(pubkeys[i]) != root) revert PubkeyNotProven(Ssz.pubkeyRoot(pubkeys[i]), root);
            uint64 amountGwei = _takeTurn(proof.indices[i], proof.validators[i], balances[i], proof.slot);
            if (amountGwei == 0) continue;
            (keys[count], amounts[count]) = (pubkeys[i], amountGwei);
            ++count;
            askedGwei += amountGwei;
        }
        // shrinks both arrays to what was asked; count never passes their length
        assembly ("memory-safe") {
            mstore(keys, count)
            mstore(amounts, count)
        }
        _send(keys, amounts, maxFee);
    }

    /// @dev Asks the validator whose turn it is, or passes it over.
    /// @return amountGwei Asked for; 0 when it can't pay now or nothing more is needed.
    function _takeTurn(uint40 index, Validator calldata v, uint64 balanceGwei, uint64 slot)
        private
        returns (uint64 amountGwei)
    {
        uint256 demand = uncoveredDemand();
        if (demand == 0) return 0;
        uint40 expected = nextInRotation();
        if (index != expected) revert NotNextInRotation(index, expected);
        if (expected != _cursor) (_cursor, _turnGwei) = (expected, 0);
        bytes32 root = v.pubkeyRoot;
        uint64 room;
        if (_leaving(v)) {
            _noteLeaving(v, balanceGwei, slot);
        } else if (_canPay(v)) {
            _settle(root, balanceGwei, slot);
            room = _roomGwei(balanceGwei, _partials[root].amountGwei);
        }
        if (room < MIN_PARTIAL_GWEI) {
            _moveOn();
            return 0;
        }
        uint64 turnLeft = PARTIAL_CHUNK_GWEI - _turnGwei;
        amountGwei = _sizeGwei(demand, room, turnLeft);
        _open(root, amountGwei, balanceGwei);
        _turnGwei += amountGwei;
        // less than the smallest request left to ask for is nothing left
        if (turnLeft - amountGwei < MIN_PARTIAL_GWEI || room - amountGwei < MIN_PARTIAL_GWEI) _moveOn();
    }

    /// @dev The demand, at least 1 ETH, at most what the validator can pay and what its turn has left. Never zero: zero is
    /// a full exit (EIP-7002).
    function _sizeGwei(uint256 demand, uint64 room, uint64 turnLeft) private pure returns (uint64) {
        uint256 size = (demand + 1 gwei - 1) / 1 gwei;
        if (size < MIN_PARTIAL_GWEI) size = MIN_PARTIAL_GWEI;
        if (size > turnLeft) size = turnLeft;
        // at most a chunk
        return size > room ? room : uint64(size);
    }

    function _roomGwei(uint64 balanceGwei, uint64 openGwei) private pure returns (uint64) {
        uint64 kept = MIN_ACTIVATION_GWEI + openGwei;
        return balanceGwei > kept ? balanceGwei - kept : 0;
    }

    function _moveOn() private {
        ++_cursor;
        _turnGwei = 0;
        emit RotationMoved(_cursor);
    }

    /// @dev process_withdrawal_request (consensus-specs, electra) silently ignores what fails the age or the size. While a
    /// deposit is in flight, or has landed unproven, a balance does not say what would be unpaid of a request.
    function _canPay(Validator calldata v) private view returns (bool) {
        IValidatorManager.ValidatorRecord memory record = VALIDATORS.validator(v.pubkeyRoot);
        if (record.status != IValidatorManager.Status.Member || record.inFlightGwei != 0) return false;
        uint64 period = PROOFS.chainConstants().shardCommitteePeriod;
        if (v.activationEpoch > Ssz.FAR_FUTURE_EPOCH - period) return false;
        return
            PROOFS.currentEpoch() >= v.activationEpoch + period && v.effectiveBalance >= MIN_ACTIVATION_GWEI;
    }

    function _open(bytes32 root, uint64 amountGwei, uint64 presentGwei) private {
        PartialRequest memory request = _partials[root];
        request.amountGwei += amountGwei;
        // room is left below the balance for all that is open
        request.dueGwei = presentGwei - request.amountGwei;
        // seconds since genesis fit 48 bits
        request.slot = uint48(PROOFS.currentSlot());
        // what adds to an open request doesn't prolong it: else what a reward or a gift hides would be hidden for ever
        if (request.amountGwei == amountGwei) request.expiresAt = uint40(block.timestamp) + REQUEST_TIMEOUT;
        _partials[root] = request;
        _openPartialsGwei += amountGwei;
        emit PartialRequested(
            root, amountGwei, request.amountGwei, request.dueGwei, request.expiresAt, _openPartialsGwei
        );
    }

    /// @inheritdoc IWithdrawals
    function settleWithdrawals(ValidatorsProof calldata proof) external released {
        uint64[] memory balances = _verifyBalances(proof);
        uint64 before = _openPartialsGwei;
        for (uint256 i; i < balances.length; ++i) {
            Validator calldata v = proof.validators[i];
            bytes32 root = v.pubkeyRoot;
            // somebody else may have settled it a moment ago: that spoils nobody's batch
            if (_partials[root].amountGwei == 0) continue;
            if (_leaving(v)) {
                _noteLeaving(v, balances[i], proof.slot);
            } else {
                VALIDATORS.noteBalance(root, balances[i], proof.slot);
                _settle(root, balances[i] + VALIDATORS.validator(root).inFlightGwei, proof.slot);
            }
        }
        if (_openPartialsGwei == before) revert NothingToSettle();
    }

    /// @dev No partial withdrawal is paid of a validator with an exit epoch.
    function _noteLeaving(Validator calldata v, uint64 balanceGwei, uint64 slot) private {
        bytes32 root = v.pubkeyRoot;
        if (!v.slashed) VALIDATORS.noteBalance(root, balanceGwei, slot);
        VALIDATORS.noteLeaving(root, v.slashed);
        if (_partials[root].amountGwei != 0) _close(root, 0, slot);
    }

    /// @dev What is still to be seen paid is what lies above the level at which all is paid. The balance must be newer
    /// than the request, than what settled before, and than the proof that moved the landed pointer: an older one would
    /// lack a deposit that no longer counts as in flight.
    function _settle(bytes32 root, uint64 presentGwei, uint64 slot) private {
        PartialRequest memory request = _partials[root];
        if (slot < request.slot) revert BalanceNotNewer(slot, request.slot);
        uint64 landed = IN_FLIGHT.landedSlot();
        if (slot < landed) revert BalanceNotNewer(slot, landed);
        if (request.amountGwei == 0) return;
        uint64 unpaid = presentGwei > request.dueGwei ? presentGwei - request.dueGwei : 0;
        uint64 tolerance = request.amountGwei / 2;
        if (tolerance > PARTIAL_TOLERANCE_GWEI) tolerance = PARTIAL_TOLERANCE_GWEI;
        if (unpaid <= tolerance || block.timestamp >= request.expiresAt) unpaid = 0;
        if (unpaid < request.amountGwei) _close(root, unpaid, slot);
    }

    /// @inheritdoc IWithdrawals
    function endExpired(bytes32[] calldata pubkeyRoots) external released {
        uint64 before = _openPartialsGwei;
        for (uint256 i; i < pubkeyRoots.length; ++i) {
            PartialRequest memory request = _partials[pubkeyRoots[i]];
            if (request.amountGwei != 0 && block.timestamp >= request.expiresAt) {
                _close(pubkeyRoots[i], 0, request.slot);
            }
        }
        if (_openPartialsGwei == before) revert NothingToSettle();
    }

    function _close(bytes32 root, uint64 unpaidGwei, uint64 slot) private {
        PartialRequest storage request = _partials[root];
        _openPartialsGwei -= request.amountGwei - unpaidGwei;
        request.amountGwei = unpaidGwei;
        // slots fit 48 bits
        request.slot = uint48(slot);
        emit PartialSettled(root, unpaidGwei, _openPartialsGwei);
    }

    // ---------------------------------------------------------------- exits

    /// @inheritdoc IWithdrawals
    function requestExits(bytes[] calldata pubkeys, uint256 maxFee) external payable released {
        uint32 allowed; // operators start at 1
        for (uint256 i; i < pubkeys.length; ++i) {
            bytes32 root = Ssz.pubkeyRoot(pubkeys[i]);
            (uint32 operatorId, bool already) = VALIDATORS.markToExit(root);
            if (!already && operatorId != allowed) {
                if (!_mayExit(operatorId)) revert ExitNotAllowed(root, msg.sender);
                allowed = operatorId;
            }
            emit ExitRequested(root, msg.sender);
        }
        // amounts of zero ask for a full exit (EIP-7002)
        _send(pubkeys, new uint64[](pubkeys.length), maxFee);
    }

    /// @inheritdoc IWithdrawals
    function orderExits(bytes32[] calldata pubkeyRoots) external {
        if (msg.sender != GOVERNANCE) revert WithdrawalsCallerNotAllowed(msg.sender);
        for (uint256 i; i < pubkeyRoots.length; ++i) {
            IValidatorManager.Status status = VALIDATORS.validator(pubkeyRoots[i]).status;
            // one that leaves already spoils nobody's order
            if (status > IValidatorManager.Status.ToExit && status <= IValidatorManager.Status.Left) {
                continue;
            }
            VALIDATORS.markToExit(pubkeyRoots[i]);
            emit ExitOrdered(pubkeyRoots[i]);
        }
    }

    function _mayExit(uint32 operatorId) private view returns (bool) {
        (address manager,) = REGISTRY.managerOf(operatorId);
        return msg.sender == manager || REGISTRY.isEjectable(operatorId);
    }

    /// @dev Pays the fees out of `msg.value` and returns the rest, after all effects.
    function _send(bytes[] memory pubkeys, uint64[] memory amounts, uint256 maxFee) private {
        uint256 needed;
        if (pubkeys.length != 0) {
            uint256 fee = VAULT.requestFee();
            if (fee > maxFee) revert WithdrawalFeeTooHigh(fee, maxFee);
            needed = fee * pubkeys.length;
            if (msg.value < needed) revert WithdrawalPaymentTooLow(msg.value, needed);
            VAULT.triggerWithdrawals{ value: needed }(pubkeys, amounts);
        }
        if (msg.value == needed) return;
        (bool ok,) = msg.sender.call{ value: msg.value - needed }("");
        if (!ok) revert RefundFailed(msg.sender, msg.value - needed);
    }

    // ---------------------------------------------------------------- ValidatorManager

    /// @inheritdoc IWithdrawals
    function noteDeposit(bytes32 pubkeyRoot, uint64 amountGwei) external onlyManager {
        if (_partials[pubkeyRoot].amountGwei != 0) _partials[pubkeyRoot].dueGwei += amountGwei;
    }

    /// @inheritdoc IWithdrawals
    function noteLeft(bytes32 pubkeyRoot) external onlyManager {
        if (_partials[pubkeyRoot].amountGwei != 0) _close(pubkeyRoot, 0, _partials[pubkeyRoot].slot);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IWithdrawals
    function uncoveredDemand() public view returns (uint256) {
        uint256 queued = TOKEN.getPooledEthByShares(QUEUE.unfinalizedShares());
        uint256 coming = (uint256(_openPartialsGwei) + VALIDATORS.exitingGwei()) * 1 gwei;
        uint256 covered = TOKEN.ownEther() + coming;
        return queued > covered ? queued - covered : 0;
    }

    /// @inheritdoc IWithdrawals
    function partialRequest(bytes32 pubkeyRoot) external view returns (PartialRequest memory) {
        return _partials[pubkeyRoot];
    }

    /// @inheritdoc IWithdrawals
    function openPartialsGwei() external view returns (uint64) {
        return _openPartialsGwei;
    }

    /// @inheritdoc IWithdrawals
    function nextInRotation() public view returns (uint40 index) {
        return VALIDATORS.nextMember(_cursor);
    }

    /// @inheritdoc IWithdrawals
    function turn() external view returns (uint40 cursor, uint64 turnGwei) {
        return (_cursor, _turnGwei);
    }

    // ---------------------------------------------------------------- inside

    function _verifyBalances(ValidatorsProof calldata proof) private view returns (uint64[] memory balances) {
        balances = PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        if (balances.length != proof.indices.length) {
            revert ProofWithoutBalances(balances.length, proof.indices.length);
        }
    }

    function _leaving(Validator calldata v) private pure returns (bool) {
        return v.slashed || v.exitEpoch != Ssz.FAR_FUTURE_EPOCH;
    }
}
