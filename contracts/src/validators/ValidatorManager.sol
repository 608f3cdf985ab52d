// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../deposit/IWithdrawalQueue.sol";
import { BeaconDeposits } from "../types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../types/IBeaconDeposit.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { DepositLine } from "./DepositLine.sol";
import { FundingTickets } from "./FundingTickets.sol";
import { IBeaconProofs, PendingDepositsProof, ValidatorsProof } from "./IBeaconProofs.sol";
import { ICheckpointGate } from "./ICheckpointGate.sol";
import { IOperatorRegistry } from "./IOperatorRegistry.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { IWithdrawalVault } from "./IWithdrawalVault.sol";
import { Membership } from "./Membership.sol";

/// Owns: the life of every key, membership, deposits in flight, partial requests.
/// Does not own: ether (the token pays, the vault is paid), totals (Checkpoints).
/// Trusts: BeaconProofs for facts; the consensus rules for what follows from them.
contract ValidatorManager is IValidatorManager {
    using BeaconDeposits for IBeaconDeposit;
    using Membership for Membership.Set;
    using DepositLine for DepositLine.Line;
    using FundingTickets for FundingTickets.Line;

    struct Config {
        IStakedEther token;
        IWithdrawalQueue queue;
        IBeaconProofs proofs;
        IOperatorRegistry registry;
        IWithdrawalVault vault;
        ICheckpointGate gate;
        IBeaconDeposit beaconDeposit;
    }

    uint64 public constant MAX_PROOF_AGE = 64; // slots
    uint64 public constant PREDEPOSIT_GWEI = 1e9;
    uint64 public constant MIN_ACTIVATION_GWEI = 32e9;
    uint64 public constant MAX_EFFECTIVE_GWEI = 2048e9;
    uint64 public constant MIN_PARTIAL_GWEI = 1e9;
    uint64 public constant PARTIAL_CHUNK_GWEI = 256e9;
    uint64 public constant PARTIAL_TOLERANCE_GWEI = 1e9;
    uint40 public constant REQUEST_TIMEOUT = 21 days;

    IStakedEther public immutable TOKEN;
    IWithdrawalQueue public immutable QUEUE;
    IBeaconProofs public immutable PROOFS;
    IOperatorRegistry public immutable REGISTRY;
    IWithdrawalVault public immutable VAULT;
    ICheckpointGate public immutable GATE;
    IBeaconDeposit public immutable BEACON_DEPOSIT;

    mapping(bytes32 pubkeyRoot => ValidatorRecord) private _validators;
    mapping(bytes32 pubkeyRoot => PartialRequest) private _partials;
    Membership.Set private _members;
    DepositLine.Line private _deposits;
    FundingTickets.Line private _tickets;
    uint64 private _openPartialsGwei;

    constructor(Config memory config) {
        if (address(config.token) == address(0)) revert ManagerConfigZero("token");
        if (address(config.queue) == address(0)) revert ManagerConfigZero("queue");
        if (address(config.proofs) == address(0)) revert ManagerConfigZero("proofs");
        if (address(config.registry) == address(0)) revert ManagerConfigZero("registry");
        if (address(config.vault) == address(0)) revert ManagerConfigZero("vault");
        if (address(config.gate) == address(0)) revert ManagerConfigZero("gate");
        if (address(config.beaconDeposit) == address(0)) revert ManagerConfigZero("beaconDeposit");
        TOKEN = config.token;
        QUEUE = config.queue;
        PROOFS = config.proofs;
        REGISTRY = config.registry;
        VAULT = config.vault;
        GATE = config.gate;
        BEACON_DEPOSIT = config.beaconDeposit;
    }

    modifier locked() {
        TOKEN.acquireLock();
        _;
        TOKEN.releaseLock();
    }

    modifier onlyManagerOf(uint32 operatorId) {
        if (REGISTRY.operator(operatorId).manager != msg.sender) {
            revert OperatorManagerOnly(operatorId, msg.sender);
        }
        _;
    }

    // ---------------------------------------------------------------- onboarding

    /// @inheritdoc IValidatorManager
    function predeposit(uint32 operatorId, bytes[] calldata pubkeys, bytes[] calldata signatures)
        external
        payable
        onlyManagerOf(operatorId)
    {
        if (pubkeys.length != signatures.length) {
            revert PredepositLengthsDiffer(pubkeys.length, signatures.length);
        }
        uint256 each = uint256(PREDEPOSIT_GWEI) * 1 gwei;
        if (msg.value != each * pubkeys.length) {
            revert PredepositPaymentWrong(msg.value, each * pubkeys.length);
        }
        bytes32 credentials = TOKEN.withdrawalCredentials();
        for (uint256 i; i < pubkeys.length; ++i) {
            _predepositOne(operatorId, pubkeys[i], signatures[i], credentials);
        }
    }

    function _predepositOne(
        uint32 operatorId,
        bytes calldata pubkey,
        bytes calldata signature,
        bytes32 credentials
    ) private {
        bytes32 root = Ssz.pubkeyRoot(pubkey);
        if (signature.length != Ssz.SIGNATURE_LENGTH) revert Ssz.SignatureLengthWrong(signature.length);
        ValidatorRecord storage record = _validators[root];
        if (record.status != Status.Unknown) revert KeyAlreadyKnown(root);
        record.status = Status.Predeposited;
        record.operatorId = operatorId;
        emit Predeposited(operatorId, root, pubkey);
        BEACON_DEPOSIT.send(pubkey, credentials, PREDEPOSIT_GWEI, signature);
    }

    /// @inheritdoc IValidatorManager
    function prove(ValidatorsProof calldata proof) external {
        PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        bytes32 ours = TOKEN.withdrawalCredentials();
        for (uint256 i; i < proof.indices.length; ++i) {
            Validator calldata v = proof.validators[i];
            ValidatorRecord storage record = _validators[v.pubkeyRoot];
            if (record.status != Status.Predeposited) revert KeyStatusWrong(v.pubkeyRoot, record.status);
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
            }
        }
    }

    /// @inheritdoc IValidatorManager
    function requestFunding(uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei)
        external
        onlyManagerOf(operatorId)
        returns (uint64 ticket)
    {
        if (targetGwei < MIN_ACTIVATION_GWEI || targetGwei > MAX_EFFECTIVE_GWEI) {
            revert TargetOutOfRange(targetGwei, MIN_ACTIVATION_GWEI, MAX_EFFECTIVE_GWEI);
        }
        ValidatorRecord storage record = _validators[pubkeyRoot];
        bool open = record.status == Status.Eligible || record.status == Status.Member;
        if (!open || record.exiting || record.operatorId != operatorId) {
            revert KeyStatusWrong(pubkeyRoot, record.status);
        }
        ticket = _tickets.push(FundingTickets.Ticket(pubkeyRoot, operatorId, targetGwei));
        emit FundingRequested(ticket, operatorId, pubkeyRoot, targetGwei);
    }

    /// @inheritdoc IValidatorManager
    function fund(ValidatorsProof calldata proof, bytes calldata pubkey)
        external
        locked
        returns (uint64 amountGwei)
    {
        FundingTickets.Ticket memory ticket = _tickets.front();
        uint64[] memory balances = PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        if (proof.indices.length != 1 || balances.length != 1) {
            revert OneValidatorExpected(proof.indices.length, balances.length);
        }
        Validator calldata v = proof.validators[0];
        if (v.pubkeyRoot != ticket.pubkeyRoot) revert KeyNotNext(v.pubkeyRoot, ticket.pubkeyRoot);
        if (Ssz.pubkeyRoot(pubkey) != v.pubkeyRoot) {
            revert PubkeyMismatch(Ssz.pubkeyRoot(pubkey), v.pubkeyRoot);
        }

        ValidatorRecord memory record = _validators[v.pubkeyRoot];
        // storage may know what an older proof does not show yet
        if (record.exiting || _leaving(v)) {
            if (_leaving(v)) _markLeaving(v, record);
            _closeTicket(v.pubkeyRoot);
            return 0;
        }
        if (balances[0] < PREDEPOSIT_GWEI) revert BalanceBelowPredeposit(balances[0]);
        _requireFirstInSlot(v.pubkeyRoot, record.lastDeposit);
        GATE.beforeFunding(record.status == Status.Eligible);
        if (record.status == Status.Eligible) {
            return _fundFirst(pubkey, v.pubkeyRoot, record, ticket.targetGwei);
        }
        return _fundMore(pubkey, v.pubkeyRoot, record, ticket.targetGwei, balances[0], proof.slot);
    }

    function _fundFirst(bytes calldata pubkey, bytes32 root, ValidatorRecord memory record, uint64 targetGwei)
        private
        returns (uint64 amountGwei)
    {
        amountGwei = MIN_ACTIVATION_GWEI - PREDEPOSIT_GWEI;
        record.status = Status.Member;
        record.principalGwei = MIN_ACTIVATION_GWEI;
        _members.add(record.index);
        emit MemberAdded(root, record.index, _members.count);
        _noteDeposit(root, record, amountGwei);
        if (targetGwei == MIN_ACTIVATION_GWEI) _closeTicket(root);
        uint256 bondShares = TOKEN.depositFirst(pubkey);
        REGISTRY.creditBond(record.operatorId, bondShares);
    }

    function _fundMore(
        bytes calldata pubkey,
        bytes32 root,
        ValidatorRecord memory record,
        uint64 targetGwei,
        uint64 balanceGwei,
        uint64 slot
    ) private returns (uint64 amountGwei) {
        _lowerPrincipal(record, balanceGwei, slot);
        uint64 rest = targetGwei > record.principalGwei ? targetGwei - record.principalGwei : 0;
        if (rest < PREDEPOSIT_GWEI) {
            // less than the deposit contract takes: the ticket is served
            _validators[root] = record;
            emit PrincipalChanged(root, record.principalGwei);
            _closeTicket(root);
            return 0;
        }
        uint256 free = TOKEN.freeEther() / 1 gwei;
        uint64 least = rest < MIN_ACTIVATION_GWEI ? rest : MIN_ACTIVATION_GWEI;
        if (free < least) revert PieceTooSmall(free, least);
        amountGwei = free < rest ? uint64(free) : rest;
        // a remainder below 1 ETH could never be deposited: leave 1 ETH for it
        if (amountGwei != rest && rest - amountGwei < PREDEPOSIT_GWEI) amountGwei = rest - PREDEPOSIT_GWEI;
        record.principalGwei += amountGwei;
        _noteDeposit(root, record, amountGwei);
        if (amountGwei == rest) _closeTicket(root);
        TOKEN.depositMore(pubkey, amountGwei);
    }

    /// @inheritdoc IValidatorManager
    function proveLanded(PendingDepositsProof calldata proof, uint64 upTo) external {
        PROOFS.verifyNoPendingDeposits(proof);
        _deposits.land(upTo, proof.slot);
        emit DepositsLanded(upTo, proof.slot, _deposits.inFlightGwei());
    }

    // ---------------------------------------------------------------- withdrawals

    /// @inheritdoc IValidatorManager
    function withdraw(ValidatorsProof calldata proof, bytes[] calldata pubkeys, uint256 maxFee)
        external
        payable
        locked
    {
        uint64[] memory balances = PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        uint256 count = proof.indices.length;
        if (balances.length != count) revert BalancesMissing(balances.length, count);
        if (pubkeys.length != count) revert PredepositLengthsDiffer(pubkeys.length, count);
        uint256 fee = VAULT.requestFee();
        if (fee > maxFee) revert WithdrawalFeeTooHigh(fee, maxFee);
        if (msg.value < fee * count) revert WithdrawalPaymentTooLow(msg.value, fee * count);
        uint256 spent;
        for (uint256 i; i < count; ++i) {
            if (_requestPartial(proof.validators[i], balances[i], proof.slot, pubkeys[i], fee)) spent += fee;
        }
        // to the caller, who holds the lock: nothing of the stack can be re-entered
        if (msg.value > spent) {
            (bool ok,) = msg.sender.call{ value: msg.value - spent }("");
            if (!ok) revert RefundFailed(msg.sender, msg.value - spent);
        }
    }

    /// @return asked Whether a request was made; false when the validator turned out to be leaving.
    function _requestPartial(
        Validator calldata v,
        uint64 balanceGwei,
        uint64 slot,
        bytes calldata pubkey,
        uint256 fee
    ) private returns (bool asked) {
        bytes32 root = v.pubkeyRoot;
        if (Ssz.pubkeyRoot(pubkey) != root) revert PubkeyMismatch(Ssz.pubkeyRoot(pubkey), root);
        ValidatorRecord memory record = _validators[root];
        if (record.status != Status.Member || record.exiting) revert KeyStatusWrong(root, record.status);
        if (_leaving(v)) {
            _markLeaving(v, record);
            return false;
        }
        _requireWithdrawable(v);
        _requireBalanceCurrent(root, slot);
        uint64 amountGwei = _partialSize(root, balanceGwei);
        uint40 expiresAt = uint40(block.timestamp) + REQUEST_TIMEOUT;
        _partials[root] = PartialRequest(
            amountGwei, balanceGwei + _flying(record), uint48(PROOFS.currentSlot()), expiresAt
        );
        _openPartialsGwei += amountGwei;
        emit PartialRequested(root, amountGwei, balanceGwei, expiresAt, _openPartialsGwei);
        VAULT.triggerWithdrawal{ value: fee }(pubkey, amountGwei);
        return true;
    }

    /// @dev An open request must end first, and the balance must be newer than what ended the last one and than the
    /// proof that moved the landed pointer: an older balance would settle or block a request unpaid.
    function _requireBalanceCurrent(bytes32 root, uint64 slot) private {
        PartialRequest memory open = _partials[root];
        if (open.amountGwei != 0) {
            if (block.timestamp < open.expiresAt) revert PartialOpen(root, open.expiresAt);
            _openPartialsGwei -= open.amountGwei;
        }
        if (slot < open.slot) revert ProofNotNewer(slot, open.slot);
        if (slot < _deposits.landedSlot) revert ProofNotNewer(slot, _deposits.landedSlot);
    }

    /// @dev The demand, at least 1 ETH, at most a chunk and what lies above 32 ETH. Never zero: zero is a full exit.
    function _partialSize(bytes32 root, uint64 balanceGwei) private view returns (uint64 amountGwei) {
        uint256 demand = uncoveredDemand();
        if (demand == 0) revert NoUncoveredDemand();
        uint256 size = (demand + 1 gwei - 1) / 1 gwei;
        if (size < MIN_PARTIAL_GWEI) size = MIN_PARTIAL_GWEI;
        if (size > PARTIAL_CHUNK_GWEI) size = PARTIAL_CHUNK_GWEI;
        uint64 above = balanceGwei > MIN_ACTIVATION_GWEI ? balanceGwei - MIN_ACTIVATION_GWEI : 0;
        // size ≤ PARTIAL_CHUNK_GWEI
        amountGwei = above < size ? above : uint64(size);
        if (amountGwei < MIN_PARTIAL_GWEI) revert PartialTooSmall(root, amountGwei, MIN_PARTIAL_GWEI);
    }

    /// @dev process_withdrawal_request (consensus-specs, electra) silently ignores what fails here.
    function _requireWithdrawable(Validator calldata v) private view {
        uint64 period = PROOFS.chainConstants().shardCommitteePeriod;
        uint64 from = v.activationEpoch > Ssz.FAR_FUTURE_EPOCH - period
            ? Ssz.FAR_FUTURE_EPOCH
            : v.activationEpoch + period;
        if (PROOFS.currentEpoch() < from || v.effectiveBalance < MIN_ACTIVATION_GWEI) {
            revert NotWithdrawableYet(v.pubkeyRoot, from);
        }
    }

    /// @inheritdoc IValidatorManager
    function settleWithdrawals(ValidatorsProof calldata proof) external {
        uint64[] memory balances = PROOFS.verifyValidators(proof, MAX_PROOF_AGE);
        if (balances.length != proof.indices.length) {
            revert BalancesMissing(balances.length, proof.indices.length);
        }
        for (uint256 i; i < balances.length; ++i) {
            _settle(proof.validators[i], balances[i], proof.slot);
        }
    }

    function _settle(Validator calldata v, uint64 balanceGwei, uint64 slot) private {
        bytes32 root = v.pubkeyRoot;
        PartialRequest memory open = _partials[root];
        if (open.amountGwei == 0) revert PartialNotOpen(root);
        if (slot <= open.slot) revert ProofNotNewer(slot, open.slot);
        if (slot < _deposits.landedSlot) revert ProofNotNewer(slot, _deposits.landedSlot);
        ValidatorRecord memory record = _validators[root];
        if (_leaving(v)) {
            _markLeaving(v, record);
        } else {
            uint64 tolerance = open.amountGwei / 2;
            if (tolerance > PARTIAL_TOLERANCE_GWEI) tolerance = PARTIAL_TOLERANCE_GWEI;
            uint64 settledAt = open.balanceGwei - open.amountGwei + tolerance;
            uint64 present = balanceGwei + _flying(record);
            if (present > settledAt && block.timestamp < open.expiresAt) {
                revert PartialStillOpen(root, present, settledAt);
            }
            _lowerPrincipal(record, balanceGwei, slot);
            _validators[root] = record;
            emit PrincipalChanged(root, record.principalGwei);
        }
        // what stays says how new a balance the next request needs
        _partials[root] = PartialRequest(0, 0, uint48(slot), 0);
        _openPartialsGwei -= open.amountGwei;
        emit PartialSettled(root, open.amountGwei, balanceGwei, _openPartialsGwei);
    }

    /// @inheritdoc IValidatorManager
    function uncoveredDemand() public view returns (uint256) {
        uint256 queued = TOKEN.getPooledEthByShares(QUEUE.unfinalizedShares());
        uint256 covered = TOKEN.ownEther() + uint256(_openPartialsGwei) * 1 gwei;
        return queued > covered ? queued - covered : 0;
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IValidatorManager
    function validator(bytes32 pubkeyRoot) external view returns (ValidatorRecord memory record) {
        record = _validators[pubkeyRoot];
        record.inFlightGwei = _flying(record);
    }

    /// @inheritdoc IValidatorManager
    function partialRequest(bytes32 pubkeyRoot) external view returns (PartialRequest memory) {
        return _partials[pubkeyRoot];
    }

    /// @inheritdoc IValidatorManager
    function nextTicket()
        external
        view
        returns (uint64 number, uint32 operatorId, bytes32 pubkeyRoot, uint64 targetGwei)
    {
        if (_tickets.head == _tickets.tail) return (0, 0, 0, 0);
        FundingTickets.Ticket memory t = _tickets.front();
        return (_tickets.head, t.operatorId, t.pubkeyRoot, t.targetGwei);
    }

    /// @inheritdoc IValidatorManager
    function memberCount() external view returns (uint32) {
        return _members.count;
    }

    /// @inheritdoc IValidatorManager
    function memberWords(uint256[] calldata words) external view returns (uint256[] memory bitmaps) {
        bitmaps = new uint256[](words.length);
        for (uint256 i; i < words.length; ++i) {
            bitmaps[i] = _members.words[words[i]];
        }
    }

    /// @inheritdoc IValidatorManager
    function inFlight() external view returns (uint64 count, uint64 landed, uint64 gwei_) {
        // numbers of deposits fit 32 bits (DepositLine.push)
        return (uint64(_deposits.deposits.length), _deposits.landed, _deposits.inFlightGwei());
    }

    /// @inheritdoc IValidatorManager
    function openPartialsGwei() external view returns (uint64) {
        return _openPartialsGwei;
    }

    // ---------------------------------------------------------------- inside

    function _leaving(Validator calldata v) private pure returns (bool) {
        return v.slashed || v.exitEpoch != Ssz.FAR_FUTURE_EPOCH;
    }

    /// @dev A member is marked; a key not yet funded is dropped, and what it holds will reach the vault as gain.
    function _markLeaving(Validator calldata v, ValidatorRecord memory record) private {
        if (record.status == Status.Eligible) {
            _validators[v.pubkeyRoot].status = Status.Dropped;
            emit ValidatorDropped(v.pubkeyRoot, record.index);
        } else if (!record.exiting) {
            _validators[v.pubkeyRoot].exiting = true;
            emit ValidatorExiting(v.pubkeyRoot, v.slashed, v.exitEpoch);
        }
    }

    function _closeTicket(bytes32 root) private {
        emit FundingTicketClosed(_tickets.head, root);
        _tickets.pop();
    }

    function _requireFirstInSlot(bytes32 root, uint32 lastDeposit) private view {
        if (lastDeposit == 0) return;
        uint64 slot = PROOFS.currentSlot();
        if (_deposits.deposits[lastDeposit - 1].slot >= slot) revert SecondDepositInSlot(root, slot);
    }

    /// @dev principal = min(principal, balance + in flight): what was withdrawn no longer counts. A balance older than
    /// the proof that moved the landed pointer says nothing: it may lack a deposit that no longer counts as in flight.
    function _lowerPrincipal(ValidatorRecord memory record, uint64 balanceGwei, uint64 slot) private view {
        if (slot < _deposits.landedSlot) return;
        uint64 present = balanceGwei + _flying(record);
        if (present < record.principalGwei) record.principalGwei = present;
    }

    /// @return What of the pool's deposits is in flight to this validator, in gwei.
    function _flying(ValidatorRecord memory record) private view returns (uint64) {
        return record.lastDeposit > _deposits.landed ? record.inFlightGwei : 0;
    }

    /// @dev Writes the record with the deposit noted in it, and in an open request: what lands is not unpaid.
    function _noteDeposit(bytes32 root, ValidatorRecord memory record, uint64 amountGwei) private {
        record.inFlightGwei = _flying(record) + amountGwei;
        if (_partials[root].amountGwei != 0) _partials[root].balanceGwei += amountGwei;
        uint64 slot = PROOFS.currentSlot();
        record.lastDeposit = _deposits.push(record.index, amountGwei, uint48(slot));
        _validators[root] = record;
        emit DepositInFlight(record.lastDeposit, root, amountGwei, slot, _deposits.inFlightGwei());
        emit PrincipalChanged(root, record.principalGwei);
    }
}
