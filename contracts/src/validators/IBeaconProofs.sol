// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Validator } from "../types/Ssz.sol";

/// @notice Where things stand in a beacon state of one fork, as generalized indices from the beacon BLOCK root.
/// @param version `fork.current_version` of the states it holds for.
/// @param firstSlot First slot it holds for; the next entry's first slot ends it.
struct ForkEntry {
    bytes4 version;
    uint64 firstSlot;
    uint32 currentVersion;
    uint32 executionBlockHash;
    uint32 validators;
    uint32 balances;
    uint32 pendingDeposits;
}

/// @param genesisTime Unix time of slot 0.
/// @param secondsPerSlot SECONDS_PER_SLOT.
/// @param slotsPerEpoch SLOTS_PER_EPOCH.
/// @param shardCommitteePeriod Epochs a validator must have been active before it may withdraw or exit.
struct ChainConstants {
    uint64 genesisTime;
    uint64 secondsPerSlot;
    uint64 slotsPerEpoch;
    uint64 shardCommitteePeriod;
}

/// @notice The facts a checkpoint starts from.
struct StateProof {
    uint64 slot;
    bytes32 executionBlockHash;
    bytes32 balancesRoot;
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

/// @notice Shows that `pending_deposits` was empty.
struct PendingDepositsProof {
    uint64 timestamp;
    uint64 slot;
    bytes32[] nodes;
}

/// @notice Checks facts about the consensus layer against EIP-4788 roots. Strict, fork-aware, and without memory.
/// Every proof shows the slot and the fork version of its state; a state of an unknown fork is refused.
interface IBeaconProofs {
    error ForkTableInvalid(uint256 entry);
    error ChainConstantInvalid(string name);
    error ForkUnknown(uint256 slot);
    error BeaconRootUnavailable(uint256 timestamp);
    error ProofRootMismatch(bytes32 expected, bytes32 computed);
    error ProofTooOld(uint256 slot, uint256 oldestAllowed);
    error ValidatorIndexInvalid(uint256 index, uint256 validatorCount);
    error IndicesNotAscending(uint256 position);
    error ProofLengthsDiffer(uint256 given, uint256 needed);
    error ProofEmpty();

    /// @return Slot whose time holds `timestamp`.
    function slotAt(uint256 timestamp) external view returns (uint64);
    function currentSlot() external view returns (uint64);
    function currentEpoch() external view returns (uint64);
    function chainConstants() external view returns (ChainConstants memory);
    function forkCount() external view returns (uint256);
    function forkEntry(uint256 entry) external view returns (ForkEntry memory);

    /// @return root Parent beacon block root of the block with this timestamp (EIP-4788), at most 8,191 blocks back.
    function beaconRoot(uint256 timestamp) external view returns (bytes32 root);

    /// @notice Checks a state's slot, fork, execution block hash and balances root against `blockRoot`.
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

    /// @notice Checks that no deposit was pending at the proof's slot.
    function verifyNoPendingDeposits(PendingDepositsProof calldata proof) external view;
}
