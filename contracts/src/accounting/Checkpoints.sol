// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../deposit/IWithdrawalQueue.sol";
import { BeaconRoots } from "../types/BeaconRoots.sol";
import { BalancesProof, IBeaconProofs, StateProof } from "../validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../validators/IDepositsInFlight.sol";
import { IExecutionRewardsVault } from "../validators/IExecutionRewardsVault.sol";
import { IValidatorManager } from "../validators/IValidatorManager.sol";
import { IWithdrawalVault } from "../validators/IWithdrawalVault.sol";
import { CheckpointTerms } from "./CheckpointTerms.sol";
import { Closing } from "./Closing.sol";
import { ICheckpoints, Snapshot } from "./ICheckpoints.sol";
import { IFeeSplit } from "./IFeeSplit.sol";
import { KeeperPay } from "./KeeperPay.sol";
import { Safeguard } from "./Safeguard.sol";
import { Initializable } from "solady/utils/Initializable.sol";

/// Owns: the open checkpoint and its progress, the rhythm of closes, what the validators zone must wait for.
/// Does not own: balances, the rate, members, ether, what is in flight (DepositsInFlight), what a close books (Closing).
/// Trusts: BeaconProofs; DepositsInFlight; Penalties for uncovered losses.
contract Checkpoints is Closing, ICheckpointGate, Initializable {
    using Safeguard for Safeguard.State;

    struct Config {
        IStakedEther token;
        IWithdrawalQueue queue;
        IValidatorManager validators;
        IDepositsInFlight inFlight;
        IBeaconProofs proofs;
        IFeeSplit fees;
        IWithdrawalVault withdrawalVault;
        IExecutionRewardsVault executionVault;
        address penalties;
        address governance;
    }

    /// @dev One slot: where the newest checkpoint stands.
    struct Clock {
        uint40 id;
        uint40 openedAt;
        uint40 lastCloseAt;
        uint40 opensAt; // from when another may be opened, while none is open
        uint40 closedEther; // the pool's whole ETH after the last close
        bool isOpen;
        uint48 stateSlot; // of its state, 0 until that is proven
    }

    /// @dev One prover's way through the bitmap. What it did for an older checkpoint does not count.
    struct Walk {
        uint64 checkpoint;
        uint64 provenGwei;
        uint32 provenCount;
        uint40 nextWord;
        uint56 payGwei;
    }

    /// @dev The open checkpoint's state, once it is proven.
    struct State {
        bytes32 balancesRoot;
        bytes32 validatorsRoot;
        bytes32 pendingDepositsRoot;
    }

    IValidatorManager internal immutable VALIDATORS;
    IDepositsInFlight internal immutable IN_FLIGHT;
    IBeaconProofs internal immutable PROOFS;
    IExecutionRewardsVault internal immutable EXECUTION_VAULT;
    address internal immutable PENALTIES;

    Clock private _clock;
    bytes32 private _snapshotHash; // of the newest checkpoint; it counts only while one is open
    State private _state;
    mapping(address prover => Walk) private _walks;

    constructor(Config memory config)
        Closing(config.token, config.queue, config.fees, config.withdrawalVault, config.governance)
    {
        _disableInitializers();
        CheckpointTerms.requireSet("validators", address(config.validators));
        CheckpointTerms.requireSet("inFlight", address(config.inFlight));
        CheckpointTerms.requireSet("proofs", address(config.proofs));
        CheckpointTerms.requireSet("executionVault", address(config.executionVault));
        CheckpointTerms.requireSet("penalties", config.penalties);
        VALIDATORS = config.validators;
        IN_FLIGHT = config.inFlight;
        PROOFS = config.proofs;
        EXECUTION_VAULT = config.executionVault;
        PENALTIES = config.penalties;
    }

    /// @notice The first parameters; the clock begins. The proxy's constructor only.
    function initialize(Parameters calldata p) external initializer {
        _setParameters(p);
        // Unix times fit 40 bits
        _clock.lastCloseAt = uint40(block.timestamp);
        _clock.opensAt = uint40(block.timestamp + p.interval);
    }

    modifier locked() {
        _setLock(true);
        _;
        _setLock(false);
    }

    // ---------------------------------------------------------------- open

    /// @inheritdoc ICheckpoints
    /// @dev Takes no lock, only asks for it (markCheckpoint): nobody else is called.
    function open() external returns (Snapshot memory s) {
        Clock memory clock = _clock;
        uint256 earliest = _opensAt(clock);
        if (block.timestamp < earliest) {
            if (clock.isOpen) revert CheckpointInProgress(earliest);
            revert CheckpointTooEarly(earliest);
        }
        if (clock.isOpen) emit CheckpointAbandoned(clock.id);
        (uint128 poolEther, uint256 ownEther) = TOKEN.markCheckpoint(true);
        (uint32 deposits,, uint64 inFlightGwei) = IN_FLIGHT.inFlight();

        bytes32 parentHash;
        // unchecked: a checkpoint takes hours, so 2^40 are never made; and no contract is called in the block 0
        unchecked {
            clock.id += 1;
            parentHash = blockhash(block.number - 1);
        }
        clock.openedAt = uint40(block.timestamp);
        (clock.isOpen, clock.stateSlot) = (true, 0);
        s = Snapshot({
            id: clock.id,
            openedAt: clock.openedAt,
            beaconRoot: BeaconRoots.parentRoot(block.timestamp),
            executionBlockHash: parentHash,
            // all ether there is fits uint128
            ownEther: uint128(ownEther),
            executionRewards: uint128(address(EXECUTION_VAULT).balance),
            poolEther: poolEther,
            inFlightGwei: inFlightGwei,
            lastDeposit: deposits,
            memberCount: VALIDATORS.memberCount(),
            opener: msg.sender
        });
        _clock = clock;
        bytes memory encoded = abi.encode(s);
        // slots are written over, never cleared: an open after the first costs no new storage
        _snapshotHash = keccak256(encoded);
        bytes32 topic = CheckpointOpened.selector;
        uint256 id = s.id;
        // the event CheckpointOpened(id, s), whose data is what was just encoded and hashed
        assembly ("memory-safe") {
            log2(add(encoded, 0x20), mload(encoded), topic, id)
        }
    }

    // ---------------------------------------------------------------- prove

    /// @inheritdoc ICheckpoints
    function proveState(Snapshot calldata snapshot, StateProof calldata proof)
        external
        locked
        returns (bool void_)
    {
        _requireSnapshot(snapshot);
        if (_clock.stateSlot != 0) revert StateAlreadyProven(snapshot.id);
        PROOFS.verifyState(snapshot.beaconRoot, proof);
        if (proof.executionBlockHash != snapshot.executionBlockHash) {
            _abandon();
            return true;
        }
        // slots fit 48 bits
        _clock.stateSlot = uint48(proof.slot);
        _state = State(proof.balancesRoot, proof.validatorsRoot, proof.pendingDepositsRoot);
        emit CheckpointStateProven(snapshot.id, proof.slot, proof.balancesRoot);
    }

    /// @inheritdoc ICheckpoints
    function proveBalances(Snapshot calldata snapshot, BalancesProof calldata proof) external locked {
        _requireSnapshot(snapshot);
        _requireState(snapshot.id);
        Walk memory walk = _walkOf(msg.sender, snapshot.id);
        (uint256 firstWord, uint256 lastWord) = _ends(proof.words);
        if (proof.words.length < 4 || firstWord < walk.nextWord) {
            revert BatchOutOfOrder(firstWord, walk.nextWord);
        }
        (uint64 sumGwei, uint32 count) =
            PROOFS.verifyBalances(_state.balancesRoot, proof, VALIDATORS.memberWords(proof.words));
        walk.provenGwei += sumGwei;
        walk.provenCount += count;
        // word numbers are read from 4 bytes
        walk.nextWord = uint40(lastWord + 1);
        if (_earns(snapshot, msg.sender)) {
            // at most all words of a block at MOST_BASE_FEE, far below 2^56 gwei
            walk.payGwei += uint56(KeeperPay.ofBatch(proof.words.length / 4, count));
        }
        _walks[msg.sender] = walk;
        emit CheckpointBatchProven(snapshot.id, msg.sender, sumGwei, count, walk.provenGwei, walk.provenCount);
    }

    /// @return First and last word of the packed list, 0 for an empty one. A length that is not a multiple of 4 is
    /// refused by the verifier.
    function _ends(bytes calldata packed) private pure returns (uint256, uint256) {
        uint256 count = packed.length / 4;
        if (count == 0) return (0, 0);
        return (uint32(bytes4(packed[:4])), uint32(bytes4(packed[(count - 1) * 4:count * 4])));
    }

    // ---------------------------------------------------------------- close

    /// @inheritdoc ICheckpoints
    function close(Snapshot calldata snapshot, address prover) external locked {
        _requireSnapshot(snapshot);
        Walk memory walk = _requireComplete(snapshot, prover);
        uint64 inFlightGwei =
            snapshot.inFlightGwei == 0 ? 0 : IN_FLIGHT.settle(snapshot.id, snapshot.lastDeposit);
        Result memory r = _result(snapshot, walk.provenGwei, inFlightGwei);
        // exactly the frozen execution rewards, and all withdrawals: no total moves by it
        if (snapshot.executionRewards != 0) EXECUTION_VAULT.sweep(snapshot.executionRewards);
        if (address(WITHDRAWAL_VAULT).balance != 0) WITHDRAWAL_VAULT.sweep();
        Clock memory clock = _clock;
        _book(snapshot, clock.stateSlot, r);
        _splitFee(snapshot, prover, walk.payGwei, r);
        _guard(snapshot, r.recognized);
        uint256 left = r.poolEtherAfter - TOKEN.finalizeShares(r.sharesToFinalize);
        // all ether there is fits 40 bits of whole ETH, Unix times too
        clock.closedEther = uint40(left / 1 ether);
        clock.lastCloseAt = uint40(block.timestamp);
        clock.opensAt = uint40(block.timestamp + _parameters.interval);
        clock.isOpen = false;
        _clock = clock;
    }

    // ---------------------------------------------------------------- result

    /// @inheritdoc ICheckpoints
    function previewClose(Snapshot calldata snapshot, address prover) external view returns (Result memory) {
        _requireSnapshot(snapshot);
        Walk memory walk = _requireComplete(snapshot, prover);
        uint64 inFlightGwei =
            snapshot.inFlightGwei == 0 ? 0 : IN_FLIGHT.previewSettle(snapshot.id, snapshot.lastDeposit);
        return _result(snapshot, walk.provenGwei, inFlightGwei);
    }

    /// @inheritdoc ICheckpoints
    function previewTotals(Snapshot calldata snapshot, uint64 provenGwei, uint64 inFlightGwei)
        external
        view
        returns (Result memory)
    {
        _requireSnapshot(snapshot);
        return _result(snapshot, provenGwei, inFlightGwei);
    }

    // ---------------------------------------------------------------- gate

    /// @inheritdoc ICheckpointGate
    function beforeFunding(bool membersChange) external only(address(VALIDATORS)) {
        if (isGuarded()) revert FundingWhileGuarded();
        if (membersChange) _endExpired();
    }

    /// @inheritdoc ICheckpointGate
    function beforeRemoval() external only(address(VALIDATORS)) {
        _endExpired();
    }

    /// @inheritdoc ICheckpointGate
    function noteUncoveredLoss(uint64 uncoveredGwei, uint256 paidOutAt) external only(PENALTIES) {
        (, uint256 poolEther) = TOKEN.ledger();
        _safeguard.noteUncovered(uncoveredGwei, paidOutAt, poolEther, _parameters.lossThresholdBps);
        TOKEN.pauseExits(_safeguard.exitsPausedUntil());
    }

    /// @inheritdoc ICheckpointGate
    function poolGweiAtClose() external view returns (uint64) {
        return uint64(_clock.closedEther) * 1e9;
    }

    /// @inheritdoc ICheckpointGate
    function provenState() external view returns (uint64, uint64, bytes32, bytes32) {
        Clock memory clock = _clock;
        if (!clock.isOpen || clock.stateSlot == 0) return (0, 0, 0, 0);
        return (clock.id, clock.stateSlot, _state.validatorsRoot, _state.pendingDepositsRoot);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc ICheckpoints
    function openSnapshotHash() external view returns (bytes32) {
        return _clock.isOpen ? _snapshotHash : bytes32(0);
    }

    /// @inheritdoc ICheckpoints
    function progress(address prover) external view returns (Progress memory) {
        Walk memory walk = _walkOf(prover, _clock.id);
        uint64 slot = _clock.stateSlot;
        return Progress(walk.provenGwei, walk.provenCount, walk.nextWord, walk.payGwei, slot, slot != 0);
    }

    /// @inheritdoc ICheckpoints
    function status() external view returns (uint64 id, uint40 openedAt, uint40 lastCloseAt) {
        return (_clock.id, _clock.openedAt, _clock.lastCloseAt);
    }

    /// @inheritdoc ICheckpoints
    function opensAt() external view returns (uint256) {
        return _opensAt(_clock);
    }

    // ---------------------------------------------------------------- inside

    /// @dev A function, so that its calls stand in the code once and not in every verb.
    function _setLock(bool taken) private {
        if (taken) TOKEN.acquireLock();
        else TOKEN.releaseLock();
    }

    function _opensAt(Clock memory clock) private view returns (uint256) {
        if (clock.isOpen) return uint256(clock.openedAt) + _parameters.expirySeconds + 1;
        return clock.opensAt;
    }

    function _requireSnapshot(Snapshot calldata snapshot) private view {
        bytes32 given = keccak256(abi.encode(snapshot));
        bytes32 expected = _clock.isOpen ? _snapshotHash : bytes32(0);
        if (given != expected) revert SnapshotMismatch(expected, given);
    }

    function _requireState(uint64 id) private view {
        if (_clock.stateSlot == 0) revert StateNotProven(id);
    }

    function _requireComplete(Snapshot calldata snapshot, address prover)
        private
        view
        returns (Walk memory walk)
    {
        _requireState(snapshot.id);
        walk = _walkOf(prover, snapshot.id);
        if (walk.provenCount != snapshot.memberCount) {
            revert CheckpointIncomplete(walk.provenCount, snapshot.memberCount);
        }
    }

    function _walkOf(address prover, uint64 id) private view returns (Walk memory walk) {
        walk = _walks[prover];
        if (walk.checkpoint != id) walk = Walk(id, 0, 0, 0, 0);
    }

    /// @dev Members are about to change: an unexpired checkpoint can still be closed, and must find them as they were
    /// counted; an expired one is given up.
    function _endExpired() private {
        if (!_clock.isOpen) return;
        uint256 expiresAt = uint256(_clock.openedAt) + _parameters.expirySeconds;
        if (block.timestamp <= expiresAt) revert CheckpointCanStillClose(expiresAt);
        _abandon();
    }

    function _abandon() private {
        _clock.isOpen = false;
        emit CheckpointAbandoned(_clock.id);
        TOKEN.markCheckpoint(false);
    }
}
