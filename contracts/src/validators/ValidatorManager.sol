// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconDeposits } from "../types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../types/IBeaconDeposit.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { FundingTickets } from "./FundingTickets.sol";
import { ValidatorsProof } from "./IBeaconProofs.sol";
import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { FundingRefusal, IValidatorManager } from "./IValidatorManager.sol";
import { Membership } from "./Membership.sol";
import { ValidatorRecords } from "./ValidatorRecords.sol";

/// Owns: how a key becomes a member: predeposits, proofs of credentials, the line of tickets, fundings.
/// Does not own: ether (the token pays, the vault is paid), bonds (OperatorRegistry), requests to exit or to pay out
/// (Withdrawals), what a slashing costs (Penalties), totals (Checkpoints).
/// Trusts: BeaconProofs for facts; the consensus rules for what follows from them.
contract ValidatorManager is ValidatorRecords {
    using BeaconDeposits for IBeaconDeposit;
    using FundingTickets for FundingTickets.Line;
    using Membership for Membership.Set;

    uint64 public constant PREDEPOSIT_GWEI = 1e9;
    uint64 public constant MIN_ACTIVATION_GWEI = 32e9;
    /// @dev MAX_EFFECTIVE_BALANCE_ELECTRA (EIP-7251).
    uint64 public constant MAX_EFFECTIVE_GWEI = 2048e9;

    IBeaconDeposit public immutable BEACON_DEPOSIT;

    FundingTickets.Line private _tickets;

    constructor(Config memory config, IBeaconDeposit beaconDeposit) ValidatorRecords(config) {
        if (address(beaconDeposit) == address(0)) revert ManagerConfigZero("beaconDeposit");
        BEACON_DEPOSIT = beaconDeposit;
    }

    // ---------------------------------------------------------------- onboarding

    /// @inheritdoc IValidatorManager
    function predeposit(
        uint32 operatorId,
        bytes[] calldata pubkeys,
        bytes[] calldata signatures,
        uint64 targetGwei
    ) external payable released {
        _requireManager(operatorId);
        if (pubkeys.length == 0 || pubkeys.length != signatures.length) {
            revert PredepositLengthsDiffer(pubkeys.length, signatures.length);
        }
        uint256 each = uint256(PREDEPOSIT_GWEI) * 1 gwei;
        if (msg.value != each * pubkeys.length) {
            revert PredepositPaymentWrong(msg.value, each * pubkeys.length);
        }
        uint16 targetEth = targetGwei == 0 ? 0 : _targetEth(targetGwei);
        bytes32 credentials = TOKEN.withdrawalCredentials();
        for (uint256 i; i < pubkeys.length; ++i) {
            _predepositOne(operatorId, targetEth, pubkeys[i], signatures[i], credentials);
        }
    }

    function _predepositOne(
        uint32 operatorId,
        uint16 targetEth,
        bytes calldata pubkey,
        bytes calldata signature,
        bytes32 credentials
    ) private {
        bytes32 root = Ssz.pubkeyRoot(pubkey);
        if (signature.length != Ssz.SIGNATURE_LENGTH) revert Ssz.SignatureLengthWrong(signature.length);
        if (_validators[root].status != Status.Unknown) revert KeyAlreadyKnown(root);
        _validators[root] = ValidatorRecord(Status.Predeposited, targetEth, operatorId, 0, 0, 0, 0);
        emit Predeposited(operatorId, root, pubkey);
        BEACON_DEPOSIT.send(pubkey, credentials, PREDEPOSIT_GWEI, signature);
    }

    /// @inheritdoc IValidatorManager
    function prove(ValidatorsProof calldata proof) external released {
        PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        if (!_prove(proof)) revert NothingToProve();
    }

    function _prove(ValidatorsProof calldata proof) private returns (bool proven) {
        bytes32 ours = TOKEN.withdrawalCredentials();
        for (uint256 i; i < proof.indices.length; ++i) {
            Validator calldata v = proof.validators[i];
            ValidatorRecord storage record = _validators[v.pubkeyRoot];
            // somebody else may have proven it a moment ago: that spoils nobody's batch
            if (record.status != Status.Predeposited) continue;
            proven = true;
            record.index = proof.indices[i];
            if (v.withdrawalCredentials != ours) {
                record.status = Status.Lost;
                emit ValidatorLost(v.pubkeyRoot, proof.indices[i], v.withdrawalCredentials);
            } else if (_leaving(v)) {
                record.status = Status.Dropped;
                emit ValidatorDropped(v.pubkeyRoot, proof.indices[i]);
            } else {
                record.status = Status.Eligible;
                emit ValidatorProven(v.pubkeyRoot, proof.indices[i]);
                if (record.targetEth != 0 && !_tickets.isOpen(record.operatorId)) {
                    _drawTicket(v.pubkeyRoot, record);
                }
            }
        }
    }

    /// @inheritdoc IValidatorManager
    function requestFunding(uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei)
        external
        released
        returns (uint64 ticket)
    {
        _requireManager(operatorId);
        uint16 targetEth = _targetEth(targetGwei);
        ValidatorRecord storage record = _validators[pubkeyRoot];
        bool fundable = record.status == Status.Eligible || record.status == Status.Member;
        if (!fundable || record.operatorId != operatorId) revert KeyStatusWrong(pubkeyRoot, record.status);
        record.targetEth = targetEth;
        return _drawTicket(pubkeyRoot, record);
    }

    function _drawTicket(bytes32 root, ValidatorRecord storage record) private returns (uint64 ticket) {
        uint32 operatorId = record.operatorId;
        ticket = _tickets.push(FundingTickets.Ticket(record.index, operatorId));
        emit FundingRequested(ticket, operatorId, root, uint64(record.targetEth) * 1e9);
    }

    function _targetEth(uint64 targetGwei) private pure returns (uint16) {
        if (targetGwei < MIN_ACTIVATION_GWEI || targetGwei > MAX_EFFECTIVE_GWEI) {
            revert TargetOutOfRange(targetGwei, MIN_ACTIVATION_GWEI, MAX_EFFECTIVE_GWEI);
        }
        if (targetGwei % 1e9 != 0) revert TargetNotWholeEther(targetGwei);
        // at most 2,048
        return uint16(targetGwei / 1e9);
    }

    // ---------------------------------------------------------------- funding

    /// @inheritdoc IValidatorManager
    function fund(ValidatorsProof calldata proof, bytes[] calldata pubkeys)
        external
        locked
        returns (uint64 totalGwei)
    {
        return _fund(proof, pubkeys, _verifyBalances(proof));
    }

    /// @inheritdoc IValidatorManager
    function proveAndFund(ValidatorsProof calldata proof, bytes[] calldata pubkeys)
        external
        locked
        returns (uint64 totalGwei)
    {
        uint64[] memory balances = _verifyBalances(proof);
        _prove(proof);
        return _fund(proof, pubkeys, balances);
    }

    function _fund(ValidatorsProof calldata proof, bytes[] calldata pubkeys, uint64[] memory balances)
        private
        returns (uint64 totalGwei)
    {
        if (pubkeys.length != proof.indices.length) {
            revert KeysMissing(pubkeys.length, proof.indices.length);
        }
        uint256 free = TOKEN.freeEther() / 1 gwei;
        for (bool first = true;; first = false) {
            if (!first && _tickets.isEmpty()) return totalGwei;
            uint40 index = _tickets.front().index;
            uint256 i;
            while (i < proof.indices.length && proof.indices[i] != index) ++i;
            if (i == proof.indices.length) {
                if (first) revert TicketNotProven(_tickets.head + 1, index);
                return totalGwei;
            }
            (uint64 amountGwei, bool closed) =
                _serve(proof.validators[i], balances[i], proof.slot, pubkeys[i], first, free);
            totalGwei += amountGwei;
            if (!closed) return totalGwei;
            // what a funding takes, and more than the floor rises by the bond it mints
            uint256 used = amountGwei + PREDEPOSIT_GWEI / 10;
            free = free > used ? free - used : 0;
        }
    }

    /// @param first Whether a refusal must say why; for later tickets it only ends the batch.
    /// @param free Gwei that may be deposited.
    /// @return amountGwei Deposited.
    /// @return closed Whether the ticket is done and the next one's turn.
    function _serve(
        Validator calldata v,
        uint64 balanceGwei,
        uint64 slot,
        bytes calldata pubkey,
        bool first,
        uint256 free
    ) private returns (uint64 amountGwei, bool closed) {
        bytes32 root = v.pubkeyRoot;
        if (Ssz.pubkeyRoot(pubkey) != root) revert PubkeyMismatch(Ssz.pubkeyRoot(pubkey), root);
        ValidatorRecord memory record = _validators[root];
        bool eligible = record.status == Status.Eligible;
        // storage may know what an older proof does not show yet; a balance below the bond's 1 ETH is lost for funding
        if (!(eligible || record.status == Status.Member) || _leaving(v) || balanceGwei < PREDEPOSIT_GWEI) {
            if (!v.slashed) _lowerPrincipal(root, record, balanceGwei, slot);
            if (_leaving(v)) _markLeaving(root, record, v.slashed);
            _closeTicket(record.operatorId);
            return (0, true);
        }
        if (!eligible) _lowerPrincipal(root, record, balanceGwei, slot);
        uint64 rest = uint64(record.targetEth) * 1e9;
        rest = rest > record.principalGwei ? rest - record.principalGwei : 0;
        // less than the deposit contract takes: the ticket is served
        if (rest < PREDEPOSIT_GWEI) {
            _closeTicket(record.operatorId);
            return (0, true);
        }
        amountGwei = _piece(record, eligible, rest, first, free);
        if (amountGwei == 0) return (0, false);
        GATE.beforeFunding(eligible);
        closed = amountGwei == rest || (eligible && record.targetEth == MIN_ACTIVATION_GWEI / 1e9);
        if (closed) _closeTicket(record.operatorId);
        _deposit(root, record, pubkey, amountGwei, eligible);
    }

    /// @return amountGwei What is deposited now: 31 ETH at first, then the rest or at least 32 ETH of it; 0 if refused.
    function _piece(ValidatorRecord memory record, bool eligible, uint64 rest, bool first, uint256 free)
        private
        view
        returns (uint64 amountGwei)
    {
        (uint64 room, FundingRefusal reason) = REGISTRY.fundingRoom(record.operatorId, eligible);
        uint64 least = _leastRoom(eligible, rest);
        if (room < least) {
            if (first) revert TicketUnfundable(_tickets.head + 1, reason);
            return 0;
        }
        if (eligible) least -= PREDEPOSIT_GWEI; // the operator's own
        if (free < least) {
            if (first) revert PieceTooSmall(free, least);
            return 0;
        }
        if (eligible) return least;
        uint64 most = room < rest ? room : rest;
        amountGwei = free < most ? uint64(free) : most;
        // a remainder below 1 ETH could never be deposited: leave 1 ETH for it
        if (amountGwei < rest && rest - amountGwei < PREDEPOSIT_GWEI) amountGwei = rest - PREDEPOSIT_GWEI;
    }

    /// @return Stake that must fit for a ticket to be served: 32 ETH at first, later the rest or 32 ETH of it.
    function _leastRoom(bool eligible, uint64 rest) private pure returns (uint64) {
        return !eligible && rest < MIN_ACTIVATION_GWEI ? rest : MIN_ACTIVATION_GWEI;
    }

    function _deposit(
        bytes32 root,
        ValidatorRecord memory record,
        bytes calldata pubkey,
        uint64 amountGwei,
        bool eligible
    ) private {
        uint64 before = record.principalGwei;
        record.principalGwei = eligible ? MIN_ACTIVATION_GWEI : before + amountGwei;
        if (eligible) {
            record.status = Status.Member;
            _members.add(record.index);
            emit MemberAdded(root, record.index, _members.count);
        } else {
            WITHDRAWALS.noteDeposit(root, amountGwei);
        }
        record.inFlightGwei = _flying(record) + amountGwei;
        record.lastDeposit =
            IN_FLIGHT.push(root, record.lastDeposit, record.index, record.operatorId, amountGwei);
        _validators[root] = record;
        emit PrincipalChanged(root, record.principalGwei);
        uint256 bondShares;
        if (eligible) bondShares = TOKEN.depositFirst(pubkey);
        else TOKEN.depositMore(pubkey, amountGwei);
        REGISTRY.noteFunded(record.operatorId, before, record.principalGwei, bondShares);
    }

    /// @inheritdoc IValidatorManager
    function requeueTicket(bytes32 pubkeyRoot) external released {
        FundingTickets.Ticket memory ticket = _tickets.front();
        ValidatorRecord memory record = _validators[pubkeyRoot];
        uint64 number = _tickets.head + 1;
        if (record.index != ticket.index || record.operatorId != ticket.operatorId) {
            revert TicketNotProven(number, ticket.index);
        }
        bool eligible = record.status == Status.Eligible;
        if (!eligible && record.status != Status.Member) return _closeTicket(ticket.operatorId);
        uint64 target = uint64(record.targetEth) * 1e9;
        uint64 rest = target > record.principalGwei ? target - record.principalGwei : 0;
        if (rest < PREDEPOSIT_GWEI) return _closeTicket(ticket.operatorId);
        (uint64 room, FundingRefusal reason) = REGISTRY.fundingRoom(ticket.operatorId, eligible);
        if (room >= _leastRoom(eligible, rest)) revert TicketFundable(number, room);
        if (reason == FundingRefusal.Leaving) return _closeTicket(ticket.operatorId);
        _tickets.pop();
        emit FundingTicketMoved(number, _tickets.push(ticket), reason);
    }

    function _closeTicket(uint32 operatorId) private {
        _tickets.pop();
        emit FundingTicketClosed(_tickets.head, operatorId);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IValidatorManager
    function nextTicket()
        external
        view
        returns (uint64 number, uint32 operatorId, uint40 index, uint64 waiting)
    {
        if (_tickets.isEmpty()) return (0, 0, 0, 0);
        FundingTickets.Ticket memory ticket = _tickets.front();
        // a ticket costs gas: their number fits 64 bits
        waiting = uint64(_tickets.packed.length) - _tickets.head;
        return (_tickets.head + 1, ticket.operatorId, ticket.index, waiting);
    }

    /// @inheritdoc IValidatorManager
    function ticketOf(uint32 operatorId) external view returns (uint64 number) {
        return _tickets.isOpen(operatorId) ? _tickets.newest[operatorId] : 0;
    }

    // ---------------------------------------------------------------- inside

    function _requireManager(uint32 operatorId) private view {
        (address manager, bool isLeaving) = REGISTRY.managerOf(operatorId);
        if (manager != msg.sender) revert IOperatorRegistry.OperatorManagerOnly(operatorId, msg.sender);
        if (isLeaving) revert OperatorTakesNoKeys(operatorId);
    }
}
