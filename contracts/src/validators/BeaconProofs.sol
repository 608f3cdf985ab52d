// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalanceChunks } from "../types/BalanceChunks.sol";
import { BeaconRoots } from "../types/BeaconRoots.sol";
import { Leaves } from "../types/Leaves.sol";
import { ListMultiproof } from "../types/ListMultiproof.sol";
import { SingleProof } from "../types/SingleProof.sol";
import { Ssz, Validator } from "../types/Ssz.sol";
import { ForkEntry, ForkTable } from "./ForkTable.sol";
import {
    BalancesProof,
    ChainConstants,
    ForkProbe,
    IBeaconProofs,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "./IBeaconProofs.sol";
import { IValidatorManager } from "./IValidatorManager.sol";
import { RegistryLeaves } from "./RegistryLeaves.sol";
import { StateLists } from "./StateLists.sol";
import { Initializable } from "solady/utils/Initializable.sol";
import { LibBit } from "solady/utils/LibBit.sol";

/// Owns: the table of forks and how proofs are read.
/// Does not own: what a proven fact means; which validators are members.
/// Trusts: the EIP-4788 contract; that the table it was deployed with is right for the network; governance to propose
/// coming forks in time (it can stop proofs with a wrong entry, not bend them); the manager to name members to a probe.
contract BeaconProofs is IBeaconProofs, Initializable {
    using ForkTable for ForkTable.Table;
    using BalanceChunks for BalanceChunks.Reader;
    using Leaves for Leaves.List;
    using RegistryLeaves for Leaves.List;

    /// @dev Seconds from a proposal to its first slot at least: time to look at its indices.
    uint256 public constant FORK_DELAY = 2 days;
    /// @dev Oldest finality, in seconds, at which a probe is made: a fork is looked at on a chain that works.
    uint256 public constant MOST_FINALITY_AGE = 7 days;
    /// @dev BeaconBlockHeader.slot and .state_root.
    uint256 private constant SLOT_INDEX = 8;
    uint256 private constant STATE_INDEX = 11;
    uint256 private constant MEMBERS_PER_WORD = 256;
    /// @dev PendingDeposit.slot: field 4 of 5.
    uint256 private constant DEPOSIT_SLOT_INDEX = 12;
    /// @dev Three flags are defined (consensus-specs, altair/beacon-chain.md): these bits are never set in any byte.
    bytes32 private constant NO_FLAGS = 0xf8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8;
    /// @dev Epochs that finality may lag behind in a participation proof.
    uint256 private constant MOST_EPOCHS_UNFINAL = 3;
    /// @dev An epoch is finalized at the earliest in the state of the second after it.
    uint256 private constant LEAST_EPOCHS_UNFINAL = 2;
    /// @dev Validators that hold something, whoever's, that a probe shows at least.
    uint256 private constant PROBED_VALIDATORS = 3;
    uint256 private constant PROBE_TOLERANCE_GWEI = 2e9;
    /// @dev Least effective balance of those, EJECTION_BALANCE: for an empty one a region of zeros would do.
    uint256 private constant PROBE_LEAST_GWEI = 16e9;
    /// @dev MAX_EFFECTIVE_BALANCE_ELECTRA.
    uint256 private constant MOST_EFFECTIVE_GWEI = 2048e9;

    uint64 public immutable GENESIS_TIME;
    uint64 public immutable SECONDS_PER_SLOT;
    uint64 public immutable SLOTS_PER_EPOCH;
    uint64 public immutable SHARD_COMMITTEE_PERIOD;
    uint64 public immutable SLASHINGS_VECTOR;
    bytes32 public immutable GENESIS_VALIDATORS_ROOT;
    address public immutable GOVERNANCE;
    IValidatorManager public immutable VALIDATORS;

    ForkTable.Table private _forks;

    /// @param governance Who may propose forks.
    /// @param validators Knows the members that a probe shows.
    constructor(ChainConstants memory constants, address governance, IValidatorManager validators) {
        _disableInitializers();
        if (constants.genesisTime == 0) revert ChainConstantInvalid("genesisTime");
        if (constants.secondsPerSlot == 0) revert ChainConstantInvalid("secondsPerSlot");
        if (constants.slotsPerEpoch == 0) revert ChainConstantInvalid("slotsPerEpoch");
        if (constants.slashingsVector == 0) revert ChainConstantInvalid("slashingsVector");
        if (constants.genesisValidatorsRoot == 0) revert ChainConstantInvalid("genesisValidatorsRoot");
        if (governance == address(0)) revert ProofsConfigZero("governance");
        if (address(validators) == address(0)) revert ProofsConfigZero("validators");
        GENESIS_TIME = constants.genesisTime;
        SECONDS_PER_SLOT = constants.secondsPerSlot;
        SLOTS_PER_EPOCH = constants.slotsPerEpoch;
        SHARD_COMMITTEE_PERIOD = constants.shardCommitteePeriod;
        SLASHINGS_VECTOR = constants.slashingsVector;
        GENESIS_VALIDATORS_ROOT = constants.genesisValidatorsRoot;
        GOVERNANCE = governance;
        VALIDATORS = validators;
    }

    /// @notice The forks known at deployment, usable at once: whoever deploys answers for them. The proxy's constructor
    /// only.
    function initialize(ForkEntry[] calldata forks) external initializer {
        if (forks.length == 0) revert ForkTable.ForkTableInvalid(0);
        for (uint256 i; i < forks.length; ++i) {
            _forks.push(forks[i], true);
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
        return ChainConstants(
            GENESIS_TIME,
            SECONDS_PER_SLOT,
            SLOTS_PER_EPOCH,
            SHARD_COMMITTEE_PERIOD,
            SLASHINGS_VECTOR,
            GENESIS_VALIDATORS_ROOT
        );
    }

    /// @inheritdoc IBeaconProofs
    function forkCount() external view returns (uint256) {
        return _forks.count;
    }

    /// @inheritdoc IBeaconProofs
    function forkEntry(uint256 entry) external view returns (ForkEntry memory) {
        return _forks.entries[entry];
    }

    /// @inheritdoc IBeaconProofs
    function forkUsable(uint256 entry) external view returns (bool) {
        return entry < _forks.count && _forks.usable >> entry & 1 != 0;
    }

    /// @inheritdoc IBeaconProofs
    function beaconRoot(uint256 timestamp) public view returns (bytes32) {
        return BeaconRoots.parentRoot(timestamp);
    }

    // ---------------------------------------------------------------- changing the table

    /// @inheritdoc IBeaconProofs
    function proposeFork(ForkEntry calldata fork) external {
        if (msg.sender != GOVERNANCE) revert ForkProposerOnly(msg.sender);
        // the first slot that begins no earlier than the delay ends
        uint64 earliest = slotAt(block.timestamp + FORK_DELAY + SECONDS_PER_SLOT - 1);
        if (fork.firstSlot < earliest) revert ForkTooSoon(fork.firstSlot, earliest);
        _forks.dropUnbegun(currentSlot());
        uint256 entry = _forks.push(fork, false);
        emit ForkProposed(entry, fork);
    }

    /// @inheritdoc IBeaconProofs
    function probeFork(ForkProbe calldata probe) external {
        (uint256 entry, bool isUsable) = _forks.find(probe.slot);
        if (isUsable) revert ForkAlreadyUsable(entry);
        ForkEntry storage fork = _forks.entries[entry];
        Leaves.List memory leaves = Leaves.withRoom(probe.indices.length + probe.balanceChunks.length + 11);
        leaves.addValidators(fork.validators, probe.indices, probe.validators, probe.validatorCount);
        uint64[] memory balancesGwei = leaves.addBalances(fork.balances, probe.indices, probe.balanceChunks);
        _requireValidators(probe, balancesGwei);
        leaves.add(RegistryLeaves.lengthOf(fork.balances), Ssz.leaf(probe.validatorCount));
        _addProbedFlags(leaves, fork, probe);
        if (fork.pendingDeposits != 0) _addProbedDeposit(leaves, fork, probe);
        _requireProbedEpoch(probe);
        leaves.add(fork.finalizedEpoch, Ssz.leaf(probe.finalizedEpoch));
        leaves.add(fork.genesisValidatorsRoot, GENESIS_VALIDATORS_ROOT);
        leaves.add(fork.executionBlockHash, blockhash(block.number - 1));
        _addVersionAndSlot(leaves, fork, probe.slot);
        _requireRoot(beaconRoot(block.timestamp), leaves.root(probe.nodes));
        _forks.markUsable(entry);
        emit ForkUsable(entry, probe.slot);
    }

    /// @dev The list has as many flags as there are validators, and its chunks hold flags: a node of a deeper list with
    /// the same length (balances, inactivity scores) would be a hash.
    function _addProbedFlags(Leaves.List memory leaves, ForkEntry storage fork, ForkProbe calldata probe)
        private
        view
    {
        if (probe.participationChunk & NO_FLAGS != 0) revert ProbeFlagsImplausible(probe.participationChunk);
        uint256 list = fork.previousParticipation;
        uint256 chunk = probe.indices[probe.indices.length - 1] / RegistryLeaves.FLAGS_PER_CHUNK;
        leaves.add(
            RegistryLeaves.elementOf(list, RegistryLeaves.PARTICIPATION_DEPTH, chunk),
            probe.participationChunk
        );
        leaves.add(RegistryLeaves.lengthOf(list), Ssz.leaf(probe.validatorCount));
    }

    /// @dev Only pending_deposits has the shape of this path: the list of pending partial withdrawals has the same limit,
    /// and its being empty would otherwise pass for this one's.
    function _addProbedDeposit(Leaves.List memory leaves, ForkEntry storage fork, ForkProbe calldata probe)
        private
        view
    {
        uint256 length = probe.pendingDeposits;
        if (
            length == 0 || length > 1 << StateLists.PENDING_DEPOSITS_DEPTH
                || probe.firstDepositSlot > probe.slot
        ) {
            revert ProbeDepositsImplausible(length, probe.firstDepositSlot);
        }
        uint256 list = fork.pendingDeposits;
        uint256 first = RegistryLeaves.elementOf(list, StateLists.PENDING_DEPOSITS_DEPTH, 0);
        leaves.add((first << 3) + DEPOSIT_SLOT_INDEX - 8, Ssz.leaf(probe.firstDepositSlot));
        leaves.add(RegistryLeaves.lengthOf(list), Ssz.leaf(probe.pendingDeposits));
    }

    function _requireProbedEpoch(ForkProbe calldata probe) private view {
        uint256 epoch = probe.slot / SLOTS_PER_EPOCH;
        uint256 finalized = probe.finalizedEpoch;
        uint256 mostEpochs = MOST_FINALITY_AGE / (uint256(SECONDS_PER_SLOT) * SLOTS_PER_EPOCH);
        if (finalized + LEAST_EPOCHS_UNFINAL > epoch || finalized + mostEpochs < epoch) {
            revert ProbeEpochImplausible(finalized, epoch);
        }
    }

    /// @dev Their balances are balances, and one at least is a key of the pool's, where it was proven before. Any state of
    /// that key will do, and strangers for the balances: no operator may keep a fork closed by what it does with its keys.
    function _requireValidators(ForkProbe calldata probe, uint64[] memory balancesGwei) private view {
        bytes32 credentials = VALIDATORS.TOKEN().withdrawalCredentials();
        bool known;
        uint256 working;
        for (uint256 i; i < probe.indices.length; ++i) {
            Validator calldata v = probe.validators[i];
            if (!_isPlausible(balancesGwei[i], v.effectiveBalance)) {
                revert ProbeBalanceImplausible(probe.indices[i], balancesGwei[i], v.effectiveBalance);
            }
            // an empty validator would fit a region of zeros
            if (v.effectiveBalance >= PROBE_LEAST_GWEI) ++working;
            if (_isOurs(v, probe.indices[i], credentials)) known = true;
        }
        if (!known) revert ProbeWithoutOurKey();
        if (working < PROBED_VALIDATORS) revert ProbeTooFewWorking(working, PROBED_VALIDATORS);
    }

    function _isOurs(Validator calldata v, uint256 index, bytes32 credentials) private view returns (bool) {
        IValidatorManager.ValidatorRecord memory record = VALIDATORS.validator(v.pubkeyRoot);
        if (
            record.status == IValidatorManager.Status.Unknown
                || record.status == IValidatorManager.Status.Lost
        ) {
            return false;
        }
        // not proven yet: its index is not known, and somebody may have deposited it with other credentials
        if (record.status == IValidatorManager.Status.Predeposited) {
            return v.withdrawalCredentials == credentials;
        }
        if (record.index != index) revert ProbeKeyMisplaced(index, record.index);
        if (v.withdrawalCredentials != credentials) {
            revert ProbeCredentialsForeign(index, v.withdrawalCredentials);
        }
        return true;
    }

    /// @dev The effective balance follows the balance within hysteresis (consensus-specs, phase0/beacon-chain.md,
    /// "Effective balances updates"), up to its maximum.
    function _isPlausible(uint256 balanceGwei, uint256 effectiveGwei) private pure returns (bool) {
        if (effectiveGwei == MOST_EFFECTIVE_GWEI && balanceGwei > MOST_EFFECTIVE_GWEI) return true;
        return balanceGwei + PROBE_TOLERANCE_GWEI >= effectiveGwei
            && effectiveGwei + PROBE_TOLERANCE_GWEI >= balanceGwei;
    }

    // ---------------------------------------------------------------- proofs

    /// @inheritdoc IBeaconProofs
    function verifyState(bytes32 blockRoot, StateProof calldata proof) external view {
        Leaves.List memory leaves = Leaves.withRoom(6);
        ForkEntry storage fork = _forks.entryAt(proof.slot);
        leaves.add(fork.executionBlockHash, proof.executionBlockHash);
        if (fork.pendingDeposits != 0) {
            leaves.add(fork.pendingDeposits, proof.pendingDepositsRoot);
        } else if (proof.pendingDepositsRoot != 0) {
            revert PendingDepositsUnknown(proof.slot, proof.pendingDepositsRoot);
        }
        leaves.add(fork.balances, proof.balancesRoot);
        leaves.add(fork.validators, proof.validatorsRoot);
        _addVersionAndSlot(leaves, fork, proof.slot);
        _requireRoot(blockRoot, leaves.root(proof.nodes));
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
        _requireInList(proof, members);
        uint256[] memory positions;
        bytes32[] memory chunks;
        BalanceChunks.Reader memory reader;
        (positions, chunks, reader) = _readChunks(proof.chunks, proof.words, members);
        uint256 sum = reader.total();
        if (sum > type(uint64).max) revert BalancesTooLarge(sum);
        sumGwei = uint64(sum);
        // 256 members a word at most, and fewer than 2^24 words fit a block's calldata
        count = uint32(reader.count);
        bytes32 data = ListMultiproof.root(positions, chunks, RegistryLeaves.BALANCES_DEPTH, proof.nodes);
        _requireRoot(balancesRoot, Ssz.hashPair(data, Ssz.leaf(proof.length)));
    }

    /// @dev Chunks with their positions from the last to the first, as {ListMultiproof} wants them, and the members' sum.
    function _readChunks(bytes32[] calldata given, bytes calldata words, uint256[] calldata members)
        private
        pure
        returns (uint256[] memory positions, bytes32[] memory chunks, BalanceChunks.Reader memory reader)
    {
        positions = new uint256[](given.length + 1);
        chunks = new bytes32[](given.length);
        uint256 first;
        // reads only where the arrays stand
        assembly ("memory-safe") {
            first := given.offset
            mstore(reader, add(first, shl(5, given.length)))
            mstore(add(reader, 0x20), add(positions, 0x20))
            mstore(add(reader, 0x40), sub(chunks, positions))
        }
        uint256 nextWord = type(uint256).max;
        for (uint256 i = members.length; i != 0;) {
            --i;
            uint256 bits;
            // i is below the length
            assembly ("memory-safe") {
                bits := calldataload(add(members.offset, shl(5, i)))
            }
            uint256 word = _word(words, i);
            if (word >= nextWord || bits == 0) revert IndicesNotAscending(i);
            nextWord = word;
            reader.readWord(bits, word);
            // too few chunks: what was written went past the arrays, and nothing is read any more. Even an offset that
            // went below zero wraps to more than there is.
            unchecked {
                if (reader.chunkAt - first > given.length * 32) {
                    revert ProofLengthsDiffer(given.length, given.length + 1);
                }
            }
        }
        uint256 left = (reader.chunkAt - first) / 32;
        if (left != 0) revert ProofLengthsDiffer(given.length, given.length - left);
    }

    /// @dev The highest member of the highest word: all others lie before it, for words are found to ascend.
    function _requireInList(BalancesProof calldata proof, uint256[] calldata members) private pure {
        uint256 i = members.length - 1; // not empty, as checked
        if (members[i] == 0) revert IndicesNotAscending(i);
        uint256 last = _word(proof.words, i) * MEMBERS_PER_WORD + LibBit.fls(members[i]);
        if (last >= proof.length) revert ValidatorIndexInvalid(last, proof.length);
    }

    /// @dev Word number `i` of the packed list, whose length was checked against it.
    function _word(bytes calldata words, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := shr(224, calldataload(add(words.offset, shl(2, i))))
        }
    }

    /// @inheritdoc IBeaconProofs
    function verifyValidators(ValidatorsProof calldata proof, uint64 maxAge)
        external
        view
        returns (uint64[] memory balancesGwei)
    {
        _requireRecent(proof.slot, maxAge);
        uint256 count = proof.indices.length;
        uint256 chunkCount = proof.balanceChunks.length;
        Leaves.List memory leaves = Leaves.withRoom(count + chunkCount + 3);
        ForkEntry storage fork = _forks.entryAt(proof.slot);
        leaves.addValidators(fork.validators, proof.indices, proof.validators, proof.validatorCount);
        if (chunkCount != 0) {
            balancesGwei = leaves.addBalances(fork.balances, proof.indices, proof.balanceChunks);
        }
        _addVersionAndSlot(leaves, fork, proof.slot);
        _requireRoot(beaconRoot(proof.timestamp), leaves.root(proof.nodes));
    }

    /// @inheritdoc IBeaconProofs
    function verifyParticipation(ParticipationProof calldata proof, uint64 maxAge)
        external
        view
        returns (uint8[] memory flags, uint64 epoch)
    {
        _requireRecent(proof.slot, maxAge);
        epoch = _requireEpochOver(proof.slot, proof.finalizedEpoch);
        uint256 count = proof.indices.length;
        Leaves.List memory leaves = Leaves.withRoom(count + proof.participationChunks.length + 5);
        ForkEntry storage fork = _forks.entryAt(proof.slot);
        leaves.addValidators(fork.validators, proof.indices, proof.validators, proof.validatorCount);
        for (uint256 i; i < count; ++i) {
            Validator calldata v = proof.validators[i];
            if (v.slashed) revert ParticipationSlashed(proof.indices[i]);
            if (v.activationEpoch > epoch || v.exitEpoch <= epoch) {
                revert ParticipationInactive(proof.indices[i], epoch);
            }
        }
        flags = leaves.addFlags(fork.previousParticipation, proof.indices, proof.participationChunks);
        leaves.add(RegistryLeaves.lengthOf(fork.previousParticipation), Ssz.leaf(proof.validatorCount));
        leaves.add(fork.finalizedEpoch, Ssz.leaf(proof.finalizedEpoch));
        _addVersionAndSlot(leaves, fork, proof.slot);
        _requireRoot(beaconRoot(proof.timestamp), leaves.root(proof.nodes));
    }

    /// @dev Only in its last slot is the epoch before over for good: no attestation of it can be included any more, and
    /// the next slot makes the current list the previous one.
    function _requireEpochOver(uint64 slot, uint64 finalizedEpoch) private view returns (uint64) {
        if (slot % SLOTS_PER_EPOCH != SLOTS_PER_EPOCH - 1 || slot < SLOTS_PER_EPOCH) {
            revert ParticipationSlotNotLast(slot);
        }
        uint64 epoch = slot / SLOTS_PER_EPOCH;
        if (uint256(finalizedEpoch) + MOST_EPOCHS_UNFINAL < epoch) {
            revert ParticipationNotFinal(finalizedEpoch, epoch - MOST_EPOCHS_UNFINAL);
        }
        return epoch - 1;
    }

    // ---------------------------------------------------------------- single branches

    /// @inheritdoc IBeaconProofs
    function verifyValidatorBranch(
        bytes32 blockRoot,
        uint64 slot,
        uint40 index,
        Validator calldata validator,
        bytes32[] calldata branch
    ) external view {
        uint256 at = RegistryLeaves.elementOf(
            _forks.entryAt(slot).validators, RegistryLeaves.VALIDATORS_DEPTH, index
        );
        _requireRoot(blockRoot, SingleProof.root(at, Ssz.validatorRoot(validator), branch));
    }

    /// @inheritdoc IBeaconProofs
    function verifyBalanceBranch(
        bytes32 blockRoot,
        uint64 slot,
        uint40 index,
        bytes32 chunk,
        bytes32[] calldata branch
    ) external view returns (uint64) {
        uint256 at = RegistryLeaves.elementOf(
            _forks.entryAt(slot).balances,
            RegistryLeaves.BALANCES_DEPTH,
            index / RegistryLeaves.BALANCES_PER_CHUNK
        );
        _requireRoot(blockRoot, SingleProof.root(at, chunk, branch));
        return Ssz.balanceAt(chunk, index % RegistryLeaves.BALANCES_PER_CHUNK);
    }

    /// @inheritdoc IBeaconProofs
    function verifyStateBranch(bytes32 blockRoot, bytes32 stateRoot, bytes32[] calldata branch)
        external
        view
    {
        _requireRoot(blockRoot, SingleProof.root(STATE_INDEX, stateRoot, branch));
    }

    // ---------------------------------------------------------------- inside

    /// @dev Leaves every proof shows: the state's slot, and its fork's version under the fork's own index.
    function _addVersionAndSlot(Leaves.List memory leaves, ForkEntry storage fork, uint64 slot) private view {
        leaves.add(fork.currentVersion, fork.version);
        leaves.add(SLOT_INDEX, Ssz.leaf(slot));
    }

    function _requireRecent(uint64 slot, uint64 maxAge) private view {
        uint256 oldest = currentSlot();
        oldest = oldest > maxAge ? oldest - maxAge : 0;
        if (slot < oldest) revert ProofTooOld(slot, oldest);
    }

    function _requireRoot(bytes32 expected, bytes32 computed) private pure {
        if (computed != expected) revert ProofRootMismatch(expected, computed);
    }
}
