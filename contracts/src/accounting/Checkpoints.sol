// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../deposit/IWithdrawalQueue.sol";
import { BalancesProof, IBeaconProofs, StateProof } from "../validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../validators/IDepositsInFlight.sol";
import { IExecutionRewardsVault } from "../validators/IExecutionRewardsVault.sol";
import { IValidatorManager } from "../validators/IValidatorManager.sol";
import { IWithdrawalVault } from "../validators/IWithdrawalVault.sol";
import { CloseMath } from "./CloseMath.sol";
import { ICheckpoints, Snapshot } from "./ICheckpoints.sol";

/// Owns: the open checkpoint, its progress, the rhythm of closes.
/// Does not own: balances, the rate, members, ether.
/// Trusts: BeaconProofs; the token to refuse what is out of bounds.
contract Checkpoints is ICheckpoints, ICheckpointGate {
    struct Config {
        IStakedEther token;
        IWithdrawalQueue queue;
        IValidatorManager validators;
        IDepositsInFlight inFlight;
        IBeaconProofs proofs;
        IWithdrawalVault withdrawalVault;
        IExecutionRewardsVault executionVault;
    }

    /// @dev One prover's way through the bitmap. What it did for an older checkpoint does not count.
    struct Walk {
        uint64 checkpoint;
        uint64 provenGwei;
        uint32 provenCount;
        uint40 nextWord;
    }

    /// @dev What a close has done, on its way to the event.
    struct Booked {
        uint256 elapsed;
        int256 recognized;
        uint256 reserve;
        uint256 sharesBefore;
        uint256 etherBefore;
        uint256 sharesAfter;
        uint256 etherAfter;
        uint256 executionRewards;
    }

    uint256 private constant MIN_INTERVAL = 4 hours;
    uint256 private constant MAX_INTERVAL = 7 days;
    uint256 private constant MAX_SNAPSHOT_AGE = 4 hours;
    uint256 private constant MAX_BPS_PER_DAY = 10;

    IStakedEther public immutable TOKEN;
    IWithdrawalQueue public immutable QUEUE;
    IValidatorManager public immutable VALIDATORS;
    IDepositsInFlight public immutable IN_FLIGHT;
    IBeaconProofs public immutable PROOFS;
    IWithdrawalVault public immutable WITHDRAWAL_VAULT;
    IExecutionRewardsVault public immutable EXECUTION_VAULT;

    Parameters private _parameters;
    bytes32 private _snapshotHash; // of the newest checkpoint; it counts only while `_isOpen`
    uint64 private _id;
    uint40 private _openedAt;
    uint40 private _lastCloseAt;
    bool private _isOpen;
    uint64 private _stateProvenFor; // id of the checkpoint whose state is proven
    uint40 private _closedEther; // the pool's whole ETH after the last close
    uint64 private _slot;
    bytes32 private _balancesRoot;
    mapping(address prover => Walk) private _walks;

    constructor(Config memory config, Parameters memory p) {
        if (address(config.token) == address(0)) revert CheckpointConfigInvalid("token", 0);
        if (address(config.queue) == address(0)) revert CheckpointConfigInvalid("queue", 0);
        if (address(config.validators) == address(0)) revert CheckpointConfigInvalid("validators", 0);
        if (address(config.inFlight) == address(0)) revert CheckpointConfigInvalid("inFlight", 0);
        if (address(config.proofs) == address(0)) revert CheckpointConfigInvalid("proofs", 0);
        if (address(config.withdrawalVault) == address(0)) {
            revert CheckpointConfigInvalid("withdrawalVault", 0);
        }
        if (address(config.executionVault) == address(0)) {
            revert CheckpointConfigInvalid("executionVault", 0);
        }
        if (p.interval < MIN_INTERVAL || p.interval > MAX_INTERVAL) {
            revert CheckpointConfigInvalid("interval", p.interval);
        }
        if (p.expirySeconds == 0 || p.expirySeconds > p.interval / 2) {
            revert CheckpointConfigInvalid("expirySeconds", p.expirySeconds);
        }
        if (p.maxSnapshotAge == 0 || p.maxSnapshotAge > MAX_SNAPSHOT_AGE) {
            revert CheckpointConfigInvalid("maxSnapshotAge", p.maxSnapshotAge);
        }
        if (p.maxRebaseBpsPerDay == 0 || p.maxRebaseBpsPerDay > MAX_BPS_PER_DAY) {
            revert CheckpointConfigInvalid("maxRebaseBpsPerDay", p.maxRebaseBpsPerDay);
        }
        // the fee of an instant exit covers what may be unproven: three days' largest rebase, two intervals
        if (3 * uint256(p.maxRebaseBpsPerDay) > config.token.instantExitFeeBps()) {
            revert CheckpointConfigInvalid("maxRebaseBpsPerDay", p.maxRebaseBpsPerDay);
        }
        if (2 * uint256(p.interval) < config.token.instantExitSnapshotAge()) {
            revert CheckpointConfigInvalid("interval", p.interval);
        }
        TOKEN = config.token;
        QUEUE = config.queue;
        VALIDATORS = config.validators;
        IN_FLIGHT = config.inFlight;
        PROOFS = config.proofs;
        WITHDRAWAL_VAULT = config.withdrawalVault;
        EXECUTION_VAULT = config.executionVault;
        _parameters = p;
        _lastCloseAt = uint40(block.timestamp);
    }

    modifier locked() {
        TOKEN.acquireLock();
        _;
        TOKEN.releaseLock();
    }

    modifier onlyValidators() {
        if (msg.sender != address(VALIDATORS)) revert CheckpointCallerNotAllowed(msg.sender);
        _;
    }

    // ---------------------------------------------------------------- open

    /// @inheritdoc ICheckpoints
    function open() external locked returns (Snapshot memory s) {
        uint256 earliest = opensAt();
        if (block.timestamp < earliest) {
            if (_isOpen) revert CheckpointInProgress(earliest);
            revert CheckpointTooEarly(earliest);
        }
        if (_isOpen) emit CheckpointAbandoned(_id);
        (uint64 deposits,, uint64 inFlightGwei) = IN_FLIGHT.inFlight();
        if (inFlightGwei != 0) revert DepositsStillInFlight(inFlightGwei);
        (, uint128 poolEther) = TOKEN.ledger();

        s = Snapshot({
            id: ++_id,
            openedAt: uint40(block.timestamp),
            beaconRoot: PROOFS.beaconRoot(block.timestamp),
            executionBlockHash: blockhash(block.number - 1),
            // all ether there is fits uint128
            ownEther: uint128(TOKEN.ownEther()),
            executionRewards: uint128(address(EXECUTION_VAULT).balance),
            poolEther: poolEther,
            inFlightGwei: inFlightGwei,
            lastDeposit: deposits,
            memberCount: VALIDATORS.memberCount()
        });
        _openedAt = s.openedAt;
        _isOpen = true;
        // slots are written over, never cleared: an open after the first costs no new storage
        _snapshotHash = keccak256(abi.encode(s));
        emit CheckpointOpened(s.id, s);
        TOKEN.markCheckpoint(true);
    }

    // ---------------------------------------------------------------- prove

    /// @inheritdoc ICheckpoints
    function proveState(Snapshot calldata snapshot, StateProof calldata proof)
        external
        locked
        returns (bool void_)
    {
        _requireSnapshot(snapshot);
        if (_stateProvenFor == snapshot.id) revert StateAlreadyProven(snapshot.id);
        PROOFS.verifyState(snapshot.beaconRoot, proof);
        if (proof.executionBlockHash != snapshot.executionBlockHash) {
            _abandon();
            return true;
        }
        _stateProvenFor = snapshot.id;
        _slot = proof.slot;
        _balancesRoot = proof.balancesRoot;
        emit CheckpointStateProven(snapshot.id, proof.slot, proof.balancesRoot);
    }

    /// @inheritdoc ICheckpoints
    function proveBalances(Snapshot calldata snapshot, BalancesProof calldata proof) external locked {
        _requireSnapshot(snapshot);
        if (_stateProvenFor != snapshot.id) revert StateNotProven(snapshot.id);
        Walk memory walk = _walkOf(msg.sender, snapshot.id);
        (uint256 firstWord, uint256 lastWord) = _ends(proof.words);
        if (proof.words.length < 4 || firstWord < walk.nextWord) {
            revert BatchOutOfOrder(firstWord, walk.nextWord);
        }
        (uint64 sumGwei, uint32 count) =
            PROOFS.verifyBalances(_balancesRoot, proof, VALIDATORS.memberWords(proof.words));
        walk.provenGwei += sumGwei;
        walk.provenCount += count;
        // word numbers are read from 4 bytes
        walk.nextWord = uint40(lastWord + 1);
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
        uint256 provenGwei = _requireComplete(snapshot, prover);
        _isOpen = false;
        _lastCloseAt = uint40(block.timestamp);
        // exactly the frozen execution rewards, and all withdrawals: no total moves by it
        if (snapshot.executionRewards != 0) EXECUTION_VAULT.sweep(snapshot.executionRewards);
        WITHDRAWAL_VAULT.sweep();
        (uint256 shares, uint256 poolEther) = _rebase(snapshot, provenGwei);
        // the rate just booked is old, and the next open must wait: nobody leaves at it meanwhile, by neither way
        if (_isOld(snapshot)) TOKEN.pauseExits(uint40(block.timestamp + _parameters.interval));
        uint256 left = poolEther
            - TOKEN.finalizeShares(_sharesToFinalize(snapshot, address(TOKEN).balance, shares, poolEther));
        // all ether there is fits 40 bits of whole ETH
        _closedEther = uint40(left / 1 ether);
    }

    function _rebase(Snapshot calldata snapshot, uint256 provenGwei)
        private
        returns (uint256 sharesAfter, uint256 etherAfter)
    {
        Booked memory b;
        b.elapsed = snapshot.openedAt - TOKEN.lastSnapshotTime();
        (b.recognized, b.reserve) = _recognize(snapshot, provenGwei, b.elapsed);
        (b.sharesBefore, b.etherBefore) = TOKEN.ledger();
        (sharesAfter, etherAfter) = TOKEN.applyRebase(snapshot.openedAt, b.recognized, 0, 0);
        (b.sharesAfter, b.etherAfter) = (sharesAfter, etherAfter);
        // under the cap, execution rewards are known exactly and consensus rewards take the remainder; above it,
        // nothing of the reserve may show as a consensus loss
        uint256 gain = b.recognized > 0 ? uint256(b.recognized) : 0;
        b.executionRewards =
            b.reserve != 0 && gain < snapshot.executionRewards ? gain : snapshot.executionRewards;
        _emitRebased(snapshot.id, b);
    }

    function _emitRebased(uint64 id, Booked memory b) private {
        emit Rebased(
            id,
            _slot,
            b.elapsed,
            b.sharesBefore,
            b.etherBefore,
            b.sharesAfter,
            b.etherAfter,
            b.recognized - int256(b.executionRewards),
            b.executionRewards,
            0,
            b.reserve,
            0
        );
    }

    /// @inheritdoc ICheckpoints
    function previewClose(Snapshot calldata snapshot, address prover)
        external
        view
        returns (Result memory r)
    {
        _requireSnapshot(snapshot);
        uint256 provenGwei = _requireComplete(snapshot, prover);
        (r.recognized, r.reserve) =
            _recognize(snapshot, provenGwei, snapshot.openedAt - TOKEN.lastSnapshotTime());
        (uint256 shares, uint256 poolEther) = TOKEN.ledger();
        r.poolSharesAfter = shares;
        // a loss larger than the pool leaves 0, as the token books it
        int256 after_ = int256(poolEther) + r.recognized;
        r.poolEtherAfter = after_ > 0 ? uint256(after_) : 0;
        uint256 available =
            address(TOKEN).balance + address(WITHDRAWAL_VAULT).balance + snapshot.executionRewards;
        r.sharesToFinalize = _sharesToFinalize(snapshot, available, r.poolSharesAfter, r.poolEtherAfter);
    }

    function _recognize(Snapshot calldata s, uint256 provenGwei, uint256 elapsed)
        private
        view
        returns (int256 recognized, uint256 reserve)
    {
        uint256 total = s.ownEther + (uint256(s.inFlightGwei) + provenGwei) * 1 gwei;
        return CloseMath.recognize(total, s.poolEther, elapsed, _parameters.maxRebaseBpsPerDay);
    }

    /// @dev None when the snapshot is old: exits would leave at a rate that no longer holds. The result is booked anyway.
    function _sharesToFinalize(Snapshot calldata s, uint256 available, uint256 poolShares, uint256 poolEther)
        private
        view
        returns (uint256)
    {
        if (_isOld(s)) return 0;
        return CloseMath.sharesToFinalize(QUEUE.finalizableShares(), available, poolShares, poolEther);
    }

    function _isOld(Snapshot calldata s) private view returns (bool) {
        return block.timestamp > uint256(s.openedAt) + _parameters.maxSnapshotAge;
    }

    // ---------------------------------------------------------------- gate

    /// @inheritdoc ICheckpointGate
    function beforeFunding(bool membersChange) external view onlyValidators {
        if (block.timestamp >= opensAt()) revert FundingWaitsForCheckpoint(opensAt());
        // an unexpired checkpoint can still be closed: its members must stay as they were counted
        if (membersChange && _isOpen) revert CheckpointCanStillClose(_expiresAt());
    }

    /// @inheritdoc ICheckpointGate
    function beforeRemoval() external onlyValidators {
        if (!_isOpen) return;
        if (block.timestamp <= _expiresAt()) revert CheckpointCanStillClose(_expiresAt());
        _abandon();
    }

    /// @inheritdoc ICheckpointGate
    function poolGweiAtClose() external view returns (uint64) {
        return uint64(_closedEther) * 1e9;
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc ICheckpoints
    function parameters() external view returns (Parameters memory) {
        return _parameters;
    }

    /// @inheritdoc ICheckpoints
    function openSnapshotHash() external view returns (bytes32) {
        return _isOpen ? _snapshotHash : bytes32(0);
    }

    /// @inheritdoc ICheckpoints
    function progress(address prover) external view returns (Progress memory) {
        Walk memory walk = _walkOf(prover, _id);
        bool proven = _stateProvenFor == _id;
        return Progress(walk.provenGwei, walk.provenCount, walk.nextWord, proven ? _slot : 0, proven);
    }

    /// @inheritdoc ICheckpoints
    function status() external view returns (uint64 id, uint40 openedAt, uint40 lastCloseAt) {
        return (_id, _openedAt, _lastCloseAt);
    }

    /// @inheritdoc ICheckpoints
    function opensAt() public view returns (uint256) {
        if (_isOpen) return _expiresAt() + 1;
        return uint256(_lastCloseAt) + _parameters.interval;
    }

    // ---------------------------------------------------------------- inside

    function _expiresAt() private view returns (uint256) {
        return uint256(_openedAt) + _parameters.expirySeconds;
    }

    function _requireSnapshot(Snapshot calldata snapshot) private view {
        bytes32 given = keccak256(abi.encode(snapshot));
        bytes32 expected = _isOpen ? _snapshotHash : bytes32(0);
        if (given != expected) revert SnapshotMismatch(expected, given);
    }

    /// @return Sum of all members' balances in gwei.
    function _requireComplete(Snapshot calldata snapshot, address prover) private view returns (uint256) {
        if (_stateProvenFor != snapshot.id) revert StateNotProven(snapshot.id);
        Walk memory walk = _walkOf(prover, snapshot.id);
        if (walk.provenCount != snapshot.memberCount) {
            revert CheckpointIncomplete(walk.provenCount, snapshot.memberCount);
        }
        return walk.provenGwei;
    }

    function _walkOf(address prover, uint64 id) private view returns (Walk memory walk) {
        walk = _walks[prover];
        if (walk.checkpoint != id) walk = Walk(id, 0, 0, 0);
    }

    function _abandon() private {
        _isOpen = false;
        emit CheckpointAbandoned(_id);
        TOKEN.markCheckpoint(false);
    }
}
