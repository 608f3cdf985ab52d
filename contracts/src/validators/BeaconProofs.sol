// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../types/Multiproof.sol";
import { Ssz } from "../types/Ssz.sol";
import {
    BalancesProof,
    ChainConstants,
    ForkEntry,
    IBeaconProofs,
    PendingDepositsProof,
    StateProof,
    ValidatorsProof
} from "./IBeaconProofs.sol";
import { LibBit } from "solady/utils/LibBit.sol";

/// Owns: the table of forks and how proofs are read.
/// Does not own: what a proven fact means.
/// Trusts: the EIP-4788 contract; that the table it was deployed with is right for the network.
contract BeaconProofs is IBeaconProofs {
    /// @dev EIP-4788.
    address public constant BEACON_ROOTS = 0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02;
    /// @dev BeaconBlockHeader.slot.
    uint256 private constant SLOT_INDEX = 8;
    /// @dev Both lists have room for 2^40 validators: 2^40 roots, and 2^38 chunks of four balances.
    uint256 private constant VALIDATORS_DEPTH = 40;
    uint256 private constant BALANCES_DEPTH = 38;
    uint256 private constant BALANCES_PER_CHUNK = 4;
    uint256 private constant CHUNKS_PER_WORD = 64;
    /// @dev PENDING_DEPOSITS_LIMIT = 2^27 (consensus-specs, electra/beacon-chain.md).
    uint256 private constant PENDING_DEPOSITS_DEPTH = 27;

    uint64 public immutable GENESIS_TIME;
    uint64 public immutable SECONDS_PER_SLOT;
    uint64 public immutable SLOTS_PER_EPOCH;
    uint64 public immutable SHARD_COMMITTEE_PERIOD;
    bytes32 private immutable _NO_PENDING_DEPOSITS;

    ForkEntry[] private _forks;

    constructor(ChainConstants memory constants, ForkEntry[] memory forks) {
        if (constants.genesisTime == 0) revert ChainConstantInvalid("genesisTime");
        if (constants.secondsPerSlot == 0) revert ChainConstantInvalid("secondsPerSlot");
        if (constants.slotsPerEpoch == 0) revert ChainConstantInvalid("slotsPerEpoch");
        GENESIS_TIME = constants.genesisTime;
        SECONDS_PER_SLOT = constants.secondsPerSlot;
        SLOTS_PER_EPOCH = constants.slotsPerEpoch;
        SHARD_COMMITTEE_PERIOD = constants.shardCommitteePeriod;
        _NO_PENDING_DEPOSITS = Ssz.emptyListRoot(PENDING_DEPOSITS_DEPTH);

        if (forks.length == 0) revert ForkTableInvalid(0);
        for (uint256 i; i < forks.length; ++i) {
            if (forks[i].version == 0 && i != 0) revert ForkTableInvalid(i);
            if (i != 0 && forks[i].firstSlot <= forks[i - 1].firstSlot) revert ForkTableInvalid(i);
            _forks.push(forks[i]);
        }
    }

    // ---------------------------------------------------------------- clock and table

    /// @inheritdoc IBeaconProofs
    function slotAt(uint256 timestamp) public view returns (uint64) {
        // a timestamp divided by a slot's length fits 64 bits for 10^11 years
        return uint64((timestamp - GENESIS_TIME) / SECONDS_PER_SLOT);
    }

    /// @inheritdoc IBeaconProofs
    function currentSlot() public view returns (uint64) {
        return slotAt(block.timestamp);
    }

    /// @inheritdoc IBeaconProofs
    function currentEpoch() external view returns (uint64) {
        return currentSlot() / SLOTS_PER_EPOCH;
    }

    /// @inheritdoc IBeaconProofs
    function chainConstants() external view returns (ChainConstants memory) {
        return ChainConstants(GENESIS_TIME, SECONDS_PER_SLOT, SLOTS_PER_EPOCH, SHARD_COMMITTEE_PERIOD);
    }

    /// @inheritdoc IBeaconProofs
    function forkCount() external view returns (uint256) {
        return _forks.length;
    }

    /// @inheritdoc IBeaconProofs
    function forkEntry(uint256 entry) external view returns (ForkEntry memory) {
        return _forks[entry];
    }

    /// @inheritdoc IBeaconProofs
    function beaconRoot(uint256 timestamp) public view returns (bytes32 root) {
        // a system contract without code paths of ours: it only reads its ring of roots
        (bool found, bytes memory data) = BEACON_ROOTS.staticcall(abi.encode(timestamp));
        if (!found || data.length != 32) revert BeaconRootUnavailable(timestamp);
        root = abi.decode(data, (bytes32));
    }

    function _forkAt(uint64 slot) private view returns (ForkEntry memory) {
        // newest first: proofs are about the present
        for (uint256 i = _forks.length; i != 0; --i) {
            if (slot >= _forks[i - 1].firstSlot) return _forks[i - 1];
        }
        revert ForkUnknown(slot);
    }

    // ---------------------------------------------------------------- proofs

    /// @inheritdoc IBeaconProofs
    function verifyState(bytes32 blockRoot, StateProof calldata proof) external view {
        ForkEntry memory fork = _forkAt(proof.slot);
        uint256[] memory indices = new uint256[](4);
        bytes32[] memory leaves = new bytes32[](4);
        (indices[0], leaves[0]) = (fork.currentVersion, fork.version);
        (indices[1], leaves[1]) = (fork.executionBlockHash, proof.executionBlockHash);
        (indices[2], leaves[2]) = (fork.balances, proof.balancesRoot);
        (indices[3], leaves[3]) = (SLOT_INDEX, Ssz.leaf(proof.slot));
        // depths of the first two differ from fork to fork
        if (indices[1] > indices[0]) {
            (indices[0], indices[1]) = (indices[1], indices[0]);
            (leaves[0], leaves[1]) = (leaves[1], leaves[0]);
        }
        _requireRoot(blockRoot, Multiproof.root(indices, leaves, proof.nodes));
    }

    /// @inheritdoc IBeaconProofs
    function verifyBalances(bytes32 balancesRoot, BalancesProof calldata proof, uint256[] calldata members)
        external
        view
        returns (uint64 sumGwei, uint32 count)
    {
        if (members.length == 0) revert ProofEmpty();
        if (proof.words.length != members.length * 4) {
            revert ProofLengthsDiffer(proof.words.length, members.length * 4);
        }
        uint256 chunkCount = proof.chunks.length;
        uint256[] memory indices = new uint256[](chunkCount + 1);
        bytes32[] memory leaves = new bytes32[](chunkCount + 1);
        uint256 position = chunkCount;
        // the walk goes down from the last word, for leaves are wanted in descending order
        for (uint256 i = members.length; i != 0; --i) {
            uint256 word = uint32(bytes4(proof.words[(i - 1) * 4:i * 4]));
            uint256 nextWord =
                i == members.length ? type(uint256).max : uint32(bytes4(proof.words[i * 4:i * 4 + 4]));
            if (word >= nextWord || members[i - 1] == 0) revert IndicesNotAscending(i - 1);
            (sumGwei, position) = _readWord(proof, members[i - 1], word, sumGwei, position, indices, leaves);
            count += uint32(LibBit.popCount(members[i - 1]));
        }
        if (position != 0) revert ProofLengthsDiffer(chunkCount, chunkCount - position);
        (indices[chunkCount], leaves[chunkCount]) = (3, Ssz.leaf(proof.length));
        _requireRoot(balancesRoot, Multiproof.root(indices, leaves, proof.nodes));
    }

    /// @dev Adds up the members' balances of one word and notes the chunks they lie in, from the highest down.
    function _readWord(
        BalancesProof calldata proof,
        uint256 members,
        uint256 word,
        uint64 sumGwei,
        uint256 position,
        uint256[] memory indices,
        bytes32[] memory leaves
    ) private pure returns (uint64, uint256) {
        while (members != 0) {
            uint256 highest = LibBit.fls(members) / BALANCES_PER_CHUNK;
            uint256 index = (word * CHUNKS_PER_WORD + highest) * BALANCES_PER_CHUNK;
            if (position == 0) revert ProofLengthsDiffer(proof.chunks.length, proof.chunks.length + 1);
            bytes32 chunk = proof.chunks[--position];
            uint256 nibble = members >> (highest * BALANCES_PER_CHUNK);
            for (uint256 k; k < BALANCES_PER_CHUNK; ++k) {
                if (nibble >> k & 1 == 0) continue;
                if (index + k >= proof.length) revert ValidatorIndexInvalid(index + k, proof.length);
                sumGwei += Ssz.balanceAt(chunk, k);
            }
            members &= (1 << (highest * BALANCES_PER_CHUNK)) - 1;
            // leaves run the other way round: the last chunk of the proof is the first leaf
            uint256 leafAt = proof.chunks.length - 1 - position;
            indices[leafAt] = (1 << (BALANCES_DEPTH + 1)) + index / BALANCES_PER_CHUNK;
            leaves[leafAt] = chunk;
        }
        return (sumGwei, position);
    }

    /// @inheritdoc IBeaconProofs
    function verifyValidators(ValidatorsProof calldata proof, uint64 maxAge)
        external
        view
        returns (uint64[] memory balancesGwei)
    {
        uint256 oldest = currentSlot();
        oldest = oldest > maxAge ? oldest - maxAge : 0;
        if (proof.slot < oldest) revert ProofTooOld(proof.slot, oldest);
        ForkEntry memory fork = _forkAt(proof.slot);
        uint256 count = proof.indices.length;
        if (count == 0) revert ProofEmpty();
        if (proof.validators.length != count) revert ProofLengthsDiffer(proof.validators.length, count);

        uint256 chunkCount = proof.balanceChunks.length;
        uint256[] memory indices = new uint256[](count + chunkCount + 3);
        bytes32[] memory leaves = new bytes32[](count + chunkCount + 3);
        _readValidators(proof, fork, indices, leaves);
        if (chunkCount != 0) balancesGwei = _readBalances(proof, fork, indices, leaves);
        uint256 at = count + chunkCount;
        (indices[at], leaves[at]) = (fork.currentVersion, fork.version);
        (indices[at + 1], leaves[at + 1]) = (uint256(fork.validators) * 2 + 1, Ssz.leaf(proof.validatorCount));
        (indices[at + 2], leaves[at + 2]) = (SLOT_INDEX, Ssz.leaf(proof.slot));
        _requireRoot(beaconRoot(proof.timestamp), Multiproof.root(indices, leaves, proof.nodes));
    }

    function _readValidators(
        ValidatorsProof calldata proof,
        ForkEntry memory fork,
        uint256[] memory indices,
        bytes32[] memory leaves
    ) private view {
        uint256 count = proof.indices.length;
        uint256 first = uint256(fork.validators) * 2 << VALIDATORS_DEPTH;
        for (uint256 i; i < count; ++i) {
            uint256 index = proof.indices[i];
            if (index >= proof.validatorCount) revert ValidatorIndexInvalid(index, proof.validatorCount);
            if (i != 0 && index <= proof.indices[i - 1]) revert IndicesNotAscending(i);
            indices[count - 1 - i] = first + index;
            leaves[count - 1 - i] = Ssz.validatorRoot(proof.validators[i]);
        }
    }

    function _readBalances(
        ValidatorsProof calldata proof,
        ForkEntry memory fork,
        uint256[] memory indices,
        bytes32[] memory leaves
    ) private pure returns (uint64[] memory balancesGwei) {
        uint256 count = proof.indices.length;
        uint256 chunkCount = proof.balanceChunks.length;
        uint256 first = uint256(fork.balances) * 2 << BALANCES_DEPTH;
        balancesGwei = new uint64[](count);
        uint256 used;
        for (uint256 i; i < count; ++i) {
            uint256 chunk = proof.indices[i] / BALANCES_PER_CHUNK;
            if (i == 0 || chunk != proof.indices[i - 1] / BALANCES_PER_CHUNK) {
                if (used == chunkCount) revert ProofLengthsDiffer(chunkCount, used + 1);
                uint256 at = count + chunkCount - 1 - used;
                (indices[at], leaves[at]) = (first + chunk, proof.balanceChunks[used]);
                ++used;
            }
            balancesGwei[i] =
                Ssz.balanceAt(proof.balanceChunks[used - 1], proof.indices[i] % BALANCES_PER_CHUNK);
        }
        if (used != chunkCount) revert ProofLengthsDiffer(chunkCount, used);
    }

    /// @inheritdoc IBeaconProofs
    function verifyNoPendingDeposits(PendingDepositsProof calldata proof) external view {
        ForkEntry memory fork = _forkAt(proof.slot);
        uint256[] memory indices = new uint256[](3);
        bytes32[] memory leaves = new bytes32[](3);
        (indices[0], leaves[0]) = (fork.currentVersion, fork.version);
        (indices[1], leaves[1]) = (fork.pendingDeposits, _NO_PENDING_DEPOSITS);
        (indices[2], leaves[2]) = (SLOT_INDEX, Ssz.leaf(proof.slot));
        _requireRoot(beaconRoot(proof.timestamp), Multiproof.root(indices, leaves, proof.nodes));
    }

    function _requireRoot(bytes32 expected, bytes32 computed) private pure {
        if (computed != expected) revert ProofRootMismatch(expected, computed);
    }
}
