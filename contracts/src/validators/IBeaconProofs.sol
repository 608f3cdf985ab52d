// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Validator } from "../types/Ssz.sol";
import { ForkEntry } from "./ForkTable.sol";

/// @param genesisTime Unix time of slot 0.
/// @param secondsPerSlot SECONDS_PER_SLOT.
/// @param slotsPerEpoch SLOTS_PER_EPOCH.
/// @param shardCommitteePeriod Epochs a validator must have been active before it may withdraw or exit.
/// @param slashingsVector EPOCHS_PER_SLASHINGS_VECTOR: epochs from a slashing to its withdrawable epoch.
/// @param genesisValidatorsRoot Root of the validators at genesis: the same in every state of one network only.
struct ChainConstants {
    uint64 genesisTime;
    uint64 secondsPerSlot;
    uint64 slotsPerEpoch;
    uint64 shardCommitteePeriod;
    uint64 slashingsVector;
    bytes32 genesisValidatorsRoot;
}

/// @notice The facts a checkpoint starts from.
/// @param validatorsRoot Root of the list `validators`.
/// @param balancesRoot Root of the list `balances`.
/// @param pendingDepositsRoot Root of the list `pending_deposits`; 0 for a fork that has none.
struct StateProof {
    uint64 slot;
    bytes32 executionBlockHash;
    bytes32 validatorsRoot;
    bytes32 balancesRoot;
    bytes32 pendingDepositsRoot;
    bytes32[] nodes;
}

/// @notice Balances of the members of some words of the membership bitmap.
/// @param length Length of the balances list.
/// @param words Word numbers, 4 bytes big-endian each, strictly ascending. Word w covers validators 256w to 256w + 255.
/// @param chunks The chunks of four balances that hold at least one member, ascending.
struct BalancesProof {
    uint64 length;
    bytes words;
    bytes32[] chunks;
    bytes32[] nodes;
}

/// @notice Some validators, with their balances where `balanceChunks` is not empty.
/// @param timestamp Timestamp of a block; the proof is against the beacon root of that block's parent.
/// @param slot Slot of that parent.
/// @param validatorCount Length of the validators list.
/// @param indices Validator indices, strictly ascending.
/// @param balanceChunks The distinct chunks of four balances the indices lie in, ascending; or none.
struct ValidatorsProof {
    uint64 timestamp;
    uint64 slot;
    uint64 validatorCount;
    uint40[] indices;
    Validator[] validators;
    bytes32[] balanceChunks;
    bytes32[] nodes;
}

/// @notice What some validators did in the epoch before the state's.
/// @param timestamp As in {ValidatorsProof}.
/// @param slot Slot of the state: the last one of an epoch.
/// @param finalizedEpoch `finalized_checkpoint.epoch`.
/// @param validatorCount Length of the validators list and of previous_epoch_participation.
/// @param indices Validator indices, strictly ascending.
/// @param participationChunks The distinct chunks of 32 flag bytes the indices lie in, ascending.
struct ParticipationProof {
    uint64 timestamp;
    uint64 slot;
    uint64 finalizedEpoch;
    uint64 validatorCount;
    uint40[] indices;
    Validator[] validators;
    bytes32[] participationChunks;
    bytes32[] nodes;
}

/// @notice Shows that a proposed entry's indices lead to what they are named after, at the parent of this block.
/// @param slot Slot of the parent.
/// @param finalizedEpoch `finalized_checkpoint.epoch`.
/// @param validatorCount Length of validators, balances and previous_epoch_participation.
/// @param pendingDeposits Length of pending_deposits, at least 1.
/// @param firstDepositSlot `slot` of the first pending deposit.
/// @param indices Indices of validators, strictly ascending: three at least with an effective balance of 16 ETH and more,
/// whoever's, and one at least that is a key of the pool's.
/// @param balanceChunks The distinct chunks of four balances the indices lie in, ascending.
/// @param participationChunk The 32 flag bytes among which the last index's lies.
struct ForkProbe {
    uint64 slot;
    uint64 finalizedEpoch;
    uint64 validatorCount;
    uint64 pendingDeposits;
    uint64 firstDepositSlot;
    uint40[] indices;
    Validator[] validators;
    bytes32[] balanceChunks;
    bytes32 participationChunk;
    bytes32[] nodes;
}

/// @notice Checks facts about the consensus layer against EIP-4788 roots. Strict and fork-aware: every proof shows the
/// slot and the fork version of its state; a state of an unknown fork, or of one not yet probed, is refused.
interface IBeaconProofs {
    /// @notice The entry holds for slots from `firstSlot` on, and refuses them all until it is probed.
    event ForkProposed(uint256 indexed entry, ForkEntry fork);
    /// @notice The entry was shown right at a root of its fork; nothing can change it any more.
    event ForkUsable(uint256 indexed entry, uint64 slot);

    error ChainConstantInvalid(string name);
    error ProofsConfigZero(string field);
    error ProofRootMismatch(bytes32 expected, bytes32 computed);
    error ProofTooOld(uint256 slot, uint256 oldestAllowed);
    error ValidatorIndexInvalid(uint256 index, uint256 validatorCount);
    error IndicesNotAscending(uint256 position);
    error ProofLengthsDiffer(uint256 given, uint256 needed);
    error ProofEmpty();
    error PendingDepositsUnknown(uint256 slot, bytes32 given);
    error BalancesTooLarge(uint256 sumGwei);

    error ForkProposerOnly(address caller);
    error ForkTooSoon(uint256 firstSlot, uint256 earliestSlot);
    error ForkAlreadyUsable(uint256 entry);
    error ProbeDepositsImplausible(uint256 length, uint256 firstSlot);
    error ProbeEpochImplausible(uint256 finalizedEpoch, uint256 stateEpoch);
    error ProbeFlagsImplausible(bytes32 participationChunk);
    error ProbeWithoutOurKey();
    error ProbeTooFewWorking(uint256 working, uint256 needed);
    error ProbeKeyMisplaced(uint256 index, uint256 knownIndex);
    error ProbeCredentialsForeign(uint256 index, bytes32 withdrawalCredentials);
    error ProbeBalanceImplausible(uint256 index, uint256 balanceGwei, uint256 effectiveGwei);

    error ParticipationSlotNotLast(uint256 slot);
    error ParticipationNotFinal(uint256 finalizedEpoch, uint256 oldestAllowed);
    error ParticipationInactive(uint256 index, uint256 epoch);
    error ParticipationSlashed(uint256 index);

    // ---------------------------------------------------------------- clock and table

    /// @return Slot whose time holds `timestamp`.
    function slotAt(uint256 timestamp) external view returns (uint64);
    function currentSlot() external view returns (uint64);
    function currentEpoch() external view returns (uint64);
    function chainConstants() external view returns (ChainConstants memory);
    /// @return Entries of the table, those still unprobed included.
    function forkCount() external view returns (uint256);
    function forkEntry(uint256 entry) external view returns (ForkEntry memory);
    /// @return Whether proofs may use the entry: it was there at deployment, or probed.
    function forkUsable(uint256 entry) external view returns (bool);

    /// @return root Parent beacon block root of the block with this timestamp (EIP-4788), at most 8,191 blocks back.
    function beaconRoot(uint256 timestamp) external view returns (bytes32 root);

    // ---------------------------------------------------------------- changing the table

    /// @notice Adds the entry of a coming fork. Governance only; at least 2 days before its first slot. It takes the
    /// place of an entry that was neither probed nor begun.
    /// @param fork `firstSlot` above that of every other entry; indices of the shape its snapshot rule names.
    function proposeFork(ForkEntry calldata fork) external;

    /// @notice Makes the entry for the proof's slot usable. Anybody's, at the root of this block's parent: under the
    /// entry's indices stand its version, the network's genesis_validators_root, this block's parent hash, lists of one
    /// length, a plausible finalized epoch, a pending deposit, participation flags, and known members with the pool's
    /// credentials, whose balances fit their effective balances.
    /// @dev What it cannot tell apart, because both look alike: previous from current participation, and the finalized
    /// from the previous justified epoch. Neither moves ether of the pool.
    function probeFork(ForkProbe calldata probe) external;

    // ---------------------------------------------------------------- proofs

    /// @notice Checks a state's slot, fork, execution block hash and the roots of three lists against `blockRoot`.
    function verifyState(bytes32 blockRoot, StateProof calldata proof) external view;

    /// @notice Checks a batch of balances against the balances root of a state already verified.
    /// @param members For each word of the proof its bitmap of members, none of them empty.
    /// @return sumGwei Sum of the members' balances.
    /// @return count Number of members.
    function verifyBalances(bytes32 balancesRoot, BalancesProof calldata proof, uint256[] calldata members)
        external
        view
        returns (uint64 sumGwei, uint32 count);

    /// @notice Checks validators, and their balances if the proof has any, at a root at most `maxAge` slots old.
    /// @return balancesGwei For each index its balance; empty without balance chunks.
    function verifyValidators(ValidatorsProof calldata proof, uint64 maxAge)
        external
        view
        returns (uint64[] memory balancesGwei);

    /// @notice Reads previous_epoch_participation (consensus-specs, altair/beacon-chain.md) at an epoch's last slot,
    /// when nothing can be added to it any more, with finality at most 3 epochs old. Each validator must have been
    /// active in that epoch and must not be slashed.
    /// @return flags For each index its flags: bit 0 timely source, bit 1 timely target, bit 2 timely head.
    /// @return epoch The epoch they are of: the one before the state's.
    function verifyParticipation(ParticipationProof calldata proof, uint64 maxAge)
        external
        view
        returns (uint8[] memory flags, uint64 epoch);

    // ---------------------------------------------------------------- single branches

    // Ordinary bottom-up branches, as other projects publish them. They carry neither the header's slot nor the fork
    // version, so `slot` is the caller's word for which entry to read by, and `blockRoot` for what the root is. Nothing
    // in Cairn that moves ether or shares rests on these three.

    /// @notice Checks one validator's container: `branch` leads from it to the block root, its length exactly the depth.
    function verifyValidatorBranch(
        bytes32 blockRoot,
        uint64 slot,
        uint40 index,
        Validator calldata validator,
        bytes32[] calldata branch
    ) external view;

    /// @notice Checks the chunk of four balances that `index` lies in.
    /// @return balanceGwei The index's own.
    function verifyBalanceBranch(
        bytes32 blockRoot,
        uint64 slot,
        uint40 index,
        bytes32 chunk,
        bytes32[] calldata branch
    ) external view returns (uint64 balanceGwei);

    /// @notice Checks a state root: header.state_root, the same in every fork.
    function verifyStateBranch(bytes32 blockRoot, bytes32 stateRoot, bytes32[] calldata branch) external view;
}
